//! The maintenance file, and what is told of it.

use std::path::Path;

use clock::ManualClock;

use super::*;
use crate::Settings;
use crate::door::profiles::Profiles;

const NIGHT: &str = r#"
[[switch]]
features = ["payments"]
until = "2026-12-01T06:00:00+08:00"

[[switch]]
operations = ["GET /api/accounts/rates"]
reading_open = false
zh = "利率正在更新。"
en = "Rates are being updated."
"#;

/// What somebody hears who asks for this at three in the morning.
fn told(maintenance: &Maintenance, line: &str) -> Option<Consequence> {
    let (method, path) = line.split_once(' ').unwrap();
    let profiles = Profiles::new(&Settings::default(), &[], &["payments", "accounts"]);
    let profile = profiles.of(method, Some("/api/{service}/{*rest}"), path);
    maintenance.refusal(&profile, method, path)
}

fn open(file: &Path) -> Result<Maintenance, FileRefused> {
    let three = "2026-12-01T03:00:00+08:00".parse().unwrap();
    Maintenance::open(Some(file.to_owned()), Arc::new(ManualClock::new(three)))
}

const PAY: &str = "POST /api/payments/transfers";
const RATES: &str = "GET /api/accounts/rates";

#[test]
fn what_is_closed_is_told_with_the_time_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("maintenance.toml");
    std::fs::write(&file, NIGHT).unwrap();
    let maintenance = open(&file).unwrap();
    let payments = told(&maintenance, PAY).unwrap();
    assert_eq!((payments.status, payments.code), (503, "maintenance"));
    assert_eq!(payments.zh, "该功能正在维护，预计 2026-12-01 06:00（北京时间）恢复，请届时再试。");
    assert_eq!(
        payments.en,
        "This is closed for maintenance until 2026-12-01 06:00 (Beijing time). Please try again then."
    );
    assert_eq!(payments.retry_after_s, Some(3 * 3600 + 1));
    assert_eq!(payments.fields, [("until", "2026-11-30T22:00:00Z".into())]);
    let rates = told(&maintenance, RATES).unwrap();
    assert_eq!((rates.zh.as_str(), rates.en.as_str()), ("利率正在更新。", "Rates are being updated."));
    assert_eq!((rates.retry_after_s, rates.fields.len()), (Some(300), 0));
    assert_eq!(told(&maintenance, "GET /api/payments/limits"), None, "reading stays open");
    assert_eq!(told(&maintenance, "GET /api/accounts"), None);
}

#[test]
fn a_changed_file_is_in_force_when_it_has_settled_and_a_broken_one_never() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("maintenance.toml");
    let maintenance = open(&file).unwrap();
    let closed = |line| told(&maintenance, line).is_some();
    let (other, broken) = (NIGHT.replace("payments", "accounts"), NIGHT.replace("until", "untli"));
    // What is written (nothing: the file is removed), and whether payments and rates are closed after each look.
    for (step, (text, after)) in [
        (Some(NIGHT), [(false, false), (true, true)]),
        (Some(broken.as_str()), [(true, true), (true, true)]),
        (Some("[[switch]]\n"), [(true, true), (true, true)]),
        (Some(other.as_str()), [(true, true), (false, true)]),
        (Some("garbage"), [(false, true), (false, true)]),
        (Some(NIGHT), [(false, true), (true, true)]),
        (None, [(true, true), (false, false)]),
    ]
    .into_iter()
    .enumerate()
    {
        match text {
            Some(text) => std::fs::write(&file, text).unwrap(),
            None => std::fs::remove_file(&file).unwrap(),
        }
        for (look, expected) in after.into_iter().enumerate() {
            maintenance.look();
            assert_eq!((closed(PAY), closed(RATES)), expected, "step {step}, look {look}");
        }
    }
}

#[test]
fn a_bank_does_not_start_with_a_broken_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("maintenance.toml");
    for (text, why) in [
        ("[[switch]]\nfeature = [\"payments\"]", "unknown field `feature`"),
        ("[[switch]]\nzh = \"a\"", "switch 1 names neither `features` nor `operations`"),
        (
            "[[switch]]\nfeatures = [\"a\"]\nfrom = \"2026-12-01T06:00:00Z\"\nuntil = \"2026-12-01T06:00:00Z\"",
            "switch 1 ends before it begins",
        ),
        ("[[switch]]\nfeatures = [\"a\"]\nuntil = \"six\"", "until"),
    ] {
        std::fs::write(&file, text).unwrap();
        let refused = open(&file).err().unwrap().to_string();
        assert!(refused.contains(why), "{text}: {refused}");
    }
}
