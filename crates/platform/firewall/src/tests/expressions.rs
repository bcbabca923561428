//! Expressions: their translation, and the texts that they require.

use proptest::prelude::*;

use crate::literals::required;
use crate::operator::Prefilter;
use crate::pattern::{Expression, compile, translate};

/// An expression of PCRE, a text that it matches, one that it does not.
const TABLE: &[(&str, &str, &str)] = &[
    ("a{", "a{", "a"),
    ("a{2}b", "aab", "ab"),
    ("[[(]x", "[x", "x"),
    ("[&&~]", "~", "a"),
    ("[+--]", "-", "*"),
    ("[^]a]", "b", "]"),
    ("[+-\\-]x", ",x", "x"),
    ("[[:alpha:]_]+$", "ab_", "1"),
    ("\\<b\\>", "<b>", "b"),
    ("(?>a+)b", "aab", "ac"),
    ("a++b", "aab", "b"),
    ("\\x{41}[\\x5c]", "A\\", "A/"),
    ("a.b", "a\nb", "ab"),
    ("^余额$", "余额", "余"),
];

#[test]
fn pcre_is_understood() {
    for (pattern, matched, other) in TABLE {
        let expression = compile(pattern).unwrap_or_else(|why| panic!("{pattern}: {why}"));
        assert!(expression.is_match(matched.as_bytes()), "{pattern} on {matched}");
        assert!(!expression.is_match(other.as_bytes()), "{pattern} on {other}");
    }
}

#[test]
fn an_expression_that_gives_up_has_matched() {
    let expression = Expression::compile("^(?:(a+)\\1?)+b").unwrap();
    assert!(expression.is_match(&b"a".repeat(40)));
    assert!(!expression.is_match(b"b"));
}

#[test]
fn required_texts_are_found() {
    let texts = |pattern: &str| {
        required(&translate(pattern))
            .map(|all| all.into_iter().map(|text| String::from_utf8(text).unwrap()).collect::<Vec<_>>())
    };
    assert_eq!(texts("(?i)union\\s+select"), Some(vec!["select".to_owned()]));
    assert_eq!(texts("x.*(?:sleep|benchmark)\\("), Some(vec!["sleep(".to_owned(), "benchmark(".to_owned()]));
    assert_eq!(texts("[\\n\\r]"), Some(vec!["\n".to_owned(), "\r".to_owned()]));
    assert_eq!(texts("^\\d+$"), None);
    assert_eq!(texts("(?:abc)?"), None);
}

/// Expressions of the kinds that rule sets are made of.
fn pattern() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "[a-e]{1,3}",
        "\\[[ab]c\\]",
        Just("\\s".to_owned()),
        Just("[^a]".to_owned()),
        Just(".".to_owned())
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..4).prop_map(|all| all.concat()),
            proptest::collection::vec(inner.clone(), 1..4).prop_map(|all| format!("(?:{})", all.join("|"))),
            (inner.clone(), prop_oneof![Just("?"), Just("*"), Just("+"), Just("{2}")])
                .prop_map(|(inner, times)| format!("(?:{inner}){times}")),
            inner.prop_map(|inner| format!("(?i:{inner})")),
        ]
    })
}

proptest! {
    /// An expression that matches is never passed over: that would be a hole in the wall.
    #[test]
    fn what_matches_is_a_candidate(pattern in pattern(), text in "[a-eA-E \n]{0,20}") {
        let expression = compile(&pattern).unwrap();
        let prefilter = Prefilter::build(&[required(&translate(&pattern))]).unwrap();
        let candidate = prefilter.candidates(text.as_bytes())[0] & 1 == 1;
        prop_assert!(candidate || !expression.is_match(text.as_bytes()), "{} on {:?}", pattern, text);
    }
}
