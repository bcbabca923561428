//! JSON: each value that is no object or list becomes an argument, named by the way to it: `json.items.0.name`.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// Deeper than this is nobody's honest request.
const DEPTH_MAX: usize = 64;

/// Hands out every argument of `body`; whether it was JSON to its end. A key that stands twice is handed out twice.
pub(super) fn arguments(body: &[u8], mut each: impl FnMut(Vec<u8>, Vec<u8>)) -> bool {
    let mut name = b"json".to_vec();
    let mut reader = serde_json::Deserializer::from_slice(body);
    let walk = Walk { name: &mut name, each: &mut each, depth: 0 };
    walk.deserialize(&mut reader).is_ok() && reader.end().is_ok()
}

struct Walk<'w> {
    name: &'w mut Vec<u8>,
    each: &'w mut dyn FnMut(Vec<u8>, Vec<u8>),
    depth: usize,
}

impl Walk<'_> {
    fn give(self, value: &[u8]) {
        (self.each)(self.name.clone(), value.to_vec());
    }

    /// One level further down.
    fn below<'a>(&'a mut self, segment: &[u8]) -> Walk<'a> {
        self.name.push(b'.');
        self.name.extend_from_slice(segment);
        Walk { name: self.name, each: self.each, depth: self.depth + 1 }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        if self.depth > DEPTH_MAX {
            return Err(serde::de::Error::custom("nested too deeply"));
        }
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.give(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.give(value.to_string().as_bytes());
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.give(value.to_string().as_bytes());
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.give(value.to_string().as_bytes());
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.give(value.as_bytes());
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.give(b"");
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let length = self.name.len();
        let mut at = 0_usize;
        while items.next_element_seed(self.below(at.to_string().as_bytes()))?.is_some() {
            self.name.truncate(length);
            at += 1;
        }
        self.name.truncate(length);
        // The list itself, so that rules about names see it too.
        self.give(at.to_string().as_bytes());
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        let length = self.name.len();
        while let Some(key) = members.next_key::<String>()? {
            members.next_value_seed(self.below(key.as_bytes()))?;
            self.name.truncate(length);
        }
        Ok(())
    }
}
