//! Blanks, comments, paths, command lines.

use super::without;

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

/// Where a blank of two bytes (U+00A0 in UTF-8) begins at `at`.
fn wide_blank(value: &[u8], at: usize) -> bool {
    matches!(value.get(at..), Some([0xc2, 0xa0, ..]))
}

pub(super) fn remove_whitespace(value: &[u8]) -> Option<Vec<u8>> {
    if memchr::memmem::find(value, b"\xc2\xa0").is_none() {
        return without(value, is_blank);
    }
    let mut kept = Vec::with_capacity(value.len());
    let mut at = 0;
    while let Some(byte) = value.get(at) {
        if wide_blank(value, at) {
            at += 2;
            continue;
        }
        if !is_blank(*byte) {
            kept.push(*byte);
        }
        at += 1;
    }
    Some(kept)
}

/// Each run of blanks becomes one space.
pub(super) fn compress_whitespace(value: &[u8]) -> Option<Vec<u8>> {
    let odd = |pair: &[u8]| matches!(pair, [one, two] if is_blank(*one) && is_blank(*two));
    let changes = value.iter().any(|byte| is_blank(*byte) && *byte != b' ') || value.windows(2).any(odd);
    changes.then(|| {
        let mut kept: Vec<u8> = Vec::with_capacity(value.len());
        for byte in value {
            match (is_blank(*byte), kept.last()) {
                (true, Some(b' ')) => {}
                (true, _) => kept.push(b' '),
                (false, _) => kept.push(*byte),
            }
        }
        kept
    })
}

/// What shells of Windows and Unix pass over is taken out, and blanks are one.
pub(super) fn command_line(value: &[u8]) -> Option<Vec<u8>> {
    let mut line: Vec<u8> = Vec::with_capacity(value.len());
    for byte in value {
        match byte {
            b'"' | b'\'' | b'\\' | b'^' => {}
            b' ' | b',' | b';' | b'\t' | b'\n' | b'\r' => {
                if line.last() != Some(&b' ') {
                    line.push(b' ');
                }
            }
            b'/' | b'(' => {
                if line.last() == Some(&b' ') {
                    line.pop();
                }
                line.push(*byte);
            }
            _ => line.push(byte.to_ascii_lowercase()),
        }
    }
    (line != value).then_some(line)
}

/// Comments of C, SQL and HTML: `/* … */` becomes `instead` (or nothing), one that does not end goes on to the end.
pub(super) fn comments(value: &[u8], instead: Option<u8>) -> Option<Vec<u8>> {
    memchr::memmem::find(value, b"/*")?;
    let mut kept = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some(start) = memchr::memmem::find(rest, b"/*") {
        kept.extend_from_slice(rest.get(..start).unwrap_or_default());
        kept.extend(instead);
        let inside = rest.get(start + 2..).unwrap_or_default();
        rest = memchr::memmem::find(inside, b"*/").and_then(|end| inside.get(end + 2..)).unwrap_or_default();
    }
    kept.extend_from_slice(rest);
    Some(kept)
}

/// `/*`, `*/`, `--`, `#`, `<!--`, `-->` are taken out, what stands between them stays.
pub(super) fn comment_signs(value: &[u8]) -> Option<Vec<u8>> {
    const SIGNS: [&[u8]; 6] = [b"<!--", b"-->", b"/*", b"*/", b"--", b"#"];
    let mut kept = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((byte, after)) = rest.split_first() {
        match SIGNS.iter().find_map(|sign| rest.strip_prefix(*sign)) {
            Some(beyond) => rest = beyond,
            None => {
                kept.push(*byte);
                rest = after;
            }
        }
    }
    (kept.len() < value.len()).then_some(kept)
}

/// A path without empty segments, `.` and, where something stands before them, `..`.
pub(super) fn normal_path(value: &[u8]) -> Option<Vec<u8>> {
    let odd = |needle: &[u8]| memchr::memmem::find(value, needle).is_some();
    if !odd(b"//") && !odd(b"./") && !odd(b"/.") && !matches!(value, b"." | b"..") {
        return None;
    }
    let absolute = value.first() == Some(&b'/');
    let mut segments: Vec<&[u8]> = Vec::new();
    let all: Vec<&[u8]> = value.split(|byte| *byte == b'/').collect();
    let mut directory = false;
    for segment in &all {
        directory = matches!(*segment, b"" | b"." | b"..");
        match *segment {
            b"" | b"." => {}
            b".." => match segments.last() {
                Some(last) if *last != b".." => {
                    segments.pop();
                }
                _ if absolute => {}
                _ => segments.push(b".."),
            },
            segment => segments.push(segment),
        }
    }
    let mut path = Vec::with_capacity(value.len());
    if absolute {
        path.push(b'/');
    }
    path.extend_from_slice(&segments.join(&b'/'));
    if directory
        && path.last().is_some_and(|last| *last != b'/')
        && segments.last() != Some(&b"..".as_slice())
    {
        path.push(b'/');
    }
    (path != value).then_some(path)
}
