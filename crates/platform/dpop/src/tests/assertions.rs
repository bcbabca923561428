//! Forged assertions, each with how it ends.
//!
//! A row changes one thing of a right assertion: `header` or `claim` with a member and its JSON (`-` removes it), a time in
//! seconds from now, or the whole text.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clock::Timestamp;
use ring::hmac;
use serde_json::Value;

use crate::testing::{Device, Draft};
use crate::{Assertion, AssertionRefused, PublicKey, Refused};

const NOW: i64 = 1_795_000_000;
const BANK: &str = "https://bank.example";
const THIRD_PARTY: &str = "01939f00-0000-7000-8000-000000000001";

const MALFORMED: &str = "assertion_malformed";

/// Member of the header, its JSON, outcome.
const HEADERS: [(&str, &str, &str); 22] = [
    ("typ", "\"JWT\"", "ok"),
    ("typ", "\"jwt\"", "ok"),
    ("typ", "\"client-authentication+jwt\"", "ok"),
    ("typ", "-", "ok"),
    ("kid", "-", "ok"),
    ("kid", "\"another\"", "ok"),
    ("typ", "\"dpop+jwt\"", MALFORMED),
    ("typ", "7", MALFORMED),
    ("alg", "-", "assertion_algorithm"),
    ("alg", "\"none\"", "assertion_algorithm"),
    ("alg", "\"None\"", "assertion_algorithm"),
    ("alg", "\"HS256\"", "assertion_algorithm"),
    ("alg", "\"RS256\"", "assertion_algorithm"),
    ("alg", "\"PS256\"", "assertion_algorithm"),
    ("alg", "\"ES384\"", "assertion_algorithm"),
    ("alg", "\"es256\"", "assertion_algorithm"),
    ("alg", "[\"ES256\"]", "assertion_algorithm"),
    ("crit", "[\"exp\"]", MALFORMED),
    ("b64", "false", MALFORMED),
    ("jku", "\"https://elsewhere.example/keys\"", MALFORMED),
    ("x5c", "[]", MALFORMED),
    ("zip", "\"DEF\"", MALFORMED),
];

/// Claim, its JSON, outcome.
const CLAIMS: [(&str, &str, &str); 30] = [
    ("iss", "-", MALFORMED),
    ("sub", "-", MALFORMED),
    ("aud", "-", MALFORMED),
    ("exp", "-", MALFORMED),
    ("jti", "-", MALFORMED),
    ("iat", "-", "ok"),
    ("iss", "\"somebody-else\"", "assertion_subject"),
    ("sub", "\"somebody-else\"", "assertion_subject"),
    ("iss", "7", MALFORMED),
    ("aud", "[\"https://bank.example\"]", "ok"),
    ("aud", "\"https://bank.example/api/token\"", "ok"),
    ("aud", "\"https://bank.example/\"", "assertion_audience"),
    ("aud", "\"https://BANK.example\"", "assertion_audience"),
    ("aud", "\"http://bank.example\"", "assertion_audience"),
    ("aud", "\"https://bank.example.evil.example\"", "assertion_audience"),
    ("aud", "\"https://other.example\"", "assertion_audience"),
    ("aud", "\"\"", "assertion_audience"),
    ("aud", "[\"https://bank.example\", \"https://other.example\"]", MALFORMED),
    ("aud", "[]", MALFORMED),
    ("aud", "[7]", MALFORMED),
    ("aud", "{}", MALFORMED),
    ("jti", "\"short\"", MALFORMED),
    ("jti", "1234567890123456", MALFORMED),
    ("exp", "\"soon\"", MALFORMED),
    ("exp", "1.5", MALFORMED),
    ("iat", "\"now\"", MALFORMED),
    ("nbf", "true", MALFORMED),
    ("iat", "1e99", MALFORMED),
    ("scope", "\"everything\"", "ok"),
    ("amr", "[\"hwk\"]", "ok"),
];

/// Claim, seconds from now, outcome.
const TIMES: [(&str, i64, &str); 14] = [
    ("exp", 1, "ok"),
    ("exp", 0, "assertion_time_late"),
    ("exp", -1, "assertion_time_late"),
    ("exp", -1_000_000, "assertion_time_late"),
    ("exp", 310, "ok"),
    ("exp", 311, "assertion_life_long"),
    ("exp", 86_400, "assertion_life_long"),
    ("exp", i64::MAX - NOW, "assertion_life_long"),
    ("iat", 10, "ok"),
    ("iat", 11, "assertion_time_early"),
    ("iat", -1_000_000, "ok"),
    ("nbf", 10, "ok"),
    ("nbf", 11, "assertion_time_early"),
    ("nbf", -5, "ok"),
];

fn right(device: &Device) -> Draft {
    device.assertion(THIRD_PARTY, BANK, Timestamp::from_second(NOW).unwrap())
}

/// How the bank, which knows `device`, takes `text`.
fn outcome(text: &str, device: &Device) -> &'static str {
    let keys = [PublicKey::of_jwk(&Value::Object(Device::new().jwk()).to_string()).unwrap(), known(device)];
    let audiences = [BANK.to_owned(), format!("{BANK}/api/token")];
    let checked = Assertion::read(text).and_then(|assertion| {
        assertion.check(&audiences, NOW)?;
        assertion.is_signed_by(&keys).then_some(()).ok_or(AssertionRefused::Signature)
    });
    checked.map_or_else(AssertionRefused::code, |()| "ok")
}

fn known(device: &Device) -> PublicKey {
    PublicKey::of_jwk(&Value::Object(device.jwk()).to_string()).unwrap()
}

#[test]
fn every_row_ends_as_it_says() {
    let device = Device::new();
    let member = |json: &str| (json != "-").then(|| serde_json::from_str::<Value>(json).unwrap());
    for (name, json, expected) in HEADERS {
        let mut draft = right(&device);
        match member(json) {
            Some(value) => drop(draft.header.insert(name.to_owned(), value)),
            None => drop(draft.header.remove(name)),
        }
        assert_eq!(outcome(&device.sign(&draft), &device), expected, "header {name} {json}");
    }
    for (name, json, expected) in CLAIMS {
        let draft = right(&device);
        let draft = match member(json) {
            Some(value) if !["iss", "sub"].contains(&name) || expected != "ok" => draft.with(name, value),
            Some(value) => draft.with("iss", value.clone()).with("sub", value),
            None => draft.without(name),
        };
        assert_eq!(outcome(&device.sign(&draft), &device), expected, "claim {name} {json}");
    }
    for (name, seconds, expected) in TIMES {
        let draft = right(&device).with(name, NOW + seconds);
        assert_eq!(outcome(&device.sign(&draft), &device), expected, "{name} {seconds}");
    }
}

#[test]
fn no_key_but_a_registered_one_signs() {
    let (device, other) = (Device::new(), Device::new());
    let draft = right(&device);
    assert_eq!(outcome(&device.sign(&draft), &device), "ok");
    assert_eq!(outcome(&other.sign(&draft), &device), "assertion_signature");
    let own_key = draft.clone().with_header("jwk", other.jwk());
    assert_eq!(outcome(&other.sign(&own_key), &device), MALFORMED, "it brings a key of its own");
    // The public key as a shared secret: the oldest of confusions.
    let text = |members: &serde_json::Map<String, Value>| Value::Object(members.clone()).to_string();
    let header = text(&draft.clone().with_header("alg", "HS256").header);
    let signed =
        format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(text(&draft.payload)));
    let secret = hmac::Key::new(hmac::HMAC_SHA256, device.point());
    let tag = URL_SAFE_NO_PAD.encode(hmac::sign(&secret, signed.as_bytes()));
    assert_eq!(outcome(&format!("{signed}.{tag}"), &device), "assertion_algorithm");
}

#[test]
fn every_text_that_is_none_is_refused() {
    let device = Device::new();
    let right = device.sign(&right(&device));
    let (signed, signature) = right.rsplit_once('.').unwrap();
    let long = format!("{}.{signature}", "A".repeat(5_000));
    let twice = device.sign_texts(
        r#"{"alg":"ES256","alg":"none"}"#,
        format!(r#"{{"iss":"{THIRD_PARTY}","sub":"{THIRD_PARTY}"}}"#),
    );
    for text in
        ["", ".", "..", "a.b", "a.b.c", &format!("{signed}."), signed, &long, &twice, "null.null.null"]
    {
        assert_ne!(outcome(text, &device), "ok", "{text}");
    }
    // Whatever one byte of it becomes, it is no longer the same assertion.
    for at in 0..right.len() {
        let mut bytes = right.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        assert_ne!(outcome(std::str::from_utf8(&bytes).unwrap(), &device), "ok", "byte {at}");
    }
}

#[test]
fn keys_that_are_none_are_not_registered() {
    let device = Device::new();
    let jwk = |name: &str, value: Value| {
        let mut jwk = device.jwk();
        jwk.insert(name.to_owned(), value);
        Value::Object(jwk).to_string()
    };
    let key = known(&device);
    assert_eq!(key.thumbprint(), &device.thumbprint());
    assert_eq!(PublicKey::of_jwk(&key.to_jwk()).unwrap().thumbprint(), key.thumbprint());
    let off_curve = jwk("y", device.jwk()["x"].clone());
    for (text, is_json) in [
        ("", false),
        ("not json", false),
        ("[]", false),
        (jwk("kty", "RSA".into()).as_str(), true),
        (jwk("crv", "P-384".into()).as_str(), true),
        (jwk("d", "AAAA".into()).as_str(), true),
        (jwk("use", "enc".into()).as_str(), true),
        (jwk("x", "AAAA".into()).as_str(), true),
        (off_curve.as_str(), true),
    ] {
        let refused = PublicKey::of_jwk(text).err();
        let expected = matches!(refused, Some(Refused::KeyMalformed(_)));
        assert!(refused.is_some() && expected == is_json, "{text}: {refused:?}");
    }
}
