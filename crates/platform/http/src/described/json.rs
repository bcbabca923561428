//! JSON that means the same to every reader (RFC 8259 section 4; I-JSON, RFC 7493): no name twice, no deep nesting, no
//! characters that are none.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::Problem;
use crate::body::{check_depth, malformed};

/// Of a name that is told back, so many characters.
const NAME_TOLD_MAX: usize = 64;

/// The value that `bytes` hold.
///
/// # Errors
/// `malformed_body`.
pub(super) fn read(bytes: &[u8]) -> Result<Value, Problem> {
    check_depth(bytes)?;
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = reader.deserialize_any(Strict).map_err(|error| malformed(&error))?;
    reader.end().map_err(|error| malformed(&error))?;
    Ok(value)
}

/// A name as a refusal tells it back.
pub(super) fn told(name: &str) -> String {
    name.chars().take(NAME_TOLD_MAX).collect()
}

struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
        characters(&text)?;
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element_seed(Self)? {
            all.push(item);
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut all = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            characters(&name)?;
            if all.contains_key(&name) {
                return Err(A::Error::custom(format!("duplicate field `{}`", told(&name))));
            }
            all.insert(name, members.next_value_seed(Self)?);
        }
        Ok(Value::Object(all))
    }
}

/// U+0000 ends texts where nobody expects it, and noncharacters are nobody's words (RFC 7493 section 2.1).
fn characters<E: Error>(text: &str) -> Result<(), E> {
    let is_none = |character: char| {
        let code = u32::from(character);
        code == 0 || (0xFDD0..=0xFDEF).contains(&code) || code & 0xFFFE == 0xFFFE
    };
    if text.contains(is_none) {
        return Err(E::custom("a text holds U+0000 or a noncharacter"));
    }
    Ok(())
}
