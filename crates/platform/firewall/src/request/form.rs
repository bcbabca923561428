//! Queries and forms: `a=1&b=2`.

use std::borrow::Cow;

use super::decoded;

/// Names with values, decoded, in order. A name without `=` has an empty value.
pub(super) fn pairs(text: &[u8]) -> impl Iterator<Item = (Cow<'_, [u8]>, Cow<'_, [u8]>)> {
    text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
        let at = memchr::memchr(b'=', pair).unwrap_or(pair.len());
        let (name, value) = pair.split_at_checked(at).unwrap_or((pair, b""));
        (decoded(name), decoded(value.strip_prefix(b"=").unwrap_or(value)))
    })
}
