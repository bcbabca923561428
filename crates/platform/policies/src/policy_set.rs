//! Policies that were read, checked, and can decide.

use std::collections::BTreeMap;
use std::sync::Arc;

use cedar_policy::{PolicyId, ValidationMode, Validator};
use http::{AccessRequest, Authority, Decision};

use crate::ask::Kinds;
use crate::fault::{all_told, line_of};
use crate::slices::Slices;
use crate::{Fault, Faults, Files, Schema, cases};

/// What may stand before a policy, and what it is.
const ANNOTATIONS: [&str; 3] = ["id", "says", "says_en"];

/// Whether a policy allows or forbids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It allows.
    Permit,
    /// It forbids, whatever others allow.
    Forbid,
}

/// A policy as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its id.
    pub id: Arc<str>,
    /// Allows or forbids.
    pub effect: Effect,
    /// What it says, in Chinese.
    pub says: String,
    /// What it says, in English; may be empty.
    pub says_en: String,
    /// The file it stands in.
    pub file: String,
    /// The line it begins in, from 1.
    pub line: usize,
    /// As it is written.
    pub text: String,
}

/// A checked set of policies.
pub struct PolicySet {
    schema: Arc<Schema>,
    kinds: Kinds,
    policies: Vec<Policy>,
    files: Files,
    slices: Slices,
}

/// A policy and where it stands.
struct Placed {
    cedar: cedar_policy::Policy,
    policy: Policy,
}

impl PolicySet {
    /// The policies that a bank begins with.
    ///
    /// # Errors
    /// [`Faults`]: the product is broken.
    pub fn embedded() -> Result<Self, Faults> {
        Self::try_new(Files::embedded())
    }

    /// Checks `files`: each parses, holds against the schema, bears an id of its own and words, and can apply; and all
    /// cases come out as they say.
    ///
    /// # Errors
    /// [`Faults`], all that were found in the first of these steps that finds any.
    pub fn try_new(files: Files) -> Result<Self, Faults> {
        let schema = Arc::new(Schema::embedded()?);
        let placed = place(&files)?;
        let mut whole = cedar_policy::PolicySet::new();
        for one in &placed {
            whole.add(one.cedar.clone()).map_err(|error| all_told(&one.policy.file, "", &error))?;
        }
        validate(&schema, &whole, &placed, &files)?;
        let kinds = Kinds::try_new()?;
        let (policies, cedar): (Vec<_>, Vec<_>) =
            placed.into_iter().map(|one| (one.policy, one.cedar)).unzip();
        let slices = Slices::try_new(&schema, &kinds, &cedar)?;
        let set = Self { schema, kinds, policies, files, slices };
        let unmet = cases::unmet(&set);
        if unmet.is_empty() { Ok(set) } else { Err(Faults(unmet)) }
    }

    /// What stands in it, in order of files and lines.
    #[must_use]
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// The files it was read from.
    #[must_use]
    pub const fn files(&self) -> &Files {
        &self.files
    }

    /// The words it is written in.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        &self.schema
    }
}

impl Authority for PolicySet {
    fn decide(&self, request: &AccessRequest<'_>) -> Decision {
        self.slices.decide(&self.kinds, request).unwrap_or_else(|error| {
            tracing::error!(action = request.action, error, "a request could not be decided and is denied");
            Decision::denied()
        })
    }
}

/// Reads each file's policies, with their ids and places.
fn place(files: &Files) -> Result<Vec<Placed>, Faults> {
    let (mut placed, mut faults) = (Vec::new(), Vec::new());
    for file in &files.policies {
        let parsed = match file.text.parse::<cedar_policy::PolicySet>() {
            Ok(parsed) => parsed,
            Err(error) => {
                faults.extend(all_told(&file.name, &file.text, &error).0);
                continue;
            }
        };
        if parsed.templates().next().is_some() {
            let help = "name the principal or the resource, or leave it open";
            faults.push(Fault::of_file(
                &file.name,
                "templates (`?principal`, `?resource`) are not used",
                help,
            ));
        }
        let mut in_file: Vec<&cedar_policy::Policy> = parsed.policies().collect();
        in_file.sort_by_key(|policy| number_of(policy.id()));
        let mut from = 0;
        for policy in in_file {
            let text = policy.to_string();
            let at = file.text.get(from..).and_then(|rest| rest.find(&text)).map_or(from, |at| from + at);
            from = at + text.len();
            let line = line_of(&file.text, at);
            faults.extend(unknown_annotations(policy, &file.name, line));
            match named(policy, &file.name, line, text) {
                Ok(one) => placed.push(one),
                Err(fault) => faults.push(fault),
            }
        }
    }
    faults.extend(twice(&placed));
    if placed.is_empty() && faults.is_empty() {
        faults.push(Fault::of_file(
            "*.cedar",
            "there are no policies",
            "nobody could do anything; write some",
        ));
    }
    if faults.is_empty() { Ok(placed) } else { Err(Faults(faults)) }
}

/// Cedar counts the policies of a text: `policy0`, `policy1`.
fn number_of(id: &PolicyId) -> usize {
    let id: &str = id.as_ref();
    id.trim_start_matches("policy").parse().unwrap_or(usize::MAX)
}

fn unknown_annotations(policy: &cedar_policy::Policy, file: &str, line: usize) -> Vec<Fault> {
    let names = policy.annotations().map(|(name, _)| name);
    let unknown = names.filter(|name| !ANNOTATIONS.contains(name));
    let help = "known are `@id`, `@says` and `@says_en`";
    unknown.map(|name| Fault::at(file, line, format!("`@{name}` has no effect"), help)).collect()
}

fn named(policy: &cedar_policy::Policy, file: &str, line: usize, text: String) -> Result<Placed, Fault> {
    let annotation = |name: &str| policy.annotation(name).unwrap_or_default().trim().to_owned();
    let (id, says) = (annotation("id"), annotation("says"));
    if id.is_empty() {
        return Err(Fault::at(file, line, "a policy has no id", "write `@id(\"…\")` before it"));
    }
    if says.is_empty() {
        let help = "write what it does before it: `@says(\"…\")`";
        return Err(Fault::at(file, line, format!("the policy `{id}` has no words"), help));
    }
    let effect = match policy.effect() {
        cedar_policy::Effect::Permit => Effect::Permit,
        cedar_policy::Effect::Forbid => Effect::Forbid,
    };
    let cedar = policy.new_id(PolicyId::new(&id));
    let (id, says_en, file) = (Arc::from(id), annotation("says_en"), file.to_owned());
    Ok(Placed { cedar, policy: Policy { id, effect, says, says_en, file, line, text } })
}

fn twice(placed: &[Placed]) -> Vec<Fault> {
    let mut seen: BTreeMap<&str, &Policy> = BTreeMap::new();
    let mut faults = Vec::new();
    for Placed { policy, .. } in placed {
        if let Some(first) = seen.insert(&policy.id, policy) {
            let what = format!("the id `{}` is taken by {}:{}", policy.id, first.file, first.line);
            faults.push(Fault::at(&policy.file, policy.line, what, "give each policy an id of its own"));
        }
    }
    faults
}

/// Strictly: a policy that can never apply is a fault as well.
fn validate(
    schema: &Schema,
    whole: &cedar_policy::PolicySet,
    placed: &[Placed],
    files: &Files,
) -> Result<(), Faults> {
    let found = Validator::new(schema.cedar.clone()).validate(whole, ValidationMode::Strict);
    let place_of = |id: &PolicyId| {
        let id: &str = id.as_ref();
        let policy = placed.iter().map(|one| &one.policy).find(|policy| &*policy.id == id);
        let file = policy.map_or("", |policy| policy.file.as_str());
        let text = files.policies.iter().find(|one| one.name == file).map_or("", |file| file.text.as_str());
        (file, text, policy.map(|policy| policy.line))
    };
    let errors = found.validation_errors().map(|error| {
        let (file, text, line) = place_of(error.policy_id());
        Fault::told(file, text, error, line)
    });
    // A policy with an error is warned of as well: that it can never apply.
    let warnings = found.validation_warnings().filter(|_| found.validation_passed()).map(|warning| {
        let (file, text, line) = place_of(warning.policy_id());
        Fault::told(file, text, warning, line)
    });
    // Cedar tells the same of each action that the policy names: once is enough.
    let mut told: BTreeMap<_, Fault> = BTreeMap::new();
    for fault in errors.chain(warnings) {
        let same = (fault.file.clone(), fault.line, fault.help.clone());
        told.entry(same)
            .and_modify(|first| first.what = fault.what.clone().min(first.what.clone()))
            .or_insert(fault);
    }
    let faults: Vec<Fault> = told.into_values().collect();
    if faults.is_empty() { Ok(()) } else { Err(Faults(faults)) }
}
