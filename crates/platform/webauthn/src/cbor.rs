//! CBOR as authenticators write it (RFC 8949): one value at a time, of bounded depth, no key twice.

use ciborium::Value;

use crate::Refused;

/// Levels of nesting: attestation objects and keys have three, CTAP2 allows four, extensions may add a few.
const DEPTH_MAX: usize = 16;

/// Members of one map. Each is compared with all others.
const MEMBERS_MAX: usize = 64;

/// The members of a map, in the order in which they were sent.
pub(crate) type Members = [(Value, Value)];

/// The value at the front of `bytes`, and what follows it.
///
/// # Errors
/// [`Refused::Malformed`], also for a map that has a key twice.
pub(crate) fn first(bytes: &[u8]) -> Result<(Value, &[u8]), Refused> {
    let mut rest = bytes;
    let value: Value = ciborium::de::from_reader_with_recursion_limit(&mut rest, DEPTH_MAX)
        .map_err(|_| Refused::Malformed)?;
    if has_unique_keys(&value) { Ok((value, rest)) } else { Err(Refused::Malformed) }
}

/// The value that `bytes` are, with nothing behind it.
///
/// # Errors
/// [`Refused::Malformed`].
pub(crate) fn whole(bytes: &[u8]) -> Result<Value, Refused> {
    match first(bytes)? {
        (value, []) => Ok(value),
        _ => Err(Refused::Malformed),
    }
}

/// Whether no map in the value has a key twice; readers differ in which of the two they take.
fn has_unique_keys(value: &Value) -> bool {
    match value {
        Value::Map(members) => {
            members.len() <= MEMBERS_MAX
                && members.iter().enumerate().all(|(at, (key, _))| {
                    members.iter().skip(at.saturating_add(1)).all(|(other, _)| other != key)
                })
                && members.iter().all(|(key, value)| has_unique_keys(key) && has_unique_keys(value))
        }
        Value::Array(values) => values.iter().all(has_unique_keys),
        Value::Tag(_, value) => has_unique_keys(value),
        _ => true,
    }
}

/// The member whose key is this text.
pub(crate) fn named<'a>(members: &'a Members, name: &str) -> Option<&'a Value> {
    members.iter().find(|(key, _)| key.as_text() == Some(name)).map(|(_, value)| value)
}

/// The member whose key is this number.
pub(crate) fn labeled(members: &Members, label: i64) -> Option<&Value> {
    members.iter().find(|(key, _)| number(key) == Some(label)).map(|(_, value)| value)
}

/// A whole number of 64 bits with its sign.
pub(crate) fn number(value: &Value) -> Option<i64> {
    i64::try_from(i128::from(value.as_integer()?)).ok()
}

/// A map of numbers to values, keys in the order given: for keys as CTAP2 sorts them.
pub(crate) fn written(members: &[(i64, Value)]) -> Vec<u8> {
    let members = members.iter().map(|(label, value)| (Value::from(*label), value.clone())).collect();
    let mut bytes = Vec::new();
    // A vector takes all that is written; the only error there is cannot come.
    let _taken = ciborium::into_writer(&Value::Map(members), &mut bytes);
    bytes
}
