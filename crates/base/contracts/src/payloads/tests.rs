//! Neighbors of every release are understood, and understand what is written today.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::json::{lost, with_more, with_unknown};
use super::kept::{KEEP, append, every_line, lines_of};
use super::{Line, Part, Sample, Value, again, at_once, every_sample};
use crate::far::Misunderstood;

/// Says what is wrong with which lines, and what to do.
#[track_caller]
fn all_well(complaints: &[String], advice: &str) {
    assert!(complaints.is_empty(), "\n{}\n\n{advice}\n", complaints.join("\n"));
}

/// Old and new processes run side by side: the advice for whatever breaks that.
const ADVICE: &str = "Processes of that release still run beside this one while a bank is updated. Contracts and news \
    change additively (docs/decisions/0015): keep the name and type of each field, variant, argument and method; make \
    what is new an `Option` or give it `#[serde(default)]`; never change a kept line.";

/// What `old` loses when it is written as `new`.
fn lost_line(old: &Line, new: &Line) -> Option<String> {
    let lost_part = |part| old.part(part).zip(new.part(part)).and_then(|(old, new)| lost(old, new));
    lost_part(Part::First)
        .map(|why| format!("what is asked or announced: {why}"))
        .or_else(|| lost_part(Part::Second).map(|why| format!("the answer: {why}")))
}

#[test]
fn what_today_is_said_is_kept() {
    let release = env!("CARGO_PKG_VERSION");
    let kept = lines_of(release);
    let samples = every_sample();
    let said = samples.iter().flat_map(Sample::lines);
    let missing: Vec<&Line> = said.filter(|said| !kept.iter().any(|kept| kept.line == **said)).collect();
    if std::env::var_os(KEEP).is_some_and(|keep| keep == "1") {
        return append(release, &missing);
    }
    let names: BTreeSet<String> = missing.iter().map(|line| line.of()).collect();
    let complaints: Vec<String> =
        names.iter().map(|name| format!("payloads/{release}.ndjson lacks samples of `{name}`")).collect();
    let advice = format!(
        "What a release says is kept in crates/base/contracts/payloads. Run this test again with {KEEP}=1, which \
         appends what is missing, and commit the file."
    );
    all_well(&complaints, &advice);
}

/// Old callers, new desks; old answers, new callers; and the other way around: what is written today has all that it
/// had.
#[test]
fn neighbors_of_every_release_are_understood_and_understand() {
    let samples = every_sample();
    let lines = every_line();
    assert!(lines.len() > 100, "the kept lines are read");
    let complaints = lines.iter().filter_map(|kept| {
        let why = match again(&samples, &kept.line) {
            Ok(written) => lost_line(&kept.line, &written)?,
            Err(why) => why,
        };
        Some(format!("{}: `{}`: {why}", kept.place, kept.line.of()))
    });
    all_well(&complaints.collect::<Vec<_>>(), ADVICE);
}

#[test]
fn what_a_later_release_adds_is_passed_over() {
    let samples = every_sample();
    let complaints = every_line().into_iter().filter_map(|kept| {
        let more = Part::BOTH.into_iter().fold(kept.line.clone(), |line, part| {
            let value = line.part(part).map(with_more);
            value.map_or(line.clone(), |value| line.with(part, value))
        });
        let why = match (again(&samples, &more), again(&samples, &kept.line)) {
            (Ok(read), Ok(plain)) if read == plain => return None,
            (Ok(_), _) => "a field that is not known changes what is understood".to_owned(),
            (Err(why), _) => why,
        };
        Some(format!("{}: `{}`: {why}", kept.place, kept.line.of()))
    });
    let advice = "A later release may add fields, which are passed over here: types of contracts and news do not bear \
        `deny_unknown_fields`.";
    all_well(&complaints.collect::<Vec<_>>(), advice);
}

/// Whatever of a kept line is exchanged for what nobody knows: it is not understood, or is a text and stays as it is.
#[test]
fn what_is_not_known_is_misunderstood_and_never_guessed() {
    let samples = every_sample();
    let (mut misunderstood, mut complaints) = (0, Vec::new());
    for kept in every_line() {
        for part in Part::BOTH {
            for (value, certain) in kept.line.part(part).map(with_unknown).unwrap_or_default() {
                let unknown = kept.line.with(part, value);
                let why = match again(&samples, &unknown) {
                    Err(_) => {
                        misunderstood += 1;
                        continue;
                    }
                    Ok(_) if certain => "a variant that is not known is taken for another".to_owned(),
                    Ok(read) => match lost_line(&unknown, &read) {
                        Some(why) => why,
                        None => continue,
                    },
                };
                complaints.push(format!("{}: `{}`: {why}", kept.place, kept.line.of()));
            }
        }
    }
    let advice =
        "What is not known must be refused, not guessed: no `#[serde(other)]`, no default for a variant.";
    all_well(&complaints, advice);
    assert!(misunderstood > 500, "something was exchanged: {misunderstood}");
}

#[test]
fn a_method_that_is_not_known_is_misunderstood() {
    for sample in every_sample() {
        let Sample::Contract { name, desk, .. } = sample else { continue };
        let desk = desk(super::Prompted::to(&json!({ "Ok": null })) as _);
        let answer = at_once(desk.answer("of_a_later_release", b"{}"));
        assert_eq!(answer, Err(Misunderstood::Method), "{name}");
    }
}

/// Each file that has a contract or news is among the samples, and each method.
#[test]
fn no_contract_and_no_news_is_without_samples() {
    let samples = every_sample();
    let mut contracts = BTreeSet::new();
    let mut news = BTreeSet::new();
    for sample in &samples {
        match sample {
            Sample::Contract { name, lines, desk, .. } => {
                contracts.insert((*name).to_owned());
                let desk = desk(super::Prompted::to(&Value::Null) as _);
                for method in desk.methods() {
                    let of = format!("{name}.{method}");
                    assert!(lines.iter().any(|line| line.of() == of), "{of}");
                }
            }
            Sample::News { topic, .. } => {
                news.insert(topic.split('.').next().unwrap().to_owned());
            }
        }
    }
    let mut written = Vec::new();
    read_all(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut written);
    // A contract bears the name that stands first in quotes, news that of the file of its domain.
    let named = written.iter().filter_map(|(_, text)| text.split_once("\nfar! {\n")?.1.split('"').nth(1));
    assert_eq!(contracts, named.map(str::to_owned).collect(), "name each contract in `every_sample`");
    let announcing = written.iter().filter(|(_, text)| text.contains("\nannounced! {\n"));
    let announcing = announcing.map(|(path, _)| path.file_stem().unwrap().to_str().unwrap().to_owned());
    assert_eq!(news, announcing.collect(), "name all news in `every_sample`");
}

/// Every file below a folder, with what is in it.
fn read_all(folder: &Path, written: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, written);
        } else {
            let text = fs::read_to_string(&path).unwrap();
            written.push((path, text));
        }
    }
}

#[track_caller]
fn check(old: Value, new: Value, expected: Option<&str>) {
    assert_eq!(lost(&old, &new).as_deref(), expected, "{old} → {new}");
}

#[test]
fn what_is_lost_is_found() {
    check(json!({"a": 1}), json!({"a": 1, "b": 2}), None);
    check(json!({"a": null}), json!({}), Some("`a` is not written any more"));
    check(json!({"a": [{"b": 1}]}), json!({"a": [{"c": 1}]}), Some("`a`: [0] `b` is not written any more"));
    check(json!([1]), json!([1, 2]), Some("[1] is written as [1,2]"));
    check(json!(1), json!("1"), Some("1 is written as \"1\""));
    check(json!({"V": {}}), json!("V"), Some("{\"V\":{}} is written as \"V\""));
}
