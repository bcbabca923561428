//! What a rule looks at: `ARGS|!ARGS:password|&REQUEST_HEADERS:Host|TX:/^pattern/`.

/// A collection of named values, or one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Collection {
    Args,
    ArgsCombinedSize,
    ArgsGet,
    ArgsGetNames,
    ArgsNames,
    ArgsPost,
    ArgsPostNames,
    Duration,
    /// What is kept between requests, or looked up elsewhere: empty here.
    Empty,
    Files,
    FilesCombinedSize,
    FilesNames,
    MatchedVar,
    MatchedVarName,
    MatchedVars,
    MatchedVarsNames,
    MultipartPartHeaders,
    QueryString,
    RemoteAddr,
    RequestBasename,
    RequestBody,
    RequestBodyError,
    RequestBodyLength,
    RequestBodyProcessor,
    RequestCookies,
    RequestCookiesNames,
    RequestFilename,
    RequestHeaders,
    RequestHeadersNames,
    RequestLine,
    RequestMethod,
    RequestProtocol,
    RequestUri,
    RequestUriRaw,
    Tx,
    UniqueId,
    Xml,
    XmlAttributes,
}

impl Collection {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "ARGS" => Self::Args,
            "ARGS_COMBINED_SIZE" => Self::ArgsCombinedSize,
            "ARGS_GET" => Self::ArgsGet,
            "ARGS_GET_NAMES" => Self::ArgsGetNames,
            "ARGS_NAMES" => Self::ArgsNames,
            "ARGS_POST" => Self::ArgsPost,
            "ARGS_POST_NAMES" => Self::ArgsPostNames,
            "DURATION" => Self::Duration,
            "IP" | "GLOBAL" | "SESSION" | "USER" | "RESOURCE" | "GEO" | "ENV" => Self::Empty,
            "FILES" => Self::Files,
            "FILES_COMBINED_SIZE" => Self::FilesCombinedSize,
            "FILES_NAMES" => Self::FilesNames,
            "MATCHED_VAR" => Self::MatchedVar,
            "MATCHED_VAR_NAME" => Self::MatchedVarName,
            "MATCHED_VARS" => Self::MatchedVars,
            "MATCHED_VARS_NAMES" => Self::MatchedVarsNames,
            "MULTIPART_PART_HEADERS" => Self::MultipartPartHeaders,
            "QUERY_STRING" => Self::QueryString,
            "REMOTE_ADDR" => Self::RemoteAddr,
            "REQUEST_BASENAME" => Self::RequestBasename,
            "REQUEST_BODY" => Self::RequestBody,
            "REQBODY_ERROR" => Self::RequestBodyError,
            "REQUEST_BODY_LENGTH" => Self::RequestBodyLength,
            "REQBODY_PROCESSOR" => Self::RequestBodyProcessor,
            "REQUEST_COOKIES" => Self::RequestCookies,
            "REQUEST_COOKIES_NAMES" => Self::RequestCookiesNames,
            "REQUEST_FILENAME" => Self::RequestFilename,
            "REQUEST_HEADERS" => Self::RequestHeaders,
            "REQUEST_HEADERS_NAMES" => Self::RequestHeadersNames,
            "REQUEST_LINE" => Self::RequestLine,
            "REQUEST_METHOD" => Self::RequestMethod,
            "REQUEST_PROTOCOL" => Self::RequestProtocol,
            "REQUEST_URI" => Self::RequestUri,
            "REQUEST_URI_RAW" => Self::RequestUriRaw,
            "TX" => Self::Tx,
            "UNIQUE_ID" => Self::UniqueId,
            "XML" => Self::Xml,
            _ => return None,
        })
    }

    /// Whether it is known from the request alone.
    pub(crate) const fn is_of_the_request(self) -> bool {
        !matches!(
            self,
            Self::Tx | Self::MatchedVar | Self::MatchedVarName | Self::MatchedVars | Self::MatchedVarsNames
        )
    }

    /// Its name in rules.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Args => "ARGS",
            Self::ArgsCombinedSize => "ARGS_COMBINED_SIZE",
            Self::ArgsGet => "ARGS_GET",
            Self::ArgsGetNames => "ARGS_GET_NAMES",
            Self::ArgsNames => "ARGS_NAMES",
            Self::ArgsPost => "ARGS_POST",
            Self::ArgsPostNames => "ARGS_POST_NAMES",
            Self::Duration => "DURATION",
            Self::Files => "FILES",
            Self::FilesCombinedSize => "FILES_COMBINED_SIZE",
            Self::FilesNames => "FILES_NAMES",
            Self::MatchedVar => "MATCHED_VAR",
            Self::MatchedVarName => "MATCHED_VAR_NAME",
            Self::MatchedVars => "MATCHED_VARS",
            Self::MatchedVarsNames => "MATCHED_VARS_NAMES",
            Self::MultipartPartHeaders => "MULTIPART_PART_HEADERS",
            Self::QueryString => "QUERY_STRING",
            Self::RemoteAddr => "REMOTE_ADDR",
            Self::RequestBasename => "REQUEST_BASENAME",
            Self::RequestBody => "REQUEST_BODY",
            Self::RequestBodyError => "REQBODY_ERROR",
            Self::RequestBodyLength => "REQUEST_BODY_LENGTH",
            Self::RequestBodyProcessor => "REQBODY_PROCESSOR",
            Self::RequestCookies => "REQUEST_COOKIES",
            Self::RequestCookiesNames => "REQUEST_COOKIES_NAMES",
            Self::RequestFilename => "REQUEST_FILENAME",
            Self::RequestHeaders => "REQUEST_HEADERS",
            Self::RequestHeadersNames => "REQUEST_HEADERS_NAMES",
            Self::RequestLine => "REQUEST_LINE",
            Self::RequestMethod => "REQUEST_METHOD",
            Self::RequestProtocol => "REQUEST_PROTOCOL",
            Self::RequestUri => "REQUEST_URI",
            Self::RequestUriRaw => "REQUEST_URI_RAW",
            Self::Tx => "TX",
            Self::UniqueId => "UNIQUE_ID",
            Self::Xml => "XML",
            Self::Empty => "",
            Self::XmlAttributes => "XML",
        }
    }
}

/// Which of a collection.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Selector {
    All,
    /// By name, which is compared without regard to case.
    Named(String),
    /// By a regular expression over names.
    Matching(String),
}

/// Part of what a rule looks at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    pub(crate) collection: Collection,
    pub(crate) selector: Selector,
    /// How many there are, rather than what they are.
    pub(crate) count: bool,
}

/// What a rule looks at, and what of it not.
#[derive(Debug, Clone, Default)]
pub(crate) struct Targets {
    pub(crate) included: Vec<Target>,
    pub(crate) excluded: Vec<Target>,
}

impl Targets {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut targets = Self::default();
        for part in parts(text) {
            let (excluded, part) = part.strip_prefix('!').map_or((false, part), |part| (true, part));
            let target = Target::parse(part)?;
            if excluded { &mut targets.excluded } else { &mut targets.included }.push(target);
        }
        Ok(targets)
    }
}

impl Target {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (count, text) = text.strip_prefix('&').map_or((false, text), |text| (true, text));
        let (name, selector) =
            text.split_once(':').map_or((text, None), |(name, selector)| (name, Some(selector)));
        let name = name.trim().to_ascii_uppercase();
        let collection =
            Collection::named(&name).ok_or_else(|| format!("the variable `{name}` is not known"))?;
        if collection == Collection::Xml {
            return match selector {
                Some("/*") => Ok(Self { collection, selector: Selector::All, count }),
                Some("//@*") => {
                    Ok(Self { collection: Collection::XmlAttributes, selector: Selector::All, count })
                }
                _ => Err(format!("of XML only `/*` and `//@*` can be looked at, not `{text}`")),
            };
        }
        let selector = selector.map_or(Selector::All, |selector| {
            let bare = selector.trim_matches('\'');
            match bare.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
                Some(pattern) if !pattern.is_empty() => Selector::Matching(pattern.to_owned()),
                _ => Selector::Named(bare.to_ascii_lowercase()),
            }
        });
        Ok(Self { collection, selector, count })
    }
}

/// Between `|`, but not within a regular expression.
fn parts(text: &str) -> Vec<&str> {
    let (mut all, mut start, mut within) = (Vec::new(), 0, false);
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let after = bytes.get(at + 1);
        match byte {
            b'/' if !within && matches!(before, Some(b':' | b'\'')) => {
                within = !matches!(after, Some(b'*' | b'/'))
            }
            b'/' if within && before != Some(&b'\\') && matches!(after, None | Some(b'|' | b'\'')) => {
                within = false
            }
            b'|' | b',' if !within => {
                all.extend(text.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    all.extend(text.get(start..));
    all.retain(|part| !part.trim().is_empty());
    all
}
