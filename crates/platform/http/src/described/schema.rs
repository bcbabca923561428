//! From the description of an operation to what its requests are held against.

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

use super::text::{Kind, Member, Named};
use super::{Carried, Content, Described, Undescribed};

const METHODS: [(&str, &str); 5] =
    [("get", "GET"), ("post", "POST"), ("put", "PUT"), ("patch", "PATCH"), ("delete", "DELETE")];
/// How a schema names another.
const COMPONENT: &str = "#/components/schemas/";
/// Schemas of schemas: whatever stands there has to be met as well, or instead.
const COMPOSED: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// Why an operation cannot be checked.
type Why = String;

pub(super) fn operations(
    described: &OpenApi,
    path: &str,
) -> Result<Vec<(&'static str, Described)>, Undescribed> {
    let undescribed = |operation: String| move |why| Undescribed { operation, why };
    let document = serde_json::to_value(described).map_err(|error| error.to_string());
    let document = document.map_err(undescribed(path.to_owned()))?;
    let components = document.pointer("/components/schemas").and_then(Value::as_object);
    let schemas = Schemas { components: components.cloned().unwrap_or_default() };
    let item = document.get("paths").and_then(|paths| paths.get(path));
    let listed = METHODS.iter().filter_map(|(member, method)| Some((*method, item?.get(member)?)));
    listed
        .map(|(method, operation)| {
            let compiled = schemas.operation(path, operation);
            Ok((method, compiled.map_err(undescribed(format!("{method} {path}")))?))
        })
        .collect()
}

struct Schemas {
    components: Map<String, Value>,
}

impl Schemas {
    fn operation(&self, path: &str, operation: &Value) -> Result<Described, Why> {
        let parameters = operation.get("parameters").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let of = |place: &str| {
            let is_there = |parameter: &&Value| parameter.get("in").and_then(Value::as_str) == Some(place);
            parameters.iter().filter(is_there).collect::<Vec<_>>()
        };
        let (in_path, in_query, in_headers) = (of("path"), of("query"), of("header"));
        if in_path.len() + in_query.len() + in_headers.len() != parameters.len() {
            return Err("a parameter is neither in the path nor in the query nor a header".to_owned());
        }
        let mut described: Vec<_> = in_path.iter().filter_map(|parameter| name(parameter)).collect();
        let mut written: Vec<_> =
            path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        described.sort_unstable();
        written.sort_unstable();
        if described != written {
            return Err(format!("the path names {written:?} and {described:?} are described"));
        }
        let header = |parameter: &&Value| {
            let name = name(parameter).ok_or("a parameter has no name")?.to_owned();
            Ok((name, self.parameters(&[parameter])?))
        };
        Ok(Described {
            path: (!in_path.is_empty()).then(|| self.parameters(&in_path)).transpose()?,
            query: self.parameters(&in_query)?,
            headers: in_headers.iter().map(header).collect::<Result<_, Why>>()?,
            body: operation.get("requestBody").map(|body| self.body(body)).transpose()?,
        })
    }

    fn body(&self, body: &Value) -> Result<Carried, Why> {
        let content = body.get("content").and_then(Value::as_object).ok_or("a body has no content")?;
        let content = content.iter().map(|(media_type, content)| {
            let schema = content.get("schema").ok_or("a body has no schema")?;
            let content = match media_type.as_str() {
                "application/json" => Some(Content::Json(self.compile(schema, true)?)),
                "application/x-www-form-urlencoded" => Some(Content::Form(self.form(schema)?)),
                "application/x-ndjson" => self.compile(schema, true).map(|_| None)?,
                other => return Err(format!("nobody checks a body of type `{other}`")),
            };
            Ok((media_type.clone(), content))
        });
        let content = content.collect::<Result<Vec<_>, Why>>()?;
        if content.is_empty() {
            return Err("a body has no content".to_owned());
        }
        let is_required = body.get("required").and_then(Value::as_bool).unwrap_or_default();
        Ok(Carried { is_required, content })
    }

    /// Parameters of one place, as the schema of an object that has no others.
    fn parameters(&self, parameters: &[&Value]) -> Result<Named, Why> {
        let (mut properties, mut required) = (Map::new(), Vec::new());
        for parameter in parameters {
            let name = name(parameter).ok_or("a parameter has no name")?;
            let schema = parameter.get("schema").ok_or_else(|| format!("`{name}` has no schema"))?;
            properties.insert(name.to_owned(), schema.clone());
            if parameter.get("required").and_then(Value::as_bool) == Some(true) {
                required.push(name);
            }
        }
        let schema = json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        });
        self.named(&schema, &properties, !required.is_empty(), true)
    }

    /// A form. What a standard lets be added is passed over.
    fn form(&self, schema: &Value) -> Result<Named, Why> {
        let whole = self.resolve(schema)?;
        let properties = whole.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
        self.named(schema, &properties, true, false)
    }

    fn named(
        &self,
        schema: &Value,
        properties: &Map<String, Value>,
        needs_any: bool,
        is_closed: bool,
    ) -> Result<Named, Why> {
        let member = |(name, schema): (&String, &Value)| {
            let schema = self.resolve(schema)?;
            let is_list = is_type(schema, "array");
            let of =
                if is_list { self.resolve(schema.get("items").unwrap_or(&Value::Null))? } else { schema };
            let kind = if is_type(of, "string") || of.get("type").is_none() {
                Kind::Text
            } else if is_type(of, "integer") || is_type(of, "number") {
                Kind::Number
            } else if is_type(of, "boolean") {
                Kind::Truth
            } else {
                return Err(format!("`{name}` is no text, number, truth or list of them"));
            };
            Ok(Member { name: name.clone(), kind, is_list })
        };
        let members = properties.iter().map(member).collect::<Result<_, Why>>()?;
        Ok(Named { members, needs_any, schema: self.compile(schema, is_closed)? })
    }

    /// What a schema says, where it only names another.
    fn resolve<'s>(&'s self, schema: &'s Value) -> Result<&'s Value, Why> {
        match component(schema) {
            Some(name) => self.component(name).and_then(|schema| self.resolve(schema)),
            None => Ok(schema),
        }
    }

    fn component(&self, name: &str) -> Result<&Value, Why> {
        self.components.get(name).ok_or_else(|| format!("there is no schema `{name}`"))
    }

    /// `schema` with whatever it names, directly or not.
    fn compile(&self, schema: &Value, is_closed: bool) -> Result<Validator, Why> {
        let mut whole = self.finished(schema.clone(), is_closed)?;
        let mut taken = Map::new();
        let mut named = names(&whole);
        while let Some(name) = named.pop() {
            if !taken.contains_key(&name) {
                let schema = self.finished(self.component(&name)?.clone(), is_closed)?;
                named.extend(names(&schema));
                taken.insert(name, schema);
            }
        }
        let members = whole.as_object_mut().ok_or("a schema is no object")?;
        members.insert("components".to_owned(), json!({ "schemas": taken }));
        let options = jsonschema::draft202012::options().should_validate_formats(true).offline();
        options.build(&whole).map_err(|error| error.to_string())
    }

    /// `schema`, whose objects have no other fields than it names.
    fn finished(&self, mut schema: Value, is_closed: bool) -> Result<Value, Why> {
        if is_closed {
            self.close(&mut schema, false)?;
        }
        Ok(schema)
    }

    /// Closes the objects of `schema`. One of which `is_part` is closed by the whole: each part knows its own fields alone.
    fn close(&self, schema: &mut Value, is_part: bool) -> Result<(), Why> {
        if is_part && let Some(name) = component(schema) {
            *schema = self.component(name)?.clone();
        }
        let Some(members) = schema.as_object_mut() else { return Ok(()) };
        let has_fields = members.contains_key("properties");
        let is_open =
            ["additionalProperties", "unevaluatedProperties"].iter().any(|word| members.contains_key(*word));
        let is_whole = members.contains_key("allOf")
            || (has_fields && COMPOSED.iter().any(|word| members.contains_key(*word)));
        for (word, inner) in members.iter_mut() {
            match (word.as_str(), inner) {
                ("properties", Value::Object(fields)) => {
                    fields.values_mut().try_for_each(|field| self.close(field, false))?;
                }
                (composed, Value::Array(parts)) if COMPOSED.contains(&composed) => {
                    parts.iter_mut().try_for_each(|part| self.close(part, is_part || is_whole))?;
                }
                ("items" | "additionalProperties", inner) => self.close(inner, false)?,
                _ => {}
            }
        }
        if is_part {
            // A part that is closed by itself refuses the fields of the others.
            if members.get("additionalProperties") == Some(&Value::Bool(false)) {
                members.remove("additionalProperties");
            }
        } else if is_whole {
            members.entry("unevaluatedProperties").or_insert(Value::Bool(false));
        } else if has_fields && !is_open {
            members.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
        Ok(())
    }
}

fn name(parameter: &Value) -> Option<&str> {
    parameter.get("name").and_then(Value::as_str)
}

/// The component that a schema is, where it names one.
fn component(schema: &Value) -> Option<&str> {
    schema.get("$ref").and_then(Value::as_str).and_then(|named| named.strip_prefix(COMPONENT))
}

/// The components that a schema names anywhere.
fn names(schema: &Value) -> Vec<String> {
    match schema {
        Value::Object(members) => {
            component(schema).map(str::to_owned).into_iter().chain(members.values().flat_map(names)).collect()
        }
        Value::Array(items) => items.iter().flat_map(names).collect(),
        _ => Vec::new(),
    }
}

/// Whether values of `schema` may be of the type `wanted`.
fn is_type(schema: &Value, wanted: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(only)) => only == wanted,
        Some(Value::Array(several)) => several.iter().any(|one| one == wanted),
        _ => false,
    }
}
