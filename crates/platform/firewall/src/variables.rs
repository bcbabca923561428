//! Variables of the transaction (`TX`): those that rules name have a place, so that a comparison is no look-up of text.

use std::collections::HashMap;
use std::sync::Arc;

use crate::operator::number;

/// The places of all names that the rules hold. The first ten are `0` to `9`: what an expression captured.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    places: HashMap<String, usize>,
    names: Vec<String>,
}

impl Names {
    pub(crate) fn new() -> Self {
        let mut names = Self { places: HashMap::new(), names: Vec::new() };
        for digit in 0..10 {
            names.place(&digit.to_string());
        }
        names
    }

    /// The place of `name` (in lower case), a new one where it has none.
    pub(crate) fn place(&mut self, name: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = self.names.len();
        self.names.push(name.to_owned());
        self.places.insert(name.to_owned(), place);
        place
    }

    pub(crate) fn known(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    pub(crate) fn name(&self, place: usize) -> &str {
        self.names.get(place).map_or("", String::as_str)
    }

    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }
}

/// A value of a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Number(i64),
    Text(Arc<[u8]>),
}

impl Value {
    /// A text that is written as a number is one.
    pub(crate) fn of(text: &[u8]) -> Self {
        let value = number(text);
        if value.to_string().as_bytes() == text { Self::Number(value) } else { Self::Text(text.into()) }
    }

    pub(crate) fn as_number(&self) -> i64 {
        match self {
            Self::Number(value) => *value,
            Self::Text(text) => number(text),
        }
    }

    pub(crate) fn write(&self, to: &mut Vec<u8>) {
        match self {
            Self::Number(value) => to.extend_from_slice(value.to_string().as_bytes()),
            Self::Text(text) => to.extend_from_slice(text),
        }
    }
}

/// The variables of one transaction.
pub(crate) struct Variables<'r> {
    names: &'r Names,
    placed: Vec<Option<Value>>,
    /// Names that only come about while rules are applied.
    others: Vec<(String, Value)>,
}

impl<'r> Variables<'r> {
    pub(crate) fn new(names: &'r Names) -> Self {
        Self { names, placed: vec![None; names.len()], others: Vec::new() }
    }

    pub(crate) fn get(&self, place: usize) -> Option<&Value> {
        self.placed.get(place).and_then(Option::as_ref)
    }

    pub(crate) fn set(&mut self, place: usize, value: Option<Value>) {
        if let Some(slot) = self.placed.get_mut(place) {
            *slot = value;
        }
    }

    pub(crate) fn named(&self, name: &str) -> Option<&Value> {
        match self.names.known(name) {
            Some(place) => self.get(place),
            None => self.others.iter().find(|(other, _)| other == name).map(|(_, value)| value),
        }
    }

    pub(crate) fn set_named(&mut self, name: &str, value: Option<Value>) {
        if let Some(place) = self.names.known(name) {
            return self.set(place, value);
        }
        self.others.retain(|(other, _)| other != name);
        if let Some(value) = value {
            self.others.push((name.to_owned(), value));
        }
    }

    /// All that are set, with their names.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &Value)> {
        let placed = self
            .placed
            .iter()
            .enumerate()
            .filter_map(|(place, value)| Some((self.names.name(place), value.as_ref()?)));
        placed.chain(self.others.iter().map(|(name, value)| (name.as_str(), value)))
    }
}
