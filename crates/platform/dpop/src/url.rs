//! Whether two URLs are the same, query and fragment aside (RFC 9449 section 4.3, RFC 3986 sections 6.2.2 and 6.2.3).

/// Whether the URL of a proof is that of a request to `path` (as it came, without query) at one of `origins`.
pub(crate) fn is_same(url: &str, path: &str, origins: &[&str]) -> bool {
    let Some((own_origin, own_path)) = split(url) else { return false };
    let (Some(own_origin), Some(own_path)) = (normal_origin(own_origin), normal_path(own_path)) else {
        return false;
    };
    // A client resolves dots before it asks. Dots in the request stay: by them we and the router could understand
    // different paths, and a path with dots is never the same as one without.
    normal_percent(path).is_some_and(|asked| asked == without_dots(&own_path))
        && origins.iter().any(|origin| normal_origin(origin).is_some_and(|origin| origin == own_origin))
}

/// Origin (`https://host:port`) and path of a URL, without query and fragment.
fn split(url: &str) -> Option<(&str, &str)> {
    let url = url.split(['?', '#']).next()?;
    let host_at = url.find("://")?.checked_add(3)?;
    let path_at =
        url.get(host_at..)?.find('/').map_or(Some(url.len()), |slash| host_at.checked_add(slash))?;
    url.split_at_checked(path_at)
}

/// An origin in lower case and without the port that its scheme implies; `None` where it is none, or names a user.
fn normal_origin(origin: &str) -> Option<String> {
    let (scheme, authority) = origin.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let port_implied = match scheme.as_str() {
        "https" => "443",
        "http" => "80",
        _ => return None,
    };
    let end = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    let colon = authority.get(end..)?.find(':').map_or(authority.len(), |colon| end + colon);
    let (host, port) = authority.split_at_checked(colon)?;
    let port = port.strip_prefix(':').unwrap_or("");
    if !is_host(host) {
        return None;
    }
    let host = host.to_ascii_lowercase();
    Some(if port.is_empty() || port == port_implied {
        format!("{scheme}://{host}")
    } else {
        format!("{scheme}://{host}:{port}")
    })
}

fn is_host(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
            !host.is_empty() && host.bytes().all(is_of_name)
        }
    }
}

/// A path in which an empty one is the root.
fn normal_path(path: &str) -> Option<String> {
    normal_percent(if path.is_empty() { "/" } else { path })
}

/// An absolute path in which whatever needs no percent sign has none, and what needs one has upper case; `None` where
/// it is no path.
fn normal_percent(path: &str) -> Option<String> {
    if !path.starts_with('/') {
        return None;
    }
    let mut normal = String::with_capacity(path.len());
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let digits = [bytes.next()?, bytes.next()?].map(char::from);
                let digit = |digit: char| digit.to_digit(16).and_then(|value| u8::try_from(value).ok());
                let [high, low] = digits.map(digit);
                let meant = char::from(high? << 4 | low?);
                if meant.is_ascii_alphanumeric() || "-._~".contains(meant) {
                    normal.push(meant);
                } else {
                    normal.push('%');
                    normal.extend(digits.map(|digit| digit.to_ascii_uppercase()));
                }
            }
            // To some readers it is a slash.
            b'\\' => return None,
            _ if byte.is_ascii_graphic() => normal.push(char::from(byte)),
            _ => return None,
        }
    }
    Some(normal)
}

fn is_dots(segment: &str) -> bool {
    matches!(segment, "." | "..")
}

/// An absolute path with its dots resolved (RFC 3986 section 5.2.4).
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        if segment == ".." {
            kept.pop();
        }
        if !is_dots(segment) {
            kept.push(segment);
        } else if segments.peek().is_none() {
            kept.push("");
        }
    }
    format!("/{}", kept.join("/"))
}
