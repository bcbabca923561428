//! Sends every regression case through the door, and compares what is told of it with what is expected.

use std::collections::BTreeMap;
use std::path::Path;

use gateway::{Event, FirewallMode};
use regex::Regex;
use serde::Serialize;

use super::corpus::{Case, Expected, cases};
use super::front::{Answer, Front};

pub(crate) type Failed = Box<dyn std::error::Error + Send + Sync>;

/// What the suite asks the rule set to be set up with: it tells and does not refuse, everything it knows.
const SUITE: [(&str, &str); 11] = [
    ("paranoia_level", "4"),
    ("executing_paranoia_level", "4"),
    ("blocking_paranoia_level", "4"),
    ("detection_paranoia_level", "4"),
    ("crs_validate_utf8_encoding", "1"),
    ("arg_name_length", "100"),
    ("arg_length", "400"),
    ("total_arg_length", "64000"),
    ("max_num_args", "255"),
    ("max_file_size", "64100"),
    ("combined_file_sizes", "65535"),
];

/// What came of the cases.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Regression {
    /// What the rules call themselves.
    pub(crate) rule_set: String,
    pub(crate) rules: usize,
    pub(crate) cases: usize,
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
    /// Of those that ran.
    pub(crate) rate: f64,
    /// Of the passed ones, those that the door refused before any rule: what is no HTTP.
    pub(crate) refused_before_rules: usize,
    /// Of the passed ones that are attacks, those that are refused over HTTP where the rules refuse.
    pub(crate) blocked: usize,
    /// And those that come through there: what a rule only warns of.
    pub(crate) not_blocked: usize,
    /// Skipped ones by family and reason.
    pub(crate) skips: BTreeMap<String, BTreeMap<String, usize>>,
    /// Failed ones by rule.
    pub(crate) failures: BTreeMap<u64, Vec<String>>,
}

/// Runs every case below `folder`.
pub(crate) async fn regress(folder: &Path, rules: Option<&Path>) -> Result<Regression, Failed> {
    let all = cases(folder)?;
    let telling = Front::open(rules, FirewallMode::Detect, &SUITE).await?;
    let refusing = Front::open(rules, FirewallMode::Block, &SUITE).await?;
    let mut result = Regression { cases: all.len(), ..Regression::default() };
    if let Some(rules) = telling.firewall.rules() {
        result.rules = rules.len();
        rules.version().unwrap_or_default().clone_into(&mut result.rule_set);
    }
    for case in all {
        if let Some(why) = skipped(&case, &telling) {
            result.skipped += 1;
            *result.skips.entry(case.family).or_default().entry(why).or_default() += 1;
            continue;
        }
        let outcome = run(&case, &telling).await?;
        match outcome {
            Outcome::Failed => {
                result.failed += 1;
                result.failures.entry(case.rule).or_default().push(case.name);
                continue;
            }
            Outcome::Told => {}
            Outcome::RefusedBefore => result.refused_before_rules += 1,
        }
        result.passed += 1;
        if case.stages.iter().any(|stage| !stage.expected.log.expect_ids.is_empty()) {
            let mut refused = false;
            for stage in &case.stages {
                refused |= refusing.send(&stage.request).await?.refused();
            }
            refusing.firewall.recent.take();
            if refused { result.blocked += 1 } else { result.not_blocked += 1 }
        }
    }
    result.rate = rate(result.passed, result.passed + result.failed);
    Ok(result)
}

/// A share, to be read.
#[expect(clippy::float_arithmetic, reason = "a share of counts; no money")]
pub(super) fn rate(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn skipped(case: &Case, front: &Front) -> Option<String> {
    if case.family.starts_with("RESPONSE-") {
        return Some("answers are not looked at".to_owned());
    }
    let rules = front.firewall.rules()?;
    let logs = case.stages.iter().map(|stage| &stage.expected.log);
    let named = logs.flat_map(|log| log.expect_ids.iter().chain(&log.no_expect_ids));
    let mut named = named.peekable();
    // Some cases only say how the server answers.
    let about = named.peek().is_none().then_some(&case.rule);
    let mut asked = named.chain(about);
    asked.find(|rule| !rules.has(**rule)).map(|rule| format!("the rule set has no rule {rule}"))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Told,
    RefusedBefore,
    Failed,
}

async fn run(case: &Case, front: &Front) -> Result<Outcome, Failed> {
    let mut outcome = Outcome::Told;
    for stage in &case.stages {
        front.firewall.recent.take();
        let answer = front.send(&stage.request).await?;
        let events = front.firewall.recent.take();
        match judged(&stage.expected, answer, &events)? {
            Outcome::Failed => return Ok(Outcome::Failed),
            Outcome::RefusedBefore => outcome = Outcome::RefusedBefore,
            Outcome::Told => {}
        }
    }
    Ok(outcome)
}

fn judged(expected: &Expected, answer: Answer, events: &[Event]) -> Result<Outcome, Failed> {
    let told = |rule: &u64| events.iter().flat_map(|event| &event.parts).any(|part| part.rule == *rule);
    let log = log(events);
    let Expected { status, log: wanted, expect_error } = expected;
    if wanted.no_expect_ids.iter().any(told) {
        return Ok(Outcome::Failed);
    }
    if let Some(pattern) = &wanted.no_match_regex
        && Regex::new(pattern)?.is_match(&log)
    {
        return Ok(Outcome::Failed);
    }
    // What is kept out before any rule needs none.
    if events.is_empty() && answer.refused() {
        let asks_for_more = status.is_some_and(|status| status < 400);
        return Ok(if asks_for_more { Outcome::Failed } else { Outcome::RefusedBefore });
    }
    let matched = match &wanted.match_regex {
        Some(pattern) => Regex::new(pattern)?.is_match(&log),
        None => true,
    };
    let as_expected = wanted.expect_ids.iter().all(told) && matched;
    // A status of refusal is asked of servers that refuse by themselves; here the rules tell instead.
    let came_through = status.is_none_or(|status| status >= 400 || answer.status == Some(status));
    let nothing_asked =
        wanted.expect_ids.is_empty() && wanted.match_regex.is_none() && wanted.no_expect_ids.is_empty();
    let refusal_asked = *expect_error || status.is_some_and(|status| status >= 400);
    if nothing_asked && refusal_asked {
        return Ok(Outcome::Failed);
    }
    Ok(if as_expected && came_through { Outcome::Told } else { Outcome::Failed })
}

/// What was told, in the form that cases look for.
fn log(events: &[Event]) -> String {
    let parts = events.iter().flat_map(|event| &event.parts);
    parts
        .map(|part| {
            format!(
                "[id \"{}\"] [msg \"{}\"] found within {}: {}\n",
                part.rule, part.message, part.place, part.shape
            )
        })
        .collect()
}
