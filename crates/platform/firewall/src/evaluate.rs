//! Applies rules to one request.

mod conditions;
mod consequences;

use std::borrow::Cow;
use std::sync::Arc;

use crate::findings::{Findings, Found};
use crate::policy::{Mode, Policy};
use crate::request::{ARGUMENTS_MAX, Collections, Request, processor_of};
use crate::rules::{Link, Removal, Rule, Rules, Step, View};
use crate::seclang::{Collection, Disposition};
use crate::texts::{TextId, Texts, has};
use crate::variables::Variables;

/// A request with rules being applied to it.
struct Transaction<'r> {
    rules: &'r Rules,
    policy: &'r Policy,
    texts: Texts<'r>,
    collections: Collections<'r>,
    variables: Variables<'r>,
    /// What rules of this request have taken out.
    removals: Vec<Arc<Removal>>,
    processor: Option<String>,
    body_forced: bool,
    engine: Engine,
    /// For each view, the operators that can match in it; `None` before it was needed.
    seen: Vec<Option<Vec<u64>>>,
    /// What the links of the rule at work matched so far.
    matched: Vec<Matched<'r>>,
    findings: Findings,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Engine {
    Off,
    Detect,
    Block,
}

/// A value that matched.
#[derive(Debug, Clone)]
struct Matched<'r> {
    name: Name<'r>,
    /// As the operator saw it.
    value: TextId,
    /// The part of it that an expression matched.
    part: Option<Vec<u8>>,
}

/// What a value is called; written out only where it is told.
#[derive(Debug, Clone)]
enum Name<'r> {
    Nothing,
    Of(Collection, Cow<'r, [u8]>),
    /// A variable of the transaction, by its place.
    Variable(usize),
}

impl Rules {
    /// What the rules say of a request, as `policy` has them applied.
    #[must_use]
    pub fn inspect(&self, request: &Request<'_>, policy: &Policy) -> Findings {
        let mut texts = Texts::new(&self.prefilter);
        let collections = Collections::of_head(request, &mut texts);
        let mut variables = Variables::new(&self.names);
        policy.placed.iter().for_each(|(place, value)| variables.set(*place, Some(value.clone())));
        policy.variables.iter().for_each(|(name, value)| variables.set_named(name, Some(value.clone())));
        let mut transaction = Transaction {
            rules: self,
            policy,
            texts,
            collections,
            variables,
            removals: Vec::new(),
            processor: None,
            body_forced: false,
            engine: if policy.mode == Mode::Block { Engine::Block } else { Engine::Detect },
            seen: vec![None; self.views.len()],
            matched: Vec::new(),
            findings: Findings::default(),
        };
        transaction.run(request);
        transaction.concluded()
    }
}

impl<'r> Transaction<'r> {
    fn run(&mut self, request: &Request<'r>) {
        let [before_body, with_body] = &self.rules.phases;
        // What rules set for the body they may also ask for before it is read.
        let given = processor_of(request.header("content-type").unwrap_or_default());
        self.processor = Some(given.to_owned());
        if self.phase(before_body) {
            let processor = self.processor.take().unwrap_or_default();
            self.collections.add_body(request, &processor, self.body_forced, &mut self.texts);
            self.seen.fill(None);
            if self.collections.is_overfull {
                return self.refuse_overfull();
            }
            self.phase(with_body);
        }
    }

    /// What is not looked at is not let through: no rule has a say in it.
    fn refuse_overfull(&mut self) {
        self.findings.found.push(Found {
            rule: 0,
            message: format!("more than {ARGUMENTS_MAX} arguments"),
            severity: None,
            name: Collection::Args.name().to_owned(),
            value: Vec::new(),
        });
        self.findings.refused_by = Some((0, 403));
        self.findings.is_refused = self.engine == Engine::Block;
    }

    /// Applies the rules of one phase; whether the next one follows.
    fn phase(&mut self, steps: &'r [Step]) -> bool {
        let mut at = 0;
        while let Some(step) = steps.get(at) {
            at += 1;
            let Step::Rule(rule) = step else { continue };
            if self.engine == Engine::Off {
                return false;
            }
            if self.left_out(rule) || !self.applies(rule) {
                continue;
            }
            if self.conclude(rule) {
                return false;
            }
            at = rule.jump.unwrap_or(at);
        }
        true
    }

    fn left_out(&self, rule: &Rule) -> bool {
        self.policy.leaves_out(rule)
            || self.removals.iter().any(|removal| removal.look.is_none() && removal.concerns(rule))
    }

    /// Whether each link of a rule matches.
    fn applies(&mut self, rule: &'r Rule) -> bool {
        self.matched.clear();
        for link in &rule.links {
            let first = self.matched.len();
            if !self.link(rule, link) {
                return false;
            }
            // What a chained rule looks at as `MATCHED_VARS` is what the one before it matched.
            self.matched.drain(..first);
            self.control(link);
        }
        true
    }

    fn link(&mut self, rule: &'r Rule, link: &'r Link) -> bool {
        if link.included.is_empty() {
            let value = self.texts.add(Cow::Borrowed(b""));
            self.matched.push(Matched { name: Name::Nothing, value, part: None });
            self.change(link);
            return true;
        }
        if link.view.is_some_and(|(view, operator)| !self.can_match(view, operator)) {
            return false;
        }
        let before = self.matched.len();
        for look in &link.included {
            self.look(rule, link, look, before);
        }
        self.matched.len() > before
    }

    /// Whether an operator can match anywhere in a view.
    fn can_match(&mut self, view: usize, operator: usize) -> bool {
        let known = self.seen.get(view).and_then(Option::as_ref);
        if let Some(known) = known {
            return has(known, operator);
        }
        let Some(View { looks, transformations, every_form }) = self.rules.views.get(view) else {
            return true;
        };
        let mut all = Vec::new();
        for look in looks {
            for entry in self.collections.entries(look.collection) {
                if !look.covers(look.collection, &entry.name) {
                    continue;
                }
                let mut value = entry.value;
                for transformation in transformations {
                    if *every_form {
                        self.texts.add_candidates(value, &mut all);
                    }
                    value = self.texts.transformed(value, *transformation);
                }
                self.texts.add_candidates(value, &mut all);
            }
        }
        let can = has(&all, operator);
        if let Some(seen) = self.seen.get_mut(view) {
            *seen = Some(all);
        }
        can
    }

    /// Records a rule that matched; whether the request is refused by it.
    fn conclude(&mut self, rule: &Rule) -> bool {
        self.findings.matched.push(rule.id);
        if !rule.silent && !rule.message.is_empty() {
            let matched = self.matched.first();
            let value = matched.map(|matched| {
                matched.part.clone().unwrap_or_else(|| self.texts.bytes(matched.value).to_vec())
            });
            self.findings.found.push(Found {
                rule: rule.id,
                message: rule.message.clone(),
                severity: rule.severity,
                name: matched.map(|matched| self.named(&matched.name)).unwrap_or_default(),
                value: value.unwrap_or_default(),
            });
        }
        match rule.disposition {
            Disposition::Pass => false,
            Disposition::Allow => {
                self.engine = Engine::Off;
                true
            }
            Disposition::Deny => {
                self.findings.refused_by.get_or_insert((rule.id, rule.status.unwrap_or(403)));
                self.findings.is_refused = self.engine == Engine::Block;
                self.findings.is_refused
            }
        }
    }

    fn concluded(mut self) -> Findings {
        const SCORES: [&str; 3] =
            ["blocking_inbound_anomaly_score", "anomaly_score", "inbound_anomaly_score"];
        let score = SCORES.iter().find_map(|name| self.variables.named(name));
        self.findings.score = score.map_or(0, crate::variables::Value::as_number);
        self.findings
    }

    /// A name as rule sets write it.
    fn named(&self, name: &Name<'_>) -> String {
        let (collection, name) = match name {
            Name::Nothing => return String::new(),
            Name::Of(collection, name) => (*collection, String::from_utf8_lossy(name)),
            Name::Variable(place) => (Collection::Tx, Cow::Borrowed(self.rules.names.name(*place))),
        };
        let of = collection.name();
        if name.is_empty() { of.to_owned() } else { format!("{of}:{name}") }
    }
}
