//! Tests of transformations.

use proptest::prelude::*;

use super::Transformation;

const ALL: [Transformation; Transformation::COUNT] = [
    Transformation::Base64Decode,
    Transformation::CmdLine,
    Transformation::CompressWhitespace,
    Transformation::CssDecode,
    Transformation::EscapeSeqDecode,
    Transformation::HexDecode,
    Transformation::HexEncode,
    Transformation::HtmlEntityDecode,
    Transformation::JsDecode,
    Transformation::Length,
    Transformation::Lowercase,
    Transformation::NormalizePath,
    Transformation::NormalizePathWin,
    Transformation::RemoveComments,
    Transformation::RemoveCommentsChar,
    Transformation::RemoveNulls,
    Transformation::RemoveWhitespace,
    Transformation::ReplaceComments,
    Transformation::ReplaceNulls,
    Transformation::Sha1,
    Transformation::Trim,
    Transformation::TrimLeft,
    Transformation::TrimRight,
    Transformation::Uppercase,
    Transformation::UrlDecode,
    Transformation::UrlDecodeUni,
    Transformation::Utf8ToUnicode,
];

/// Name, value, what becomes of it.
const TABLE: &[(&str, &str, &str)] = &[
    ("lowercase", "SELECT 余额", "select 余额"),
    ("urlDecode", "a%20b+c%zz%4", "a b c%zz%4"),
    ("urlDecodeUni", "%u003cscript%u003e", "<script>"),
    ("urlDecodeUni", "%uff1cscript%uff1e", "<script>"),
    // Not a quotation mark, though its low byte is one.
    ("urlDecodeUni", "%u4e27", "丧"),
    ("utf8toUnicode", "查a", "%u67e5a"),
    ("htmlEntityDecode", "&lt;b&#62;&#x27;&quot;&unknown;", "<b>'\"&unknown;"),
    ("htmlEntityDecode", "&#0000000000000000000060;", "<"),
    ("jsDecode", r"\u0061\x62\143\n\q", "abc\nq"),
    ("cssDecode", r"\6a\61vascript", "javascript"),
    ("cssDecode", "ja\\\nva", "java"),
    ("escapeSeqDecode", r"\x41\102\n\q", "AB\n\\q"),
    ("cmdLine", r#"c^m"d  ,/c"#, "cmd/c"),
    ("compressWhitespace", "a \t\n b", "a b"),
    ("removeWhitespace", "a \t\u{a0}b", "ab"),
    ("removeNulls", "a\0b", "ab"),
    ("replaceComments", "un/* x */ion/*", "un ion "),
    ("removeComments", "un/* x */ion", "union"),
    ("removeCommentsChar", "a/*b--c#d", "abcd"),
    ("normalizePath", "/a//b/./../c", "/a/c"),
    ("normalizePath", "../../etc", "../../etc"),
    ("normalizePathWin", r"\a\..\b", "/b"),
    ("base64Decode", "PHNjcmlwdD4", "<script>"),
    ("hexEncode", "AB", "4142"),
    ("hexDecode", "4142", "AB"),
    ("length", "余额", "6"),
    ("trim", "  a ", "a"),
];

#[test]
fn each_does_what_its_name_says() {
    for (name, value, expected) in TABLE {
        let transformation = Transformation::named(name).unwrap();
        let becomes = transformation.apply(value.as_bytes()).unwrap_or_else(|| value.as_bytes().to_vec());
        assert_eq!(String::from_utf8_lossy(&becomes), *expected, "{name} of {value:?}");
    }
}

proptest! {
    /// What comes from the network may be anything.
    #[test]
    fn none_fails_on_any_bytes(value in proptest::collection::vec(any::<u8>(), 0..200)) {
        for transformation in ALL {
            transformation.apply(&value);
        }
    }

    /// Signs that the decoders look for, in any order.
    #[test]
    fn none_fails_on_escapes(value in "[%&#\\\\ux0-9a-f+;/*.<'\" -]{0,60}") {
        for transformation in ALL {
            transformation.apply(value.as_bytes());
        }
    }
}
