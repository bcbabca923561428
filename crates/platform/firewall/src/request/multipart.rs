//! Forms in parts (RFC 7578): fields, files, headers of parts.

use std::borrow::Cow;

use super::Collections;
use crate::seclang::Collection;
use crate::texts::Texts;

/// Adds every part; whether the body was what its media type says.
pub(super) fn parts<'r>(
    content_type: &'r [u8],
    body: &'r [u8],
    to: &mut Collections<'r>,
    texts: &mut Texts<'r>,
) -> bool {
    let Some(boundary) = parameter(content_type, b"boundary") else { return false };
    let delimiter = [b"--", boundary].concat();
    let mut rest = body;
    let mut seen = false;
    while let Some(start) = memchr::memmem::find(rest, &delimiter) {
        let after = rest.get(start + delimiter.len()..).unwrap_or_default();
        if after.starts_with(b"--") {
            return seen;
        }
        let after = after.strip_prefix(b"\r\n").or_else(|| after.strip_prefix(b"\n")).unwrap_or(after);
        let end = memchr::memmem::find(after, &delimiter);
        let part = after.get(..end.unwrap_or(after.len())).unwrap_or_default();
        add(part, to, texts);
        seen = true;
        rest = after.get(part.len()..).unwrap_or_default();
    }
    // The last delimiter is missing.
    false
}

fn add<'r>(part: &'r [u8], to: &mut Collections<'r>, texts: &mut Texts<'r>) {
    let (head, value) = divided(part);
    let lines = || head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let disposition = lines()
        .find(|line| line.get(..20).is_some_and(|name| name.eq_ignore_ascii_case(b"content-disposition:")))
        .unwrap_or_default();
    let name = parameter(disposition, b"name").unwrap_or_default();
    for line in lines() {
        to.push(Collection::MultipartPartHeaders, Cow::Borrowed(name), Cow::Borrowed(line), texts);
    }
    match parameter(disposition, b"filename") {
        Some(file) => {
            to.push(Collection::Files, Cow::Borrowed(name), Cow::Borrowed(file), texts);
            to.push(Collection::FilesNames, Cow::Borrowed(name), Cow::Borrowed(name), texts);
        }
        None => to.argument(Collection::ArgsPost, Cow::Borrowed(name), Cow::Borrowed(value), texts),
    }
}

/// Headers and content; the line end before the next delimiter belongs to that.
fn divided(part: &[u8]) -> (&[u8], &[u8]) {
    let (at, length) = memchr::memmem::find(part, b"\r\n\r\n")
        .map(|at| (at, 4))
        .or_else(|| memchr::memmem::find(part, b"\n\n").map(|at| (at, 2)))
        .unwrap_or((part.len(), 0));
    let value = part.get(at + length..).unwrap_or_default();
    let value = value.strip_suffix(b"\n").unwrap_or(value);
    (part.get(..at).unwrap_or_default(), value.strip_suffix(b"\r").unwrap_or(value))
}

/// `name` in `…; name="value"`, without its quotes.
fn parameter<'t>(text: &'t [u8], name: &[u8]) -> Option<&'t [u8]> {
    let mut rest = text;
    loop {
        let at = memchr::memchr(b';', rest)?;
        rest = rest.get(at + 1..)?.trim_ascii_start();
        let Some(after) = rest.get(..name.len()).filter(|start| start.eq_ignore_ascii_case(name)) else {
            continue;
        };
        let Some(value) = rest.get(after.len()..)?.trim_ascii_start().strip_prefix(b"=") else { continue };
        let value = value.trim_ascii_start();
        return match value.first() {
            Some(quote @ (b'"' | b'\'')) => {
                let inside = value.get(1..)?;
                let end = inside.iter().enumerate().position(|(at, byte)| {
                    byte == quote && at.checked_sub(1).and_then(|before| inside.get(before)) != Some(&b'\\')
                });
                inside.get(..end.unwrap_or(inside.len()))
            }
            _ => {
                let end = value.iter().position(|byte| *byte == b';').unwrap_or(value.len());
                value.get(..end).map(<[u8]>::trim_ascii)
            }
        };
    }
}
