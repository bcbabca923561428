//! What a link does once it matches: variables, captures, controls.

use std::sync::Arc;

use super::{Engine, Matched, Transaction};
use crate::rules::{Effect, Link, Naming, NewValue};
use crate::variables::Value;

impl<'r> Transaction<'r> {
    /// Takes down a match, and changes the variables that go with each.
    pub(super) fn matches(&mut self, link: &'r Link, matched: Matched<'r>) {
        self.matched.push(matched);
        self.change(link);
    }

    pub(super) fn change(&mut self, link: &'r Link) {
        for change in &link.set {
            let place = match &change.name {
                Naming::Placed(place) => Ok(*place),
                Naming::Written(template) => {
                    Err(String::from_utf8_lossy(&self.written(template)).to_ascii_lowercase())
                }
            };
            let current = match &place {
                Ok(place) => self.variables.get(*place),
                Err(name) => self.variables.named(name),
            };
            let current = current.map_or(0, Value::as_number);
            let value = match &change.to {
                NewValue::Nothing => None,
                NewValue::Text(template) => Some(Value::of(&self.written(template))),
                NewValue::Sum(template) => Some(Value::Number(current.saturating_add(self.amount(template)))),
                NewValue::Difference(template) => {
                    Some(Value::Number(current.saturating_sub(self.amount(template))))
                }
            };
            match place {
                Ok(place) => self.variables.set(place, value),
                Err(name) => self.variables.set_named(&name, value),
            }
        }
    }

    fn amount(&self, template: &crate::macros::Template) -> i64 {
        crate::operator::number(&self.written(template))
    }

    pub(super) fn control(&mut self, link: &'r Link) {
        for effect in &link.effects {
            match effect {
                Effect::Remove(removal) => self.removals.push(Arc::clone(removal)),
                Effect::BodyProcessor(processor) => self.processor = Some(processor.clone()),
                Effect::ForceBody => self.body_forced = true,
                Effect::Engine(mode) => match mode.as_str() {
                    "off" => self.engine = Engine::Off,
                    "detectiononly" => self.engine = Engine::Detect,
                    _ => {}
                },
            }
        }
    }
}
