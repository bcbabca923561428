//! What the firewall refuses at the door, and what it lets through.

use std::fs;
use std::path::Path;

use axum::body::Body;
use axum::http::{Request, StatusCode};

use super::*;

/// Few rules, in the manner of the OWASP set.
const RULES: &str = r#"
SecRule ARGS|ARGS_NAMES "@rx (?i)union\s+select" \
    "id:942100,phase:2,block,t:none,t:urlDecodeUni,msg:'SQL injection',severity:CRITICAL,tag:'OWASP_CRS',\
    setvar:'tx.anomaly_score=+5'"
SecRule ARGS "@contains ;" \
    "id:932100,phase:2,block,msg:'Command',tag:'OWASP_CRS',setvar:'tx.anomaly_score=+2'"
SecRule TX:ANOMALY_SCORE "@ge %{tx.inbound_anomaly_score_threshold}" \
    "id:949110,phase:2,deny,status:403,msg:'Score exceeded',tag:'OWASP_CRS'"
"#;

struct Walled {
    folder: tempfile::TempDir,
    firewall: Arc<Firewall>,
}

impl Walled {
    fn new(mode: FirewallMode, exceptions: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("rules.conf"), RULES).unwrap();
        fs::write(folder.path().join("exceptions.toml"), exceptions).unwrap();
        let settings = FirewallSettings {
            mode,
            rules: Some(folder.path().to_owned()),
            exceptions: Some(folder.path().join("exceptions.toml")),
            ..FirewallSettings::default()
        };
        let firewall = Arc::new(Firewall::open(&settings).unwrap());
        Self { folder, firewall }
    }

    /// Changes the file of exceptions, as an editor does, and has it looked at.
    fn except(&self, exceptions: &str) {
        fs::write(self.folder.path().join("exceptions.toml"), exceptions).unwrap();
        self.firewall.look();
    }

    /// Posts JSON as the signed-in customer.
    async fn post(&self, body: &str) -> (StatusCode, String) {
        self.ask("/api/echo", "zh-CN", body).await
    }

    async fn ask(&self, target: &str, language: &str, body: &str) -> (StatusCode, String) {
        let request = Request::post(target)
            .header("host", "bank.test")
            .header("cookie", "yh_session=good")
            .header("content-type", "application/json")
            .header("content-length", body.len())
            .header("accept-language", language)
            .body(Body::from(body.to_owned()))
            .unwrap();
        let response =
            walled_door(&[], Settings::default(), &[], &self.firewall).oneshot(request).await.unwrap();
        let status = response.status();
        let text = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8_lossy(&text).into_owned())
    }
}

const ATTACK: &str = r#"{"memo":"1 UNION  SELECT 王小明"}"#;

#[tokio::test]
async fn an_attack_is_refused_and_an_honest_body_arrives_whole() {
    let walled = Walled::new(FirewallMode::Block, "");
    let (status, body) = walled.post(ATTACK).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(body.contains("request_refused") && body.contains("追踪编号"), "{body}");
    assert!(!body.contains("UNION") && !body.contains("942100"), "an attacker learns nothing: {body}");
    let (_, english) = walled.ask("/api/echo", "en", ATTACK).await;
    assert!(english.contains("looks like an attack"), "{english}");
    // In the address as well, in any spelling.
    let (status, _) = walled.ask("/api/echo?q=union%2520%0aselect", "zh-CN", "{}").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    // One sign alone is not enough, and what the customer wrote reaches the route as it was.
    let honest = r#"{"memo":"房租; 水电 — 请查收"}"#;
    assert_eq!(walled.post(honest).await, (StatusCode::OK, honest.to_owned()));
}

#[tokio::test]
async fn what_was_found_is_told_without_what_was_written() {
    let walled = Walled::new(FirewallMode::Block, "");
    walled.post(ATTACK).await;
    let events = walled.firewall.recent.take();
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert!(event.refused && event.trace.is_some());
    let part = &event.parts[0];
    assert_eq!(
        (part.rule, part.place.as_str(), part.shape.as_str()),
        (942_100, "ARGS:json.memo", "xxxxx  xxxxxx")
    );
    assert!(!format!("{event:?}").contains("王小明"));
}

#[tokio::test]
async fn where_it_only_tells_nothing_is_refused() {
    let walled = Walled::new(FirewallMode::Detect, "");
    assert_eq!(walled.post(ATTACK).await.0, StatusCode::OK);
    let events = walled.firewall.recent.take();
    assert!(matches!(events.as_slice(), [event] if !event.refused && event.score == 5), "{events:?}");
    let off = Walled::new(FirewallMode::Off, "");
    assert_eq!(off.post(ATTACK).await.0, StatusCode::OK);
    assert!(off.firewall.recent.take().is_empty());
}

#[tokio::test]
async fn exceptions_come_into_force_and_faulty_ones_do_not() {
    let walled = Walled::new(FirewallMode::Block, "");
    let excluded = "[[exclusion]]\nrules = \"942100\"\ntarget = \"ARGS:json.memo\"\npaths = [\"/api/echo\"]\nbecause = \"a test\"";
    walled.except(excluded);
    assert_eq!(walled.post(ATTACK).await.0, StatusCode::OK);
    // Only there.
    let elsewhere = r#"{"other":"union select"}"#;
    assert_eq!(walled.post(elsewhere).await.0, StatusCode::FORBIDDEN);
    for faulty in [
        "[[exclusion]]\nrules = \"942100\"\nbecause = \"\"",
        "[[exclusion]]\nrules = \"942100\"\nreason = \"misspelled\"\nbecause = \"x\"",
        "[[exclusion]]\nrules = \"942100\"\ntarget = \"NOTHING:x\"\nbecause = \"x\"",
        "[[route]]\npaths = [\"/api\"]\nparanoia = 9",
        "[[route]]\npaths = [\"/api\"]\nmode = \"off\"",
        "nonsense",
    ] {
        walled.except(faulty);
        assert_eq!(walled.post(ATTACK).await.0, StatusCode::OK, "what held holds on: {faulty}");
        assert_eq!(walled.post(elsewhere).await.0, StatusCode::FORBIDDEN, "{faulty}");
    }
    // A part of the bank that is still being learnt about.
    walled.except("[[route]]\npaths = [\"/api/echo\"]\nmode = \"detect\"");
    assert_eq!(walled.post(elsewhere).await.0, StatusCode::OK);
    walled.except("[[route]]\npaths = [\"/api/other\"]\nmode = \"detect\"");
    assert_eq!(walled.post(elsewhere).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn bodies_beyond_the_bound_are_not_read() {
    let walled = Walled::new(FirewallMode::Block, "");
    let (status, body) = walled.post(&"a".repeat(70_000)).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(body.contains("body_too_large"), "{body}");
}

#[test]
fn a_bank_that_names_rules_does_not_start_without_them() {
    let named =
        |folder: &Path| FirewallSettings { rules: Some(folder.to_owned()), ..FirewallSettings::default() };
    assert!(Firewall::open(&named(Path::new("/nowhere"))).is_err());
    let empty = tempfile::tempdir().unwrap();
    assert!(Firewall::open(&named(empty.path())).is_err());
    fs::write(empty.path().join("broken.conf"), "SecRule ARGS \"(\" \"id:1\"").unwrap();
    let why = Firewall::open(&named(empty.path())).err().map(|error| format!("{:?}", error)).unwrap();
    assert!(why.contains("broken.conf"), "{why}");
}
