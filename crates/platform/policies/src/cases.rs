//! Cases that policies are tested by: who, what, in which case, expected, and why.

use contracts::audit::Subject;

use crate::{Fault, File, May, PolicySet, Who};

/// A row of the file.
struct Case<'a> {
    who: Who,
    subjects: Vec<Subject>,
    /// The operations that are meant: of a group each.
    actions: Vec<&'a str>,
    may: May,
    why: &'a str,
}

/// What is wrong with the cases of `set`: rows that cannot be read, and rows that do not come out as they say.
pub(crate) fn unmet(set: &PolicySet) -> Vec<Fault> {
    let Some(File { name, text }) = &set.files().cases else { return Vec::new() };
    let rows = text.lines().enumerate().map(|(index, row)| (index + 1, row));
    let rows = rows.filter(|(_, row)| !row.starts_with('#') && !row.trim().is_empty());
    let mut faults = Vec::new();
    for (line, row) in rows {
        match read(row, set) {
            Ok(case) => faults.extend(case.unmet(set).map(|(what, help)| Fault::at(name, line, what, help))),
            Err((what, help)) => faults.push(Fault::at(name, line, what, help)),
        }
    }
    faults
}

impl Case<'_> {
    /// The first operation that comes out otherwise, and what to do.
    fn unmet(&self, set: &PolicySet) -> Option<(String, String)> {
        self.actions.iter().find_map(|action| {
            let (may, decision) = self.who.may_about(action, &self.subjects, set);
            if may == self.may {
                return None;
            }
            let (kind, why) = (self.who.kind.word(), self.why);
            let by = if decision.policies.is_empty() {
                "no policy".to_owned()
            } else {
                decision.policies.join(", ")
            };
            let (may, verb) = match may {
                May::No => ("may not", "decides"),
                May::Countersigned => ("may, once it is countersigned,", "decides"),
                May::Yes => ("may", "allows"),
            };
            let what = format!("`{kind}` {may} `{action}`, against: {why}");
            Some((what, format!("{by} {verb} it; change the policy, or the case")))
        })
    }
}

/// What is wrong with a row, and what to do.
type Refused = (String, String);

fn read<'a>(row: &'a str, set: &'a PolicySet) -> Result<Case<'a>, Refused> {
    let cells: Vec<&str> = row.split('\t').map(str::trim).collect();
    let [who, what, case, expected, why] = cells.as_slice() else {
        let what = format!("{} cells instead of 5", cells.len());
        return Err((what, "write who, what, case, expected and why with tabs between".to_owned()));
    };
    let unknown = |what: &str, word: &str, help: &str| (format!("`{word}` is no {what}"), help.to_owned());
    let kinds = "customer, viewer, operator, administrator, payee_check or rates";
    let mut who = Who::named(who).ok_or_else(|| unknown("kind of principal", who, kinds))?;
    let schema = set.schema();
    let actions: Vec<&str> = match schema.group(what) {
        Some(group) => group.actions.iter().map(String::as_str).collect(),
        None => schema.actions().filter(|action| action == what).collect(),
    };
    if actions.is_empty() {
        return Err(unknown("action and no group", what, "see bank.cedarschema"));
    }
    let mut subjects = Vec::new();
    for word in case.split_whitespace().filter(|word| *word != "-") {
        let help = "channel=app, assurance=2, self, other, emergency or -";
        let other = || unknown("case", word, help);
        match word.split_once('=') {
            Some(("channel", name)) => who = who.with_channel(name).ok_or_else(other)?,
            Some(("assurance", level)) => who = who.with_level(level).ok_or_else(other)?,
            None if word == "emergency" => who = who.in_emergency(),
            None if word == "self" => subjects.push(who.oneself()),
            None if word == "other" => subjects.push(who.another()),
            _ => return Err(other()),
        }
    }
    let may = May::of_word(expected);
    let may = may.ok_or_else(|| unknown("expectation", expected, "write allow, countersign or deny"))?;
    if why.is_empty() {
        return Err(("a case has no reason".to_owned(), "write why in the last cell".to_owned()));
    }
    Ok(Case { who, subjects, actions, may, why })
}
