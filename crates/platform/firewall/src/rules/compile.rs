//! Directives to rules.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::{
    Change, Effect, Inert, Link, LoadFailed, Look, Naming, NewValue, Removal, Removed, Rule, Rules, Severity,
    Step, View,
};
use crate::injections::Injections;
use crate::literals::required;
use crate::macros::Template;
use crate::operator::{Comparison, Latest, Operator, Prefilter, bytes_allowed, networks};
use crate::pattern::{self, Expression};
use crate::seclang::{
    Actions, Control, Directive, IdRange, OperatorText, Place, SetVariable, Setting, Target, Targets,
};
use crate::transform::Transformation;
use crate::variables::Names;

pub(super) fn compile(
    directives: Vec<(Place, Directive)>,
    phrases: &HashMap<String, String>,
) -> Result<Rules, LoadFailed> {
    let edits = Edits::of(&directives)?;
    let mut compiler = Compiler {
        names: Names::new(),
        required: Vec::new(),
        views: Vec::new(),
        known_views: HashMap::new(),
        phrases,
        edits: &edits,
    };
    let (mut phases, mut inert) = ([Vec::new(), Vec::new()], Vec::new());
    let mut jumps = Vec::new();
    // A rule goes on with the next one while it says `chain`.
    let mut open: Vec<Linked> = Vec::new();
    for (place, directive) in directives {
        let (condition, actions) = match directive {
            Directive::Rule { targets, operator, actions } => (Some((targets, operator)), actions),
            Directive::Action(actions) => (None, actions),
            Directive::Marker(name) => {
                phases.iter_mut().for_each(|phase| phase.push(Step::Marker(name.clone())));
                continue;
            }
            _ => continue,
        };
        let goes_on = actions.chain;
        open.push((place, condition, actions));
        if goes_on {
            continue;
        }
        let links = std::mem::take(&mut open);
        let Some((place, _, head)) = links.first() else { continue };
        let (place, id, phase) = (place.clone(), head.id, head.phase.unwrap_or(2));
        let Some(phase) = usize::from(phase).checked_sub(1).and_then(|phase| phases.get_mut(phase)) else {
            continue;
        };
        let jump = head.skip_after.clone();
        match compiler.rule(links) {
            Ok(Some(rule)) => {
                jumps.extend(jump.map(|to| (rule.id, to)));
                phase.push(Step::Rule(rule));
            }
            Ok(None) => {}
            Err(Unfit::Inert(why)) => inert.push(Inert { id, place, why }),
            Err(Unfit::Wrong(why)) => return Err(LoadFailed::Rule { place, why }),
        }
    }
    resolve(&mut phases, &jumps);
    let ids: HashSet<u64> = phases
        .iter()
        .flatten()
        .filter_map(|step| if let Step::Rule(rule) = step { Some(rule.id) } else { None })
        .collect();
    let prefilter = Prefilter::build(&compiler.required).map_err(LoadFailed::Together)?;
    Ok(Rules {
        phases,
        views: compiler.views,
        names: compiler.names,
        prefilter,
        injections: Injections::default(),
        inert,
        ids,
        version: edits.version.clone(),
    })
}

/// Numbers the rules; jumps lead to the next marker of their name.
fn resolve(phases: &mut [Vec<Step>; 2], jumps: &[(u64, String)]) {
    let mut number = 0;
    for phase in phases {
        let markers: Vec<(usize, String)> = phase
            .iter()
            .enumerate()
            .filter_map(
                |(at, step)| if let Step::Marker(name) = step { Some((at, name.clone())) } else { None },
            )
            .collect();
        for (at, step) in phase.iter_mut().enumerate() {
            let Step::Rule(rule) = step else { continue };
            rule.number = number;
            number += 1;
            let to = jumps.iter().find(|(id, _)| *id == rule.id);
            rule.jump = to
                .and_then(|(_, to)| markers.iter().find(|(marker, name)| *marker > at && name == to))
                .map(|(marker, _)| *marker);
        }
    }
}

/// Why a rule is not among those that are applied.
enum Unfit {
    /// It asks what nobody here answers.
    Inert(String),
    Wrong(String),
}

impl From<String> for Unfit {
    fn from(why: String) -> Self {
        Self::Wrong(why)
    }
}

/// Directives that change other rules.
#[derive(Default)]
struct Edits {
    removed: Vec<IdRange>,
    removed_tags: Vec<regex::bytes::Regex>,
    excluded: Vec<(IdRange, Vec<Target>)>,
    version: Option<String>,
}

impl Edits {
    fn of(directives: &[(Place, Directive)]) -> Result<Self, LoadFailed> {
        let mut edits = Self::default();
        for (place, directive) in directives {
            let wrong = |why| LoadFailed::Rule { place: place.clone(), why };
            match directive {
                Directive::RemoveById(ids) => edits.removed.extend(ids),
                Directive::RemoveByTag(tag) => edits.removed_tags.push(pattern::compile(tag).map_err(wrong)?),
                Directive::UpdateTargetById(ids, targets) => {
                    if !targets.included.is_empty() {
                        return Err(wrong(
                            "only exclusions (`!ARGS:name`) can be added to a rule".to_owned(),
                        ));
                    }
                    edits.excluded.extend(ids.iter().map(|range| (*range, targets.excluded.clone())));
                }
                Directive::Rule { actions, .. } | Directive::Action(actions) if edits.version.is_none() => {
                    edits.version.clone_from(&actions.version);
                }
                _ => {}
            }
        }
        Ok(edits)
    }
}

struct Compiler<'c> {
    names: Names,
    /// What each numbered operator requires.
    required: Vec<Option<Vec<Vec<u8>>>>,
    views: Vec<View>,
    known_views: HashMap<(Vec<Target>, Vec<Transformation>, bool), usize>,
    phrases: &'c HashMap<String, String>,
    edits: &'c Edits,
}

/// One rule of a chain: where it stands, what it asks, what follows.
type Linked = (Place, Option<(Targets, OperatorText)>, Actions);

impl Compiler<'_> {
    fn rule(&mut self, links: Vec<Linked>) -> Result<Option<Rule>, Unfit> {
        let Some((_, _, head)) = links.first() else { return Ok(None) };
        let head = head.clone();
        if self.edits.removed.iter().any(|range| range.contains(head.id))
            || self
                .edits
                .removed_tags
                .iter()
                .any(|tag| head.tags.iter().any(|of| tag.is_match(of.as_bytes())))
        {
            return Ok(None);
        }
        if head.id == 0 {
            return Err(Unfit::Wrong("a rule needs an `id`".to_owned()));
        }
        let excluded: Vec<Target> = self
            .edits
            .excluded
            .iter()
            .filter(|(range, _)| range.contains(head.id))
            .flat_map(|(_, targets)| targets.clone())
            .collect();
        let links =
            links.into_iter().map(|(_, condition, actions)| self.link(condition, &actions, &excluded));
        Ok(Some(Rule {
            id: head.id,
            number: 0,
            links: links.collect::<Result<_, _>>()?,
            message: head.message,
            severity: head.severity.as_deref().map(Severity::named),
            tags: head.tags,
            silent: head.silent,
            disposition: head.disposition,
            status: head.status,
            jump: None,
        }))
    }

    fn link(
        &mut self,
        condition: Option<(Targets, OperatorText)>,
        actions: &Actions,
        more_excluded: &[Target],
    ) -> Result<Link, Unfit> {
        let (targets, negated, operator) = match condition {
            Some((targets, operator)) => (targets, operator.negated, self.operator(&operator)?),
            None => (Targets::default(), false, Operator::Always),
        };
        let excluded = targets.excluded.iter().chain(more_excluded);
        let transformations: Vec<_> =
            actions.transformations.iter().map(|name| transformation(name)).collect::<Result<_, _>>()?;
        let number = operator.number().filter(|_| !negated);
        let view = match number {
            Some(number) => {
                let view = self.view(&targets.included, &transformations, actions.multi_match)?;
                view.map(|view| (view, number))
            }
            None => None,
        };
        Ok(Link {
            view,
            excluded: excluded.map(|target| self.look(target)).collect::<Result<_, _>>()?,
            included: targets.included.iter().map(|target| self.look(target)).collect::<Result<_, _>>()?,
            negated,
            operator,
            transformations,
            multi_match: actions.multi_match,
            capture: actions.capture,
            set: actions.set.iter().map(|change| self.change(change)).collect::<Result<_, _>>()?,
            effects: actions.controls.iter().map(|control| self.effect(control)).collect::<Result<_, _>>()?,
        })
    }

    /// The view of these targets; `None` where what they are comes about while rules are applied.
    fn view(
        &mut self,
        targets: &[Target],
        transformations: &[Transformation],
        every_form: bool,
    ) -> Result<Option<usize>, String> {
        if targets.iter().any(|target| target.count || !target.collection.is_of_the_request()) {
            return Ok(None);
        }
        let key = (targets.to_vec(), transformations.to_vec(), every_form);
        if let Some(view) = self.known_views.get(&key) {
            return Ok(Some(*view));
        }
        let looks = targets.iter().map(|target| Look::compile(target, None)).collect::<Result<_, _>>()?;
        self.views.push(View { looks, transformations: transformations.to_vec(), every_form });
        self.known_views.insert(key, self.views.len() - 1);
        Ok(Some(self.views.len() - 1))
    }

    fn look(&mut self, target: &Target) -> Result<Look, String> {
        Look::compile(target, Some(&mut self.names))
    }

    fn effect(&mut self, control: &Control) -> Result<Effect, String> {
        let mut remove = |of, target: Option<&Target>| {
            let look = target.map(|target| Look::compile(target, Some(&mut self.names))).transpose()?;
            Ok::<_, String>(Effect::Remove(Arc::new(Removal { of, look })))
        };
        match control {
            Control::RemoveById(range) => remove(Removed::Ids(*range), None),
            Control::RemoveByTag(tag) => remove(Removed::Tag(tag.clone()), None),
            Control::RemoveTargetById(range, target) => remove(Removed::Ids(*range), Some(target)),
            Control::RemoveTargetByTag(tag, target) => remove(Removed::Tag(tag.clone()), Some(target)),
            Control::BodyProcessor(processor) => Ok(Effect::BodyProcessor(processor.clone())),
            Control::ForceBody => Ok(Effect::ForceBody),
            Control::Engine(mode) => Ok(Effect::Engine(mode.clone())),
        }
    }

    fn change(&mut self, change: &SetVariable) -> Result<Change, String> {
        let name = Template::parse(&change.name, &mut self.names)?;
        let name = match name.plain() {
            Some(_) => Naming::Placed(self.names.place(&change.name)),
            None => Naming::Written(name),
        };
        let to = match &change.setting {
            Setting::To(text) => NewValue::Text(Template::parse(text, &mut self.names)?),
            Setting::Add(text) => NewValue::Sum(Template::parse(text, &mut self.names)?),
            Setting::Subtract(text) => NewValue::Difference(Template::parse(text, &mut self.names)?),
            Setting::Unset => NewValue::Nothing,
        };
        Ok(Change { name, to })
    }

    /// A number for an operator that looks for texts.
    fn number(&mut self, required: Option<Vec<Vec<u8>>>) -> usize {
        self.required.push(required);
        self.required.len() - 1
    }

    fn phrases(&mut self, phrases: Vec<Vec<u8>>) -> Operator {
        Operator::Phrases { number: self.number(Some(phrases)) }
    }

    fn operator(&mut self, text: &OperatorText) -> Result<Operator, Unfit> {
        let argument = text.argument.as_str();
        let mut template = || Template::parse(argument, &mut self.names);
        Ok(match text.name.to_ascii_lowercase().as_str() {
            "rx" if argument.contains("%{") => {
                Operator::MatchesWritten { template: template()?, latest: Latest::default() }
            }
            "rx" => {
                let expression = Expression::compile(argument)?;
                let number = self.number(required(&pattern::translate(argument)));
                Operator::Matches { expression, number }
            }
            "pm" => {
                let words = argument.split_whitespace().map(|word| word.to_ascii_lowercase().into_bytes());
                self.phrases(words.collect())
            }
            "pmfromfile" | "pmf" => {
                let mut all = Vec::new();
                for file in argument.split_whitespace() {
                    let name = file.rsplit('/').next().unwrap_or(file);
                    let lines = self
                        .phrases
                        .get(name)
                        .ok_or_else(|| format!("the file of phrases `{file}` is missing"))?;
                    let lines = lines
                        .lines()
                        .map(str::trim)
                        .filter(|line| !line.is_empty() && !line.starts_with('#'));
                    all.extend(lines.map(|line| line.to_ascii_lowercase().into_bytes()));
                }
                self.phrases(all)
            }
            "contains" => Operator::Contains(template()?),
            "beginswith" => Operator::BeginsWith(template()?),
            "endswith" => Operator::EndsWith(template()?),
            "streq" => Operator::Equals(template()?),
            "within" => Operator::Within(template()?),
            "eq" => Operator::Compare(Comparison::Equal, template()?),
            "ge" => Operator::Compare(Comparison::AtLeast, template()?),
            "gt" => Operator::Compare(Comparison::MoreThan, template()?),
            "le" => Operator::Compare(Comparison::AtMost, template()?),
            "lt" => Operator::Compare(Comparison::LessThan, template()?),
            "validatebyterange" => Operator::OutsideBytes(bytes_allowed(argument)?),
            "validateutf8encoding" => Operator::InvalidUtf8,
            "validateurlencoding" => Operator::InvalidUrlEncoding,
            "detectsqli" => Operator::SqlInjection,
            "detectxss" => Operator::CrossSiteScripting,
            "ipmatch" => Operator::Address(networks(argument)?),
            "unconditionalmatch" => Operator::Always,
            "nomatch" => Operator::Never,
            name @ ("rbl" | "geolookup") => {
                return Err(Unfit::Inert(format!("`@{name}` asks others about the address of whoever asks")));
            }
            unknown => return Err(Unfit::Wrong(format!("the operator `@{unknown}` is not known"))),
        })
    }
}

fn transformation(name: &str) -> Result<Transformation, String> {
    Transformation::named(name).ok_or_else(|| format!("the transformation `t:{name}` is not known"))
}
