//! Which ids and origins a relying party may have.

use crate::{ConfigRefused, RelyingParty};

fn check(id: &str, origins: &[&str]) -> &'static str {
    let origins = origins.iter().map(|origin| (*origin).to_owned()).collect();
    match RelyingParty::try_new(id, "Bank", origins) {
        Ok(_) => "ok",
        Err(ConfigRefused::Id { .. }) => "id",
        Err(ConfigRefused::Name) => "name",
        Err(ConfigRefused::NoOrigin) => "no origin",
        Err(ConfigRefused::Origin { .. }) => "origin",
        Err(ConfigRefused::Elsewhere { .. }) => "elsewhere",
    }
}

#[test]
fn ids_are_domains() {
    let long = format!("{}.example", "a".repeat(63));
    for id in ["bank.example", "localhost", "a.b.c.example", "xn--55qx5d.cn", "1bank.example", &long] {
        assert_eq!(check(id, &[&format!("https://{id}")]), "ok", "{id}");
    }
    let label = format!("{}.example", "a".repeat(64));
    let whole = ["a".repeat(60).as_str(); 5].join(".");
    for id in [
        "",
        "bank",
        "Bank.example",
        "bank.example.",
        ".bank.example",
        "bank..example",
        "-bank.example",
        "bank-.example",
        "银行.cn",
        "bank_a.example",
        "bank.example:443",
        "https://bank.example",
        "bank.example/",
        "127.0.0.1",
        "1.1",
        "0x7f.1",
        "bank.0x1",
        "[::1]",
        "::1",
        " bank.example",
        &label,
        &whole,
    ] {
        assert_eq!(check(id, &["https://bank.example"]), "id", "{id}");
    }
}

#[test]
fn names_are_shown_whole() {
    let named = |name: String| {
        RelyingParty::try_new("bank.example", name, vec!["https://bank.example".to_owned()]).map(drop)
    };
    assert_eq!(named("a".repeat(64)), Ok(()));
    assert_eq!(named(String::new()), Err(ConfigRefused::Name));
    assert_eq!(named("a".repeat(65)), Err(ConfigRefused::Name));
}

#[test]
fn origins_are_as_browsers_write_them() {
    for origin in [
        "https://bank.example",
        "https://bank.example:8443",
        "https://bank.example:80",
        "https://www.bank.example",
        "https://a.b.bank.example:1",
    ] {
        assert_eq!(check("bank.example", &[origin]), "ok", "{origin}");
    }
    for origin in
        ["http://localhost", "http://localhost:5173", "http://localhost:443", "https://localhost:65535"]
    {
        assert_eq!(check("localhost", &[origin]), "ok", "{origin}");
    }
    for origin in [
        "",
        "bank.example",
        "http://bank.example",
        "https://bank.example/",
        "https://bank.example:443",
        "https://bank.example:0",
        "https://bank.example:",
        "https://bank.example:08443",
        "https://bank.example:+8443",
        "https://bank.example:65536",
        "https://Bank.example",
        "HTTPS://bank.example",
        "https://ann@bank.example",
        "https://bank.example?a",
        "https://bank.example#a",
        "https://bank.example.",
        "https://*.bank.example",
        "https://",
        "wss://bank.example",
        "android:apk-key-hash:abc",
        " https://bank.example",
        "https://127.0.0.1",
    ] {
        assert_eq!(check("bank.example", &[origin]), "origin", "{origin}");
    }
    assert_eq!(check("localhost", &["http://localhost:80"]), "origin");
}

#[test]
fn origins_are_below_the_id() {
    for origin in [
        "https://other.example",
        "https://evilbank.example",
        "https://example.com",
        "https://bank.example.evil.com",
    ] {
        assert_eq!(check("bank.example", &[origin]), "elsewhere", "{origin}");
    }
    assert_eq!(check("www.bank.example", &["https://bank.example"]), "elsewhere", "above");
    assert_eq!(check("bank.example", &["https://bank.example", "https://other.example"]), "elsewhere");
    assert_eq!(check("bank.example", &[]), "no origin");
    assert_eq!(check("localhost", &["https://bank.example"]), "elsewhere");
}
