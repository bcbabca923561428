//! The words of a row: how they are taken one after the other, and values in them.

use ciborium::Value as Cbor;
use serde_json::Value;

/// Words that are still to be done. Whoever knows a word takes it; at the end none may be left.
pub(super) struct Words<'a>(Vec<&'a str>);

impl<'a> Words<'a> {
    pub(super) fn of(row: &'a str) -> Self {
        Self(row.split_whitespace().collect())
    }

    /// What stands behind `start` in the words that begin with it, in their order.
    pub(super) fn take(&mut self, start: &str) -> Vec<&'a str> {
        let found = self.0.iter().filter_map(|word| word.strip_prefix(start)).collect();
        self.0.retain(|word| !word.starts_with(start));
        found
    }

    pub(super) fn one(&mut self, start: &str) -> Option<&'a str> {
        self.take(start).pop()
    }

    pub(super) fn has(&mut self, word: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|other| *other != word);
        before != self.0.len()
    }

    /// Changes a run of bytes: `START.cut=N` off its end, `START.before=HEX`, `START.after=HEX`, `START.at=BYTE:HEX`,
    /// and `START=HEX` for another in its place.
    pub(super) fn change(&mut self, start: &str, bytes: &mut Vec<u8>) {
        if let Some(other) = self.one(&format!("{start}=")) {
            *bytes = hex::decode(other).expect("hexadecimal digits");
        }
        if let Some(count) = self.one(&format!("{start}.cut=")) {
            bytes.truncate(bytes.len() - count.parse::<usize>().unwrap());
        }
        if let Some(after) = self.one(&format!("{start}.after=")) {
            bytes.extend(hex::decode(after).unwrap());
        }
        if let Some(before) = self.one(&format!("{start}.before=")) {
            bytes.splice(0..0, hex::decode(before).unwrap());
        }
        if let Some((at, patch)) = self.one(&format!("{start}.at=")).and_then(|rest| rest.split_once(':')) {
            let (at, patch) = (at.parse::<usize>().unwrap(), hex::decode(patch).unwrap());
            bytes[at..at + patch.len()].copy_from_slice(&patch);
        }
    }

    pub(super) fn done(self) {
        assert!(self.0.is_empty(), "nobody knows the words {:?}", self.0);
    }
}

/// A value of CBOR: a number, `h'00ff'`, `"text"`, `true`, `null`, `[]`, `{}`, `h*N` for N bytes of 0xff, or `tag(…)`.
pub(super) fn cbor(text: &str) -> Cbor {
    if let Some(inner) = text.strip_prefix("tag(").and_then(|rest| rest.strip_suffix(')')) {
        return Cbor::Tag(24, Box::new(cbor(inner)));
    }
    if let Some(digits) = text.strip_prefix("h'").and_then(|rest| rest.strip_suffix('\'')) {
        return Cbor::Bytes(hex::decode(digits).unwrap());
    }
    if let Some(count) = text.strip_prefix("h*") {
        return Cbor::Bytes(vec![0xff; count.parse().unwrap()]);
    }
    if let Some(text) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return Cbor::Text(text.to_owned());
    }
    match text {
        "true" => Cbor::Bool(true),
        "null" => Cbor::Null,
        "[]" => Cbor::Array(Vec::new()),
        "{}" => Cbor::Map(Vec::new()),
        number if number.contains('.') => Cbor::Float(number.parse().unwrap()),
        number => Cbor::from(number.parse::<i64>().expect("a value")),
    }
}

pub(super) type Members = Vec<(Cbor, Cbor)>;

/// Changes a map: `KEY=VALUE` set in its place or at the end, `KEY-` taken out; for each of `added` one more member, even
/// of the same key.
pub(super) fn change_map(members: &mut Members, set: &[&str], added: &[&str], key: impl Fn(&str) -> Cbor) {
    for word in set {
        if let Some((name, value)) = word.split_once('=') {
            let (name, value) = (key(name), cbor(value));
            match members.iter_mut().find(|(held, _)| *held == name) {
                Some((_, held)) => *held = value,
                None => members.push((name, value)),
            }
        } else {
            let name = key(word.strip_suffix('-').expect("a value, or a minus"));
            let before = members.len();
            members.retain(|(held, _)| *held != name);
            assert_ne!(before, members.len(), "there is no {word}");
        }
    }
    for word in added {
        let (name, value) = word.split_once('=').expect("a value");
        members.push((key(name), cbor(value)));
    }
}

/// Changes the JSON that a browser sends: `/PATH=JSON`, `/PATH-` (taken out), `/PATH+TEXT` (behind a string).
pub(super) fn change_json(answer: &mut Value, word: &str) {
    let end = word.find(['=', '+']).unwrap_or(word.len() - 1);
    let (path, rest) = word.split_at(end);
    let (parent, name) = path.rsplit_once('/').expect("a path");
    let parent = answer.pointer_mut(parent).expect("something there").as_object_mut().expect("an object");
    match rest.split_at(1) {
        ("=", json) => {
            parent.insert(name.to_owned(), serde_json::from_str(json).expect("JSON"));
        }
        ("+", more) => {
            let longer = format!("{}{more}", parent[name].as_str().expect("a string"));
            parent.insert(name.to_owned(), Value::from(longer));
        }
        _ => assert!(parent.remove(name).is_some(), "there is no {word}"),
    }
}
