//! Transformations: what a value is turned into before a rule looks at it.
//!
//! Source: the reference manual of ModSecurity 3, "Transformation functions". Each says whether it changed anything, so
//! that a value which most of them leave alone is looked at once.

mod code;
mod decode;
mod shape;

/// A transformation, by its name in rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Transformation {
    Base64Decode,
    CmdLine,
    CompressWhitespace,
    CssDecode,
    EscapeSeqDecode,
    HexDecode,
    HexEncode,
    HtmlEntityDecode,
    JsDecode,
    Length,
    Lowercase,
    NormalizePath,
    NormalizePathWin,
    RemoveComments,
    RemoveCommentsChar,
    RemoveNulls,
    RemoveWhitespace,
    ReplaceComments,
    ReplaceNulls,
    Sha1,
    Trim,
    TrimLeft,
    TrimRight,
    Uppercase,
    UrlDecode,
    UrlDecodeUni,
    Utf8ToUnicode,
}

impl Transformation {
    /// How many there are.
    pub(crate) const COUNT: usize = Self::Utf8ToUnicode as usize + 1;

    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "base64decode" | "base64decodeext" => Self::Base64Decode,
            "cmdline" => Self::CmdLine,
            "compresswhitespace" => Self::CompressWhitespace,
            "cssdecode" => Self::CssDecode,
            "escapeseqdecode" => Self::EscapeSeqDecode,
            "hexdecode" => Self::HexDecode,
            "hexencode" => Self::HexEncode,
            "htmlentitydecode" => Self::HtmlEntityDecode,
            "jsdecode" => Self::JsDecode,
            "length" => Self::Length,
            "lowercase" => Self::Lowercase,
            "normalisepath" | "normalizepath" => Self::NormalizePath,
            "normalisepathwin" | "normalizepathwin" => Self::NormalizePathWin,
            "removecomments" => Self::RemoveComments,
            "removecommentschar" => Self::RemoveCommentsChar,
            "removenulls" => Self::RemoveNulls,
            "removewhitespace" => Self::RemoveWhitespace,
            "replacecomments" => Self::ReplaceComments,
            "replacenulls" => Self::ReplaceNulls,
            "sha1" => Self::Sha1,
            "trim" => Self::Trim,
            "trimleft" => Self::TrimLeft,
            "trimright" => Self::TrimRight,
            "uppercase" => Self::Uppercase,
            "urldecode" => Self::UrlDecode,
            "urldecodeuni" => Self::UrlDecodeUni,
            "utf8tounicode" => Self::Utf8ToUnicode,
            _ => return None,
        })
    }

    /// What `value` becomes; `None` where it stays as it is.
    pub(crate) fn apply(self, value: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Base64Decode => Some(decode::base64(value)),
            Self::CmdLine => shape::command_line(value),
            Self::CompressWhitespace => shape::compress_whitespace(value),
            Self::CssDecode => code::css(value),
            Self::EscapeSeqDecode => code::escape_sequences(value),
            Self::HexDecode => Some(decode::hex(value)),
            Self::HexEncode => {
                Some(value.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect())
            }
            Self::HtmlEntityDecode => decode::html_entities(value),
            Self::JsDecode => code::javascript(value),
            Self::Length => Some(value.len().to_string().into_bytes()),
            Self::Lowercase => value.iter().any(u8::is_ascii_uppercase).then(|| value.to_ascii_lowercase()),
            Self::NormalizePath => shape::normal_path(value),
            Self::NormalizePathWin => {
                let slashed: Vec<u8> =
                    value.iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect();
                shape::normal_path(&slashed).or_else(|| (slashed != value).then_some(slashed))
            }
            Self::RemoveComments => shape::comments(value, None),
            Self::RemoveCommentsChar => shape::comment_signs(value),
            Self::RemoveNulls => without(value, |byte| byte == 0),
            Self::RemoveWhitespace => shape::remove_whitespace(value),
            Self::ReplaceComments => shape::comments(value, Some(b' ')),
            Self::ReplaceNulls => memchr::memchr(0, value)
                .map(|_| value.iter().map(|byte| if *byte == 0 { b' ' } else { *byte }).collect()),
            Self::Sha1 => Some(decode::sha1(value)),
            Self::Trim => shortened(value, value.trim_ascii()),
            Self::TrimLeft => shortened(value, value.trim_ascii_start()),
            Self::TrimRight => shortened(value, value.trim_ascii_end()),
            Self::Uppercase => value.iter().any(u8::is_ascii_lowercase).then(|| value.to_ascii_uppercase()),
            Self::UrlDecode => decode::url(value),
            Self::UrlDecodeUni => decode::url_unicode(value),
            Self::Utf8ToUnicode => decode::utf8_to_unicode(value),
        }
    }
}

/// `value` without the bytes that are `unwanted`.
fn without(value: &[u8], unwanted: impl Fn(u8) -> bool) -> Option<Vec<u8>> {
    value
        .iter()
        .any(|byte| unwanted(*byte))
        .then(|| value.iter().copied().filter(|byte| !unwanted(*byte)).collect())
}

fn shortened(value: &[u8], shorter: &[u8]) -> Option<Vec<u8>> {
    (shorter.len() < value.len()).then(|| shorter.to_vec())
}

pub(crate) use decode::{url as url_decoded, url_valid};

#[cfg(test)]
mod tests;
