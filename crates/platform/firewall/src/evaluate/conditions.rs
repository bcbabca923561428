//! Whether a link of a rule matches.

use std::borrow::Cow;

use super::{Matched, Name, Transaction};
use crate::injections::is_script;
use crate::macros::{Piece, Template};
use crate::operator::{Operator, number};
use crate::rules::{Link, Look, Rule, Which};
use crate::seclang::{Collection, Selector};
use crate::texts::TextId;
use crate::transform::{Transformation, url_valid};
use crate::variables::Value;

impl<'r> Transaction<'r> {
    /// Tries every value of a target. `before`: where the matches of this link begin.
    pub(super) fn look(&mut self, rule: &'r Rule, link: &'r Link, look: &'r Look, before: usize) {
        match look.collection {
            Collection::Tx => self.look_at_variables(link, look),
            Collection::MatchedVar
            | Collection::MatchedVars
            | Collection::MatchedVarName
            | Collection::MatchedVarsNames => {
                self.look_at_matched(link, look, before);
            }
            _ => self.look_at_request(rule, link, look),
        }
    }

    fn look_at_request(&mut self, rule: &'r Rule, link: &'r Link, look: &'r Look) {
        let mut count = 0_usize;
        for at in 0.. {
            let Some(entry) = self.collections.entries(look.collection).get(at) else { break };
            let covered = look.covers(look.collection, &entry.name);
            if !covered || self.excluded(rule, link, look.collection, &entry.name) {
                continue;
            }
            count += 1;
            if look.count {
                continue;
            }
            let value = entry.value;
            if let Some((value, part)) = self.holds(link, value) {
                let name = self.collections.entries(look.collection).get(at).map(|entry| entry.name.clone());
                let name = Name::Of(look.collection, name.unwrap_or_default());
                self.matches(link, Matched { name, value, part });
            }
        }
        if look.count {
            self.count(link, look, count);
        }
    }

    fn count(&mut self, link: &'r Link, look: &'r Look, count: usize) {
        let value = self.texts.add(match count {
            0 => Cow::Borrowed(b"0"),
            1 => Cow::Borrowed(b"1"),
            _ => Cow::Owned(count.to_string().into_bytes()),
        });
        if let Some((value, part)) = self.holds(link, value) {
            let name = match &look.which {
                Which::Named(name) => Name::Of(look.collection, Cow::Borrowed(name.as_bytes())),
                Which::Placed(place) => Name::Variable(*place),
                _ => Name::Of(look.collection, Cow::Borrowed(b"")),
            };
            self.matches(link, Matched { name, value, part });
        }
    }

    fn excluded(&self, rule: &Rule, link: &Link, collection: Collection, name: &[u8]) -> bool {
        let by_rules = self.removals.iter().filter(|removal| removal.concerns(rule));
        let by_rules = by_rules.filter_map(|removal| removal.look.as_ref());
        let mut looks = link.excluded.iter().chain(self.policy.excluded(rule)).chain(by_rules);
        looks.any(|look| look.covers(collection, name))
    }

    fn look_at_variables(&mut self, link: &'r Link, look: &'r Look) {
        if let Which::Placed(place) = look.which {
            return self.look_at_variable(link, look, place);
        }
        let chosen: Vec<(String, Vec<u8>)> = self
            .variables
            .all()
            .filter(|(name, _)| look.covers(Collection::Tx, name.as_bytes()))
            .map(|(name, value)| {
                let mut text = Vec::new();
                value.write(&mut text);
                (name.to_owned(), text)
            })
            .collect();
        if look.count {
            return self.count(link, look, chosen.len());
        }
        for (name, text) in chosen {
            let value = self.texts.add(Cow::Owned(text));
            if let Some((value, part)) = self.holds(link, value) {
                let name = Name::Of(Collection::Tx, Cow::Owned(name.into_bytes()));
                self.matches(link, Matched { name, value, part });
            }
        }
    }

    fn look_at_variable(&mut self, link: &'r Link, look: &'r Look, place: usize) {
        let value = self.variables.get(place);
        if look.count {
            let count = usize::from(value.is_some());
            // Most of these ask whether a variable is set: no text is made of it.
            if let Operator::Compare(comparison, argument) = &link.operator
                && let Some(argument) = argument.plain()
                && comparison.holds(i64::from(value.is_some()), number(argument)) == link.negated
            {
                return;
            }
            return self.count(link, look, count);
        }
        let Some(value) = value else { return };
        if let Operator::Compare(comparison, argument) = &link.operator
            && link.transformations.is_empty()
        {
            let argument = self.as_number(argument);
            if comparison.holds(value.as_number(), argument) == link.negated {
                return;
            }
        }
        let mut text = Vec::new();
        value.write(&mut text);
        let value = self.texts.add(Cow::Owned(text));
        if let Some((value, part)) = self.holds(link, value) {
            self.matches(link, Matched { name: Name::Variable(place), value, part });
        }
    }

    /// What the link before this one matched.
    fn look_at_matched(&mut self, link: &'r Link, look: &'r Look, before: usize) {
        let all: Vec<Matched> = self.matched.get(..before).unwrap_or_default().to_vec();
        let last_only = matches!(look.collection, Collection::MatchedVar | Collection::MatchedVarName);
        let names = matches!(look.collection, Collection::MatchedVarName | Collection::MatchedVarsNames);
        if look.count {
            return self.count(link, look, all.len());
        }
        let skipped = if last_only { all.len().saturating_sub(1) } else { 0 };
        for matched in all.into_iter().skip(skipped) {
            let value = if names {
                self.texts.add(Cow::Owned(self.named(&matched.name).into_bytes()))
            } else {
                matched.value
            };
            if let Some((value, part)) = self.holds(link, value) {
                self.matches(link, Matched { name: matched.name, value, part });
            }
        }
    }

    /// The value as it matched and the part that did, where it does.
    fn holds(&mut self, link: &'r Link, value: TextId) -> Option<(TextId, Option<Vec<u8>>)> {
        if link.multi_match {
            return self.holds_at_any(link, value, &link.transformations);
        }
        let value = self.texts.through(value, &link.transformations);
        self.asked(link, value).map(|part| (value, part))
    }

    /// As [`Self::holds`], before the first transformation and after each that changes something.
    fn holds_at_any(
        &mut self,
        link: &'r Link,
        value: TextId,
        transformations: &[Transformation],
    ) -> Option<(TextId, Option<Vec<u8>>)> {
        if let Some(part) = self.asked(link, value) {
            return Some((value, part));
        }
        let mut last = value;
        for (at, transformation) in transformations.iter().enumerate() {
            let next = self.texts.transformed(last, *transformation);
            // A form that the next step undoes shows nothing that the forms around it do not.
            let undone = *transformation == Transformation::Utf8ToUnicode
                && transformations.get(at + 1) == Some(&Transformation::UrlDecodeUni);
            if next != last
                && !undone
                && let Some(part) = self.asked(link, next)
            {
                return Some((next, part));
            }
            last = next;
        }
        None
    }

    /// Asks the operator; the part that an expression matched, where one did.
    fn asked(&mut self, link: &'r Link, value: TextId) -> Option<Option<Vec<u8>>> {
        match &link.operator {
            Operator::Matches { expression, number } => {
                if !self.texts.can_match(value, *number) {
                    return link.negated.then_some(None);
                }
                if link.negated {
                    return (!expression.is_match(self.texts.bytes(value))).then_some(None);
                }
                if !link.capture {
                    return expression.found(self.texts.bytes(value)).map(Some);
                }
                let parts = expression.parts(self.texts.bytes(value))?;
                for place in 0..10 {
                    let part = parts.get(place).and_then(Option::as_ref);
                    self.variables.set(place, part.map(|part| Value::Text(part.as_slice().into())));
                }
                Some(parts.into_iter().next().flatten())
            }
            Operator::Phrases { number } => (self.texts.can_match(value, *number) != link.negated)
                .then(|| self.captured_whole(link, value)),
            _ => (self.simple(link, value) != link.negated).then(|| self.captured_whole(link, value)),
        }
    }

    fn captured_whole(&mut self, link: &Link, value: TextId) -> Option<Vec<u8>> {
        if link.capture && !link.negated {
            let whole = Value::Text(self.texts.bytes(value).into());
            self.variables.set(0, Some(whole));
        }
        None
    }

    /// Operators that look for nothing.
    fn simple(&self, link: &Link, value: TextId) -> bool {
        let bytes = self.texts.bytes(value);
        match &link.operator {
            Operator::MatchesWritten { template, latest } => latest.is_match(&self.written(template), bytes),
            Operator::Contains(argument) => memchr::memmem::find(bytes, &self.written(argument)).is_some(),
            Operator::BeginsWith(argument) => bytes.starts_with(&self.written(argument)),
            Operator::EndsWith(argument) => bytes.ends_with(&self.written(argument)),
            Operator::Equals(argument) => *bytes == *self.written(argument),
            Operator::Within(argument) => memchr::memmem::find(&self.written(argument), bytes).is_some(),
            Operator::Compare(comparison, argument) => {
                comparison.holds(number(bytes), self.as_number(argument))
            }
            Operator::OutsideBytes(allowed) => {
                bytes.iter().any(|byte| !allowed.get(usize::from(*byte)).copied().unwrap_or_default())
            }
            Operator::InvalidUtf8 => std::str::from_utf8(bytes).is_err(),
            Operator::InvalidUrlEncoding => !url_valid(bytes),
            Operator::SqlInjection => self.rules.injections.is_sql(bytes),
            Operator::CrossSiteScripting => is_script(bytes),
            Operator::Address(networks) => {
                std::str::from_utf8(bytes).ok().and_then(|text| text.parse().ok()).is_some_and(
                    |address: std::net::IpAddr| networks.iter().any(|network| network.contains(&address)),
                )
            }
            Operator::Always => true,
            Operator::Never | Operator::Matches { .. } | Operator::Phrases { .. } => false,
        }
    }

    fn as_number(&self, template: &Template) -> i64 {
        match template.0.as_slice() {
            [Piece::Text(text)] => number(text),
            [Piece::Variable(place)] => self.variables.get(*place).map_or(0, Value::as_number),
            _ => number(&self.written(template)),
        }
    }

    /// A text with its macros replaced.
    pub(super) fn written<'t>(&self, template: &'t Template) -> Cow<'t, [u8]> {
        if let Some(text) = template.plain() {
            return Cow::Borrowed(text);
        }
        let mut text = Vec::new();
        for piece in &template.0 {
            match piece {
                Piece::Text(part) => text.extend_from_slice(part),
                Piece::Variable(place) => {
                    self.variables.get(*place).into_iter().for_each(|value| value.write(&mut text))
                }
                Piece::MatchedValue => {
                    text.extend_from_slice(
                        self.matched.last().map_or(b"", |matched| self.texts.bytes(matched.value)),
                    );
                }
                Piece::MatchedName => {
                    let name = self.matched.last().map(|matched| self.named(&matched.name));
                    text.extend_from_slice(name.unwrap_or_default().as_bytes());
                }
                Piece::Value(target) => {
                    let named = |name: &[u8]| match &target.selector {
                        Selector::Named(wanted) => name.eq_ignore_ascii_case(wanted.as_bytes()),
                        _ => true,
                    };
                    let entry =
                        self.collections.entries(target.collection).iter().find(|entry| named(&entry.name));
                    text.extend_from_slice(entry.map_or(b"", |entry| self.texts.bytes(entry.value)));
                }
            }
        }
        Cow::Owned(text)
    }
}
