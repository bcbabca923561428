//! Writes the configuration file: every key with its default, explained by the doc comments.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use toml::de::{DeTable, DeValue};

use crate::shape;

/// Width at which a comment is broken.
const WIDTH: usize = 110;

/// The file of all settings of `T`: each key in the order of its struct with its description as `# …` and its
/// default; a key without default is written commented out. Reading the file back gives the defaults.
///
/// A struct that cannot be written as TOML gives a comment saying so; the test that compares the generated file
/// finds that out.
#[must_use]
pub fn commented<T: Default + Serialize + JsonSchema>() -> String {
    let schema = shape::schema::<T>();
    let defaults = match toml::to_string(&T::default()) {
        Ok(defaults) => defaults,
        Err(cause) => return format!("# these settings cannot be written: {cause}\n"),
    };
    let mut out = String::new();
    comment(&mut out, description(&schema));
    match DeTable::parse(&defaults) {
        Ok(document) => section(&mut out, &schema, document.get_ref(), &defaults, ""),
        Err(cause) => comment(&mut out, cause.message()),
    }
    out
}

fn section(out: &mut String, schema: &Value, table: &DeTable<'_>, defaults: &str, path: &str) {
    let properties = shape::present(schema).get("properties").and_then(Value::as_object);
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, value)| name.span().start.max(value.span().start));
    let of = |name: &str| properties.and_then(|properties| properties.get(name)).unwrap_or(&Value::Null);

    for (name, value) in &entries {
        if !value.get_ref().is_table() {
            let text = defaults.get(value.span()).unwrap_or_default();
            entry(out, of(name.get_ref()), &format!("{} = {text}", name.get_ref()));
        }
    }
    // Whether a map of JSON keeps its order is for the whole build to say; the file is the same either way.
    let mut described: Vec<_> = properties.into_iter().flatten().collect();
    described.sort_by_key(|(name, _)| *name);
    for (name, unset) in described {
        if !table.contains_key(name.as_str()) {
            entry(out, unset, &format!("# {name} = {}", placeholder(unset)));
        }
    }
    for (name, value) in &entries {
        if let DeValue::Table(inner) = value.get_ref() {
            let path = if path.is_empty() {
                name.get_ref().to_string()
            } else {
                format!("{path}.{}", name.get_ref())
            };
            let schema = of(name.get_ref());
            out.push('\n');
            comment(out, description(schema));
            let _ = writeln!(out, "[{path}]");
            section(out, schema, inner, defaults, &path);
        }
    }
}

fn entry(out: &mut String, schema: &Value, line: &str) {
    out.push('\n');
    comment(out, description(schema));
    comment(out, &values(schema));
    comment(out, &range(schema));
    out.push_str(line);
    out.push('\n');
}

fn description(schema: &Value) -> &str {
    let own = schema.get("description").or_else(|| shape::present(schema).get("description"));
    own.and_then(Value::as_str).unwrap_or_default()
}

/// The values of a choice, with what each means where that is documented.
fn values(schema: &Value) -> String {
    let schema = shape::present(schema);
    if let Some(plain) = schema.get("enum").and_then(Value::as_array) {
        let shown: Vec<String> =
            plain.iter().filter(|value| !value.is_null()).map(Value::to_string).collect();
        return format!("One of: {}.", shown.join(", "));
    }
    let mut text = String::new();
    for choice in schema.get("oneOf").and_then(Value::as_array).into_iter().flatten() {
        if let Some(value) = choice.get("const") {
            let _ = writeln!(text, "  {value}: {}", description(choice).replace('\n', " "));
        }
    }
    text
}

fn range(schema: &Value) -> String {
    let schema = shape::present(schema);
    let bound = |name| schema.get(name).and_then(shape::as_integer);
    match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) => format!("From {least} to {most}."),
        (Some(least), None) if least > 0 => format!("At least {least}."),
        (None, Some(most)) => format!("At most {most}."),
        _ => String::new(),
    }
}

/// What to show for a key that has no default.
fn placeholder(schema: &Value) -> String {
    let kind = |name: &str| match shape::present(schema).get("type") {
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == name),
        Some(kind) => kind == name,
        None => false,
    };
    match schema.get("examples").and_then(|examples| examples.get(0)) {
        Some(example) => example.to_string(),
        None if kind("integer") => "0".to_owned(),
        None if kind("boolean") => "false".to_owned(),
        None if kind("array") => "[]".to_owned(),
        None if kind("object") => "{}".to_owned(),
        None => "\"\"".to_owned(),
    }
}

fn comment(out: &mut String, text: &str) {
    for paragraph in text.lines() {
        let indent = if paragraph.starts_with("  ") { "#   " } else { "# " };
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && indent.len() + line.chars().count() + 1 + word.chars().count() > WIDTH {
                let _ = writeln!(out, "{indent}{line}");
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        let _ = writeln!(out, "{}", format!("{indent}{line}").trim_end());
    }
}
