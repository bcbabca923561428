//! What is refused of policy files: where, and with what to do.

use super::{faults, with};
use crate::{File, Files, PolicySet};

const PERMIT: &str = "permit (principal is Staff, action in Action::\"console_look\", resource)";

/// Each text has one fault, in this line, that says this.
#[test]
fn faults_are_named_with_their_place() {
    let headed = |rest: &str| format!("@id(\"own\")\n@says(\"…\")\n{rest}");
    for (text, line, says) in [
        (format!("\n\n{PERMIT}"), 3, "unexpected end of input"),
        (headed("permit (principal, action, resource) when { context.chanel == 1 };"), 3, "chanel"),
        (headed("permit (principal, action, resource) when { context.customer == principal };"), 3, "has"),
        (
            headed("permit (principal is Staff, action == Action::\"accounts_console_freez\", resource);"),
            3,
            "did you mean",
        ),
        (headed("permit (principal in Role::\"viewr\", action, resource);"), 3, "viewr"),
        (
            headed("permit (principal, action, resource) when { context.channel == Channel::\"wap\" };"),
            3,
            "wap",
        ),
        (headed("permit (principal is Robot, action, resource);"), 3, "Robot"),
        (
            headed("permit (principal is Customer, action in Action::\"console_look\", resource);"),
            1,
            "impossible",
        ),
        (format!("{PERMIT};"), 1, "has no id; write `@id"),
        (format!("\n@id(\"own\") {PERMIT};"), 2, "the policy `own` has no words; write what it does"),
        (format!("@id(\"own\") @says(\"…\") @two_eyes {PERMIT};"), 1, "`@two_eyes` has no effect; known are"),
        (
            format!("@id(\"staff.viewer\") @says(\"…\") {PERMIT};"),
            12,
            "the id `staff.viewer` is taken by own.cedar:1; give each policy",
        ),
    ] {
        let found = faults(&text);
        let told: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 1, "{text}: {told:?}");
        assert!(told[0].contains(says), "{text}: {told:?}");
        assert_eq!(found[0].line, Some(line), "{text}: {told:?}");
    }
    let template = headed("permit (principal == ?principal, action, resource);");
    assert!(faults(&template)[0].to_string().contains("own.cedar: templates"), "{:?}", faults(&template));
    assert!(with(&headed(&format!("{PERMIT};"))).is_ok(), "and without a fault it holds");
}

#[test]
fn no_policies_are_a_fault() {
    let refused = PolicySet::try_new(Files::default()).map(|_| ()).unwrap_err();
    assert!(refused.to_string().contains("there are no policies"), "{refused}");
}

#[test]
fn cases_are_kept() {
    for (row, says) in [
        ("viewer\tconsole_freeze\t-\tdeny\tviewers only look", None),
        (
            "viewer\tconsole_freeze\t-\tallow\tthey should",
            Some(
                "cases.tsv:1: `viewer` may not `accounts_console_freeze`, against: they should; no policy decides it",
            ),
        ),
        (
            "operator\taccounts_console_freeze\t-\tdeny\tthey should not",
            Some(
                "cases.tsv:1: `operator` may `accounts_console_freeze`, against: they should not; staff.operator allows it",
            ),
        ),
        ("# a remark\n\nviewer\tconsole_look", Some("cases.tsv:3: 2 cells instead of 5")),
        ("clerk\tconsole_look\t-\tallow\twhy", Some("`clerk` is no kind of principal")),
        ("viewer\tconsole_lok\t-\tallow\twhy", Some("`console_lok` is no action and no group")),
        ("viewer\tconsole_look\tat=night\tallow\twhy", Some("`at=night` is no case")),
        ("viewer\tconsole_look\tchannel=wap\tallow\twhy", Some("`channel=wap` is no case")),
        ("viewer\tconsole_look\t-\tperhaps\twhy", Some("`perhaps` is no expectation")),
        ("viewer\tconsole_look\t-\tallow\t", Some("a case has no reason")),
    ] {
        let cases = File { name: "cases.tsv".to_owned(), text: row.to_owned() };
        let told =
            PolicySet::try_new(Files::embedded().with(cases)).map(|_| ()).map_err(|error| error.to_string());
        match says {
            None => assert_eq!(told, Ok(()), "{row}"),
            Some(says) => assert!(told.clone().unwrap_err().contains(says), "{row}: {told:?}"),
        }
    }
}
