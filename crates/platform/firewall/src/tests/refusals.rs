//! Rule sets that are refused: each with its place.

use super::sources;
use crate::Rules;

#[test]
fn what_is_not_known_is_refused_with_its_place() {
    for (text, expected) in [
        ("SecRule ARGS \"@frobnicate x\" \"id:1\"", "test.conf:1: the operator `@frobnicate` is not known"),
        ("\n# a comment\nSecRule NOTHING \"x\" \"id:1\"", "test.conf:3: the variable `NOTHING` is not known"),
        ("SecRule ARGS \"x\" \"id:1,t:rot13\"", "test.conf:1: the transformation `t:rot13` is not known"),
        ("SecRule ARGS \"x\" \\\n\"id:1,explode\"", "test.conf:1: the action `explode` is not known"),
        ("SecRule ARGS \"x\"", "test.conf:1: a rule needs an `id`"),
        (
            "SecRule ARGS \"@pmFromFile no.data\" \"id:1\"",
            "test.conf:1: the file of phrases `no.data` is missing",
        ),
        ("SecRule ARGS \"@ipMatch 300.1.1.1\" \"id:1\"", "`300.1.1.1`"),
        ("SecRule ARGS \"(\" \"id:1\"", "unclosed group"),
        ("SecRule XML:/a/b \"x\" \"id:1\"", "only `/*` and `//@*`"),
        ("SecFrobnicate On", "the directive `SecFrobnicate` is not known"),
        ("SecRule ARGS \"x\" \"id:1,phase:9\"", "`9` is no phase"),
    ] {
        let refused = Rules::load(&sources(text)).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(refused.contains(expected), "{text}\n{refused}");
    }
}

#[test]
fn what_would_ask_others_is_left_out_and_said() {
    let rules = Rules::load(&sources("SecRule REMOTE_ADDR \"@rbl dnsbl.example\" \"id:7,phase:2\"")).unwrap();
    assert!(!rules.has(7));
    assert_eq!(rules.inert().iter().map(|inert| inert.id).collect::<Vec<_>>(), [7]);
}
