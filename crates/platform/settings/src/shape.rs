//! Compares a text with the shape of the settings: unknown keys, values out of range, the line of each.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::Fault;

/// The JSON schema of `T`, with nothing referred to elsewhere.
pub(crate) fn schema<T: JsonSchema>() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// The part of a schema that describes a present value: looks through `Option`.
pub(crate) fn present(schema: &Value) -> &Value {
    let choices = schema.get("anyOf").and_then(Value::as_array);
    choices
        .and_then(|choices| choices.iter().find(|choice| choice.get("type") != Some(&Value::from("null"))))
        .unwrap_or(schema)
}

/// Unknown keys and numbers out of range, in the order of the text; or the place where it stops being TOML.
pub(crate) fn faults(schema: &Value, file: &str, text: &str) -> Vec<Fault> {
    let document = match DeTable::parse(text) {
        Ok(document) => document,
        Err(cause) => return vec![fault_of(file, text, &cause)],
    };
    let mut found = Vec::new();
    walk(&Place { file, text }, schema, document.get_ref(), "", &mut found);
    found.sort_by_key(|fault: &Fault| fault.line);
    found
}

struct Place<'a> {
    file: &'a str,
    text: &'a str,
}

impl Place<'_> {
    fn fault(&self, at: usize, key: String, problem: String, advice: String) -> Fault {
        Fault { file: self.file.to_owned(), line: line_of(self.text, at), key, problem, advice }
    }
}

fn walk(place: &Place<'_>, schema: &Value, table: &DeTable<'_>, section: &str, found: &mut Vec<Fault>) {
    let Some(properties) = present(schema).get("properties").and_then(Value::as_object) else {
        return;
    };
    for (name, value) in table {
        let key = if section.is_empty() {
            name.get_ref().to_string()
        } else {
            format!("{section}.{}", name.get_ref())
        };
        match properties.get(name.get_ref().as_ref()) {
            Some(expected) => match value.get_ref() {
                DeValue::Table(inner) => walk(place, expected, inner, &key, found),
                _ => found.extend(out_of_range(place, expected, value, &key)),
            },
            None => {
                let advice = nearest(name.get_ref(), properties.keys());
                found.push(place.fault(name.span().start, key, "is not a known key".to_owned(), advice));
            }
        }
    }
}

fn out_of_range(place: &Place<'_>, schema: &Value, value: &Spanned<DeValue<'_>>, key: &str) -> Option<Fault> {
    let integer = value.get_ref().as_integer()?;
    let number = i128::from_str_radix(integer.as_str(), integer.radix()).ok()?;
    let schema = present(schema);
    let bound = |name| schema.get(name).and_then(as_integer);
    let (least, most) = (bound("minimum"), bound("maximum"));
    let fits = least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most);
    let advice = match (least, most) {
        (Some(least), Some(most)) => format!("give {least} to {most}"),
        (Some(least), None) => format!("give at least {least}"),
        (None, Some(most)) => format!("give at most {most}"),
        (None, None) => String::new(),
    };
    (!fits).then(|| place.fault(value.span().start, key.to_owned(), "is out of range".to_owned(), advice))
}

/// A bound, which schemars may write as `1` or as `1.0`.
pub(crate) fn as_integer(value: &Value) -> Option<i128> {
    let text = value.to_string();
    text.strip_suffix(".0").unwrap_or(&text).parse().ok()
}

/// What the parser or serde said, with its place.
pub(crate) fn fault_of(file: &str, text: &str, cause: &toml::de::Error) -> Fault {
    let at = cause.span().map(|span| span.start);
    let key = at.map(|at| key_at(text, at)).unwrap_or_default();
    Fault {
        file: file.to_owned(),
        line: at.map_or(0, |at| line_of(text, at)),
        key,
        problem: cause.message().lines().collect::<Vec<_>>().join(", "),
        advice: String::new(),
    }
}

/// The key whose value stands at byte `at`; empty where the text is no TOML.
fn key_at(text: &str, at: usize) -> String {
    fn find(table: &DeTable<'_>, at: usize) -> Option<String> {
        table.iter().find_map(|(name, value)| {
            let name_text = name.get_ref().to_string();
            if let DeValue::Table(inner) = value.get_ref()
                && let Some(rest) = find(inner, at)
            {
                return Some(format!("{name_text}.{rest}"));
            }
            (value.span().contains(&at) || name.span().contains(&at)).then_some(name_text)
        })
    }
    DeTable::parse(text).ok().and_then(|document| find(document.get_ref(), at)).unwrap_or_default()
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// Advice naming the known key that differs least, where it differs little enough to be meant.
fn nearest<'a>(unknown: &str, known: impl Iterator<Item = &'a String>) -> String {
    let mut all: Vec<&str> = known.map(String::as_str).collect();
    all.sort_unstable();
    let best = all.iter().map(|name| (distance(unknown, name), *name)).min();
    match best {
        Some((steps, name)) if steps <= 1 + unknown.chars().count() / 3 => format!("did you mean `{name}`?"),
        _ => format!("known here: {}", all.join(", ")),
    }
}

/// Levenshtein distance in characters.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut next = vec![i + 1];
        let mut before = i + 1;
        for ((b, above), above_next) in right.iter().zip(&row).zip(row.iter().skip(1)) {
            let step = (above + usize::from(a != *b)).min(above_next + 1).min(before + 1);
            next.push(step);
            before = step;
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
