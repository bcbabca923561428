//! What is the same, what is more and what is unknown in two JSON values.

use serde_json::{Map, Value};

/// What nobody knows.
const UNKNOWN: &str = "OfALaterRelease";

/// What of `old` is not in `new`, or is another there; nothing where whoever reads `old` can read `new`. More fields
/// are no harm.
pub(super) fn lost(old: &Value, new: &Value) -> Option<String> {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => old.iter().find_map(|(name, old)| match new.get(name) {
            None => Some(format!("`{name}` is not written any more")),
            Some(new) => lost(old, new).map(|why| format!("`{name}`: {why}")),
        }),
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            let mut places = old.iter().zip(new).enumerate();
            places.find_map(|(place, (old, new))| lost(old, new).map(|why| format!("[{place}] {why}")))
        }
        _ if old == new => None,
        _ => Some(format!("{old} is written as {new}")),
    }
}

/// Whether an object is a variant with its content, as serde writes it: one field, capitalized as fields never are.
fn is_variant(object: &Map<String, Value>) -> bool {
    object.len() == 1 && object.keys().all(|name| name.starts_with(|first: char| first.is_ascii_uppercase()))
}

/// The same with a field that nobody knows in every object.
pub(super) fn with_more(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut more: Map<_, _> =
                fields.iter().map(|(name, value)| (name.clone(), with_more(value))).collect();
            if !is_variant(fields) {
                more.insert("of_a_later_release".to_owned(), serde_json::json!({ "since": [2027, null] }));
            }
            Value::Object(more)
        }
        Value::Array(values) => values.iter().map(with_more).collect(),
        other => other.clone(),
    }
}

/// All that come about by replacing one variant, or one text that may be a variant, by one that nobody knows; whether
/// it certainly is a variant.
pub(super) fn with_unknown(value: &Value) -> Vec<(Value, bool)> {
    let inside = |inner: &Value, put: &dyn Fn(Value) -> Value| -> Vec<(Value, bool)> {
        with_unknown(inner).into_iter().map(|(inner, certain)| (put(inner), certain)).collect()
    };
    match value {
        Value::String(_) => vec![(UNKNOWN.into(), false)],
        Value::Object(fields) => {
            let mut all: Vec<_> = fields
                .iter()
                .flat_map(|(name, inner)| {
                    inside(inner, &|inner| {
                        let mut fields = fields.clone();
                        fields.insert(name.clone(), inner);
                        Value::Object(fields)
                    })
                })
                .collect();
            if let Some(content) = fields.values().next().filter(|_| is_variant(fields)) {
                all.push((serde_json::json!({ UNKNOWN: content }), true));
            }
            all
        }
        Value::Array(values) => (0..values.len())
            .flat_map(|place| {
                inside(&values[place], &|inner| {
                    let mut values = values.clone();
                    values[place] = inner;
                    Value::Array(values)
                })
            })
            .collect(),
        _ => Vec::new(),
    }
}
