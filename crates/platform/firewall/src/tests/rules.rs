//! What rules match, and what becomes of the request.

use super::{JSON, inspect, post, rules, sources};
use crate::{Exclusion, Mode, Request, Rules};

/// A rule, a target, a body of JSON, and whether the rule matches.
const TABLE: &[(&str, &str, &str, bool)] = &[
    (r#"SecRule ARGS "@rx (?i)union\s+select" "id:1""#, "/", r#"{"memo":"UNION  SELECT"}"#, true),
    (r#"SecRule ARGS "@rx (?i)union\s+select" "id:1""#, "/", r#"{"memo":"工会选举"}"#, false),
    (r#"SecRule ARGS:json.memo "@contains a" "id:1""#, "/", r#"{"other":"a","memo":"b"}"#, false),
    (r#"SecRule ARGS|!ARGS:json.memo "@contains a" "id:1""#, "/", r#"{"memo":"a"}"#, false),
    (r#"SecRule ARGS:/^json\.m/ "@contains a" "id:1""#, "/", r#"{"memo":"a"}"#, true),
    (r#"SecRule ARGS_NAMES "@streq json.list.1" "id:1""#, "/", r#"{"list":["a","b"]}"#, true),
    (r#"SecRule &ARGS "@gt 2" "id:1""#, "/?a=1&b=2", r#"{"c":3}"#, true),
    (r#"SecRule ARGS_GET "@streq a b" "id:1""#, "/?x=a%20b", "{}", true),
    (r#"SecRule ARGS "@pm sleep( benchmark(" "id:1""#, "/?x=SLEEP(1)", "{}", true),
    (r#"SecRule ARGS "@pmFromFile words.data" "id:1""#, "/?x=a;xp_cmdshell", "{}", true),
    (r#"SecRule ARGS "@pmFromFile words.data" "id:1""#, "/?x=comment", "{}", false),
    (r#"SecRule ARGS "!@within GET POST" "id:1""#, "/?x=PUT", "{}", true),
    (r#"SecRule ARGS "@detectSQLi" "id:1""#, "/?x=1'%20or%20'1'='1", "{}", true),
    (r#"SecRule ARGS "@detectSQLi" "id:1""#, "/?x=%E4%BD%A0%E5%A5%BD%201%20or%20so", "{}", false),
    (r#"SecRule ARGS "@detectXSS" "id:1""#, "/?x=<script>alert(1)</script>", "{}", true),
    (r#"SecRule ARGS "@validateByteRange 32-126" "id:1""#, "/?x=%01", "{}", true),
    (r#"SecRule ARGS "@validateUtf8Encoding" "id:1""#, "/?x=%c0%af", "{}", true),
    (r#"SecRule QUERY_STRING "@validateUrlEncoding" "id:1""#, "/?x=%zz", "{}", true),
    (r#"SecRule REMOTE_ADDR "@ipMatch 127.0.0.0/8,::1" "id:1""#, "/", "{}", true),
    (r#"SecRule REQUEST_FILENAME "@endsWith /passwd" "id:1""#, "/etc/passwd?x", "{}", true),
    (r#"SecRule REQUEST_HEADERS:Host "@streq bank.example" "id:1,phase:1""#, "/", "{}", true),
    (r#"SecRule REQUEST_LINE "@beginsWith POST /a" "id:1,phase:1""#, "/a", "{}", true),
    (
        r#"SecRule ARGS "@streq <b>" "id:1,t:none,t:urlDecodeUni,t:htmlEntityDecode""#,
        "/?x=%2526lt;b%2526gt;",
        "{}",
        true,
    ),
    (r#"SecRule ARGS "@streq a" "id:1,t:lowercase,t:none""#, "/?x=A", "{}", false),
    (r#"SecRule ARGS "@rx ^(a)\1(?!b)" "id:1""#, "/?x=aac", "{}", true),
    (r#"SecRule ARGS "@rx ^(a)\1(?!b)" "id:1""#, "/?x=aab", "{}", false),
    (r#"SecRule ARGS "@rx %3c" "id:1,multiMatch,t:urlDecode""#, "/?x=%253c", "{}", true),
    ("SecRule ARGS \"@streq a\" \"id:1,chain\"\nSecRule ARGS:b \"@streq c\"", "/?a=a&b=c", "{}", true),
    ("SecRule ARGS \"@streq a\" \"id:1,chain\"\nSecRule ARGS:b \"@streq c\"", "/?a=a&b=d", "{}", false),
    (
        "SecAction \"id:9,phase:1,setvar:'tx.sets=utf-8|gbk'\"\nSecRule ARGS \"!@rx ^(?:%{tx.sets})$\" \"id:1\"",
        "/?a=gbk&b=utf-8",
        "{}",
        false,
    ),
    (
        "SecAction \"id:9,phase:1,setvar:'tx.sets=utf-8|gbk'\"\nSecRule ARGS \"!@rx ^(?:%{tx.sets})$\" \"id:1\"",
        "/?a=big5",
        "{}",
        true,
    ),
    ("SecRule ARGS \"@rx ^(..)\" \"id:1,capture,chain\"\nSecRule TX:1 \"@streq ab\"", "/?a=abc", "{}", true),
    (
        "SecRule ARGS \"@streq a\" \"id:1,chain\"\nSecRule MATCHED_VARS_NAMES \"@streq ARGS:q\"",
        "/?q=a",
        "{}",
        true,
    ),
];

#[test]
fn rules_match_what_they_say() {
    for (text, target, body, expected) in TABLE {
        let findings = inspect(text, &post(target, JSON, body));
        assert_eq!(findings.has(1), *expected, "{text}\n{target} {body}");
    }
}

const SCORING: &str = r#"
SecRule ARGS "@contains evil" "id:1,phase:2,block,msg:'Evil',severity:CRITICAL,setvar:'tx.anomaly_score=+%{tx.points}'"
SecRule TX:LEVEL "@lt 2" "id:2,phase:2,pass,nolog,skipAfter:END"
SecRule ARGS "@contains odd" "id:3,phase:2,block,msg:'Odd',setvar:'tx.anomaly_score=+1'"
SecMarker END
SecRule TX:ANOMALY_SCORE "@ge 5" "id:9,phase:2,deny,status:403,msg:'Too much'"
SecAction "id:10,phase:2,pass,nolog"
"#;

#[test]
fn points_add_up_to_a_refusal() {
    let rules = rules(SCORING);
    let at = |level: &str, mode, target| {
        let policy = rules.policy(mode, &[("points", "3"), ("level", level)], &[]).unwrap();
        rules.inspect(&post(target, JSON, "{}"), &policy)
    };
    // One is not enough; two are.
    assert_eq!(at("1", Mode::Block, "/?a=evil").refused_by, None);
    let refused = at("1", Mode::Block, "/?a=evil&b=evil");
    assert_eq!((refused.score, refused.refused_by), (6, Some((9, 403))));
    assert_eq!(refused.found.iter().map(|found| found.rule).collect::<Vec<_>>(), [1, 9]);
    assert!(!refused.has(10), "nothing is applied after a refusal");
    // A stricter level applies more rules.
    assert_eq!(at("1", Mode::Block, "/?a=evil&b=odd").score, 3);
    assert_eq!(at("2", Mode::Block, "/?a=evil&b=odd&c=odd").refused_by, Some((9, 403)));
    // Where it only tells, it goes on, and says what it would have done.
    let told = at("1", Mode::Detect, "/?a=evil&b=evil");
    assert_eq!(told.refused_by, Some((9, 403)));
    assert!(told.has(10) && !told.is_refused && refused.is_refused);
}

#[test]
fn what_is_excluded_is_not_applied() {
    let rules = rules(SCORING);
    let found = |rules_of: &str, target: Option<&str>| {
        let exclusion = Exclusion { rules: rules_of.to_owned(), target: target.map(str::to_owned) };
        let policy = rules.policy(Mode::Block, &[("points", "3"), ("level", "2")], &[exclusion]).unwrap();
        rules.inspect(&post("/?a=evil&b=odd", JSON, "{}"), &policy).matched.len()
    };
    assert_eq!(found("3", Some("ARGS:c")), 3, "evil, odd, and what always matches");
    assert_eq!(found("1", None), 2);
    assert_eq!(found("1-2", None), 2);
    assert_eq!(found("1", Some("ARGS:a")), 2);
    let nothing = Exclusion { rules: "777".to_owned(), target: None };
    assert!(rules.policy(Mode::Block, &[], &[nothing]).is_err());
}

#[test]
fn bodies_are_read_by_their_media_type() {
    let rule = r#"SecRule ARGS|XML:/*|XML://@*|FILES "@contains evil" "id:1,phase:2""#;
    let bodies: [(&[u8], &str, bool); 9] = [
        (b"application/x-www-form-urlencoded", "a=%65vil", true),
        (b"application/json", r#"{"a":{"b":["\u0065vil"]}}"#, true),
        (b"application/merge-patch+json", r#"{"a":"evil"}"#, true),
        (b"text/xml", "<a><b>ev</b>il</a>", true),
        (b"text/xml", "<a b='&#101;vil'/>", true),
        (b"text/xml", "<a><!-- evil --></a>", false),
        (
            b"multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nevil\r\n--x--",
            true,
        ),
        (
            b"multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=a; filename=\"evil.sh\"\r\n\r\n\r\n--x--",
            true,
        ),
        (b"text/plain", "evil", false),
    ];
    for (media, body, expected) in bodies {
        let headers = [("content-type", media)];
        assert_eq!(inspect(rule, &post("/", &headers, body)).has(1), expected, "{body}");
    }
}

#[test]
fn a_body_that_is_not_what_it_says_is_told() {
    let rule = r#"SecRule REQBODY_ERROR "@eq 1" "id:1,phase:2""#;
    for body in ["{", "{\"a\":1} {", "[[[", ""] {
        assert!(inspect(rule, &post("/", JSON, body)).has(1), "{body}");
    }
    let deep = "[".repeat(100_000);
    assert!(inspect(rule, &post("/", JSON, &deep)).has(1));
}

#[test]
fn rules_can_be_taken_out_by_rules() {
    let text = r#"
SecRule REQUEST_FILENAME "@streq /chat" "id:1,phase:1,pass,nolog,ctl:ruleRemoveTargetById=5;ARGS:json.text,ctl:ruleRemoveByTag=loud"
SecRule ARGS "@contains evil" "id:5,phase:2"
SecRule ARGS "@contains evil" "id:6,phase:2,tag:'loud'"
"#;
    let found = |target, body| {
        let findings = inspect(text, &post(target, JSON, body));
        (findings.has(5), findings.has(6))
    };
    assert_eq!(found("/chat", r#"{"text":"evil"}"#), (false, false));
    assert_eq!(found("/chat", r#"{"other":"evil"}"#), (true, false));
    assert_eq!(found("/pay", r#"{"text":"evil"}"#), (true, true));
}

#[test]
fn cookies_and_repeated_headers_are_seen() {
    let headers: [(&str, &[u8]); 3] = [("cookie", b"a=1; yh=evil"), ("x", b"one"), ("x", b"two")];
    let request = Request { headers: &headers, ..post("/", JSON, "") };
    assert!(inspect(r#"SecRule REQUEST_COOKIES:yh "@streq evil" "id:1""#, &request).has(1));
    assert!(inspect(r#"SecRule REQUEST_HEADERS:x "@streq two" "id:1""#, &request).has(1));
}

#[test]
fn of_answers_nothing_is_asked() {
    let text = "SecRule RESPONSE_BODY \"@rx error\" \"id:1,phase:4,chain\"\nSecRule RESPONSE_STATUS \"@eq 500\"\n\
                SecAction \"id:2,phase:1\"";
    let rules = Rules::load(&sources(text)).unwrap();
    assert!(!rules.has(1) && rules.has(2));
}

#[test]
fn more_arguments_than_are_looked_at_are_refused() {
    let ask = |arguments: usize| {
        let body =
            format!("{{{}}}", (0..arguments).map(|at| format!("\"a{at}\":1")).collect::<Vec<_>>().join(","));
        inspect(r#"SecRule ARGS "@streq evil" "id:1,phase:2""#, &post("/", JSON, &body)).refused_by
    };
    assert_eq!((ask(1_000), ask(1_001)), (None, Some((0, 403))));
}

#[test]
fn a_rule_may_have_the_others_only_tell() {
    let text = "SecAction \"id:1,phase:1,pass,nolog,ctl:ruleEngine=DetectionOnly\"\n\
                SecRule ARGS \"@contains evil\" \"id:2,deny\"";
    let told = inspect(text, &post("/?a=evil", JSON, "{}"));
    assert_eq!((told.refused_by, told.is_refused), (Some((2, 403)), false));
}
