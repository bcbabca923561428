//! The head of an HTTP/1 request, read strictly: what two readers could read in two ways is refused (RFC 9112).
//!
//! Nothing is kept of it but how long the body is. hyper parses the head again, and of what passes here it can make
//! one thing only.

use crate::refused::Refused;

/// How the end of a body is found (RFC 9112, 6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    /// So many bytes; 0 where there is none.
    Bytes(u64),
    /// In chunks.
    Chunked,
}

/// What headers say that matters here.
#[derive(Default)]
struct Found<'h> {
    host: Option<&'h [u8]>,
    length: Option<u64>,
    chunked: bool,
}

/// Reads `head`, which ends with its empty line and whose lines all end with CR LF.
///
/// # Errors
/// [`Refused`].
pub(crate) fn read(head: &[u8], headers_max: usize) -> Result<Length, Refused> {
    let mut lines = head.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let line = lines.next().unwrap_or_default();
    let (target, is_http_11) = request_line(line)?;
    let mut found = Found::default();
    for (number, line) in lines.take_while(|line| !line.is_empty()).enumerate() {
        if number >= headers_max {
            return Err(Refused::HeaderCount);
        }
        header(line, is_http_11, &mut found)?;
    }
    match (found.host, authority(target)) {
        (None, _) if is_http_11 => return Err(Refused::Host),
        (Some(host), Some(authority)) if !host.eq_ignore_ascii_case(authority) => {
            return Err(Refused::Authority);
        }
        _ => {}
    }
    match (found.length, found.chunked) {
        (Some(_), true) => Err(Refused::TwoLengths),
        (_, true) => Ok(Length::Chunked),
        (length, false) => Ok(Length::Bytes(length.unwrap_or(0))),
    }
}

/// The target, and whether it is HTTP/1.1.
fn request_line(line: &[u8]) -> Result<(&[u8], bool), Refused> {
    if line.iter().any(|byte| byte.is_ascii_control()) {
        return Err(Refused::Control);
    }
    let mut words = line.split(|byte| *byte == b' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(Refused::RequestLine);
    };
    if !is_token(method) {
        return Err(Refused::RequestLine);
    }
    let is_http_11 = match version {
        b"HTTP/1.1" => true,
        b"HTTP/1.0" => false,
        _ if version.starts_with(b"HTTP/") => return Err(Refused::Version),
        _ => return Err(Refused::RequestLine),
    };
    if method == b"CONNECT" {
        return Err(Refused::Tunnel);
    }
    let is_ours = match target {
        b"*" => method == b"OPTIONS",
        [b'/', ..] => true,
        _ => authority(target).is_some_and(is_host),
    };
    if !is_ours || target.contains(&b'#') {
        return Err(Refused::Target);
    }
    Ok((target, is_http_11))
}

/// The authority of a target in absolute form.
fn authority(target: &[u8]) -> Option<&[u8]> {
    let (scheme, rest) = target.split_at_checked(target.iter().position(|byte| *byte == b':')?)?;
    if !(scheme.eq_ignore_ascii_case(b"http") || scheme.eq_ignore_ascii_case(b"https")) {
        return None;
    }
    rest.strip_prefix(b"://")?.split(|byte| matches!(byte, b'/' | b'?' | b'#')).next()
}

fn header<'h>(line: &'h [u8], is_http_11: bool, found: &mut Found<'h>) -> Result<(), Refused> {
    if matches!(line.first(), Some(b' ' | b'\t')) {
        return Err(Refused::Folded);
    }
    let at = line.iter().position(|byte| *byte == b':').ok_or(Refused::HeaderName)?;
    let (name, value) = line.split_at_checked(at).ok_or(Refused::HeaderName)?;
    if !is_token(name) {
        return Err(Refused::HeaderName);
    }
    let value = value.strip_prefix(b":").unwrap_or(value);
    if value.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t') {
        return Err(Refused::Control);
    }
    let value = value.trim_ascii();
    if name.eq_ignore_ascii_case(b"host") {
        if found.host.replace(value).is_some() || !is_host(value) {
            return Err(Refused::Host);
        }
    } else if name.eq_ignore_ascii_case(b"content-length") {
        if found.length.replace(number(value).ok_or(Refused::Length)?).is_some() {
            return Err(Refused::Length);
        }
    } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
        let is_first = !std::mem::replace(&mut found.chunked, true);
        if !(is_first && is_http_11 && value.eq_ignore_ascii_case(b"chunked")) {
            return Err(Refused::TransferEncoding);
        }
    }
    Ok(())
}

/// A decimal number without sign.
fn number(text: &[u8]) -> Option<u64> {
    let is_number = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(text).ok().filter(|_| is_number)?.parse().ok()
}

/// RFC 9110, 5.6.2.
fn is_token(text: &[u8]) -> bool {
    !text.is_empty()
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}

/// A name or an address, and a port perhaps (RFC 3986, 3.2), but no user.
pub(crate) fn is_host(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:[]%".contains(byte))
}
