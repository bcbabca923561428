//! Values that travel as text under a name: of paths, queries, headers and forms.

use std::borrow::Cow;

use jsonschema::Validator;
use serde_json::{Map, Number, Value};

use super::json::told;
use super::refusal::{self, Place};
use crate::Problem;

/// What a text stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Truth,
}

impl Kind {
    /// The value that `text` writes; the text itself where it is no such value, for the schema to refuse.
    fn read(self, text: Cow<'_, str>) -> Value {
        match (self, &*text) {
            (Self::Truth, "true") => Value::Bool(true),
            (Self::Truth, "false") => Value::Bool(false),
            (Self::Number, digits) => serde_json::from_str::<Number>(digits)
                .map_or_else(|_| Value::String(text.into_owned()), Value::Number),
            _ => Value::String(text.into_owned()),
        }
    }
}

/// One of the names.
pub(super) struct Member {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Whether it may come several times: an array.
    pub(super) is_list: bool,
}

/// The names that an operation describes in one place, with the schema of all together.
pub(super) struct Named {
    pub(super) members: Vec<Member>,
    pub(super) needs_any: bool,
    /// Of an object with a property for each name.
    pub(super) schema: Validator,
}

impl Named {
    /// # Errors
    /// What is said of `place`.
    pub(super) fn check<'a>(
        &self,
        place: Place,
        pairs: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>,
    ) -> Result<(), Problem> {
        let mut all = Map::new();
        for (name, text) in pairs {
            let member = self.members.iter().find(|member| member.name == name);
            let value = member.map_or(Kind::Text, |member| member.kind).read(text);
            let is_list = member.is_some_and(|member| member.is_list);
            match all.get_mut(&*name) {
                Some(Value::Array(items)) if is_list => items.push(value),
                Some(_) => return Err(place.twice(&told(&name))),
                None => {
                    all.insert(name.into_owned(), if is_list { Value::Array(vec![value]) } else { value });
                }
            }
        }
        if all.is_empty() && !self.needs_any {
            return Ok(());
        }
        refusal::valid(&self.schema, &Value::Object(all), place)
    }
}
