//! The regression cases of the OWASP Core Rule Set: files of YAML in the schema of `ftw-tests`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::regress::Failed;

/// One case.
#[derive(Debug, Clone)]
pub(super) struct Case {
    /// The folder that it stands in: `REQUEST-942-APPLICATION-ATTACK-SQLI`.
    pub(super) family: String,
    /// `942100-3`.
    pub(super) name: String,
    /// The rule that it is about.
    pub(super) rule: u64,
    /// One request after another.
    pub(super) stages: Vec<Stage>,
}

/// A request, and what is to come of it.
#[derive(Debug, Clone)]
pub(super) struct Stage {
    /// As it goes over the wire.
    pub(super) request: Vec<u8>,
    pub(super) expected: Expected,
}

/// What is to come of a request.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Expected {
    #[serde(default)]
    pub(super) status: Option<u16>,
    #[serde(default)]
    pub(super) log: Log,
    #[serde(default)]
    pub(super) expect_error: bool,
}

/// What is to be told, and what not.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Log {
    #[serde(default)]
    pub(super) expect_ids: Vec<u64>,
    #[serde(default)]
    pub(super) no_expect_ids: Vec<u64>,
    #[serde(default)]
    pub(super) match_regex: Option<String>,
    #[serde(default)]
    pub(super) no_match_regex: Option<String>,
}

#[derive(Debug, Deserialize)]
struct File {
    rule_id: u64,
    #[serde(default)]
    tests: Vec<Test>,
}

#[derive(Debug, Deserialize)]
struct Test {
    test_id: u64,
    stages: Vec<Written>,
}

#[derive(Debug, Deserialize)]
struct Written {
    input: Input,
    output: Expected,
}

#[derive(Debug, Deserialize)]
struct Input {
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    uri: Option<String>,
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, Option<String>>,
    #[serde(default)]
    data: Option<String>,
    #[serde(default)]
    encoded_request: Option<String>,
    #[serde(default)]
    autocomplete_headers: Option<bool>,
}

/// Every case below a folder, in the order of the names of the files.
pub(super) fn cases(folder: &Path) -> Result<Vec<Case>, Failed> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    if files.is_empty() {
        return Err(format!("there are no cases (`*.yaml`) below `{}`", folder.display()).into());
    }
    let mut all = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path)?;
        let named = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        // Files that hold no cases say how the suite is run, or are commented out.
        let holds = |key: &str| text.lines().any(|line| line.starts_with(key));
        if !holds("rule_id:") || !holds("tests:") {
            continue;
        }
        let file: File = serde_saphyr::from_str(&text).map_err(|error| named(&error))?;
        let family =
            path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
        for test in file.tests {
            let stages = test.stages.into_iter().map(stage).collect::<Result<_, _>>();
            all.push(Case {
                family: family.clone(),
                name: format!("{}-{}", file.rule_id, test.test_id),
                rule: file.rule_id,
                stages: stages.map_err(|error| named(&error))?,
            });
        }
    }
    Ok(all)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            files.push(path);
        }
    }
    Ok(())
}

fn stage(written: Written) -> Result<Stage, String> {
    let Written { input, output } = written;
    let request = match &input.encoded_request {
        Some(encoded) => {
            let letters: String = encoded.split_whitespace().collect();
            STANDARD.decode(letters).map_err(|error| error.to_string())?
        }
        None => bytes(&input),
    };
    Ok(Stage { request, expected: output })
}

/// The request as it is written, with what a client adds.
fn bytes(input: &Input) -> Vec<u8> {
    let method = input.method.as_deref().unwrap_or("GET");
    let uri = expanded(input.uri.as_deref().unwrap_or("/"));
    let version = input.version.as_deref().unwrap_or("HTTP/1.1");
    let data = input.data.as_deref().map(expanded);
    let mut text = format!("{method} {uri} {version}\r\n");
    for (name, value) in &input.headers {
        text.push_str(&format!("{name}: {}\r\n", expanded(value.as_deref().unwrap_or_default())));
    }
    let has = |wanted: &str| input.headers.keys().any(|name| name.eq_ignore_ascii_case(wanted));
    if input.autocomplete_headers.unwrap_or(true) {
        if let Some(data) = &data {
            if !has("content-type") {
                text.push_str("Content-Type: application/x-www-form-urlencoded\r\n");
            }
            if !has("content-length") && !has("transfer-encoding") {
                text.push_str(&format!("Content-Length: {}\r\n", data.len()));
            }
        }
        if !has("connection") {
            text.push_str("Connection: close\r\n");
        }
    }
    text.push_str("\r\n");
    text.push_str(data.as_deref().unwrap_or_default());
    text.into_bytes()
}

/// Replaces `{{ "x" | repeat 3 }}`, the one template that cases use.
fn expanded(text: &str) -> String {
    let Some((before, rest)) = text.split_once("{{ \"") else { return text.to_owned() };
    let parts = rest.split_once("\" | repeat ").and_then(|(what, rest)| {
        let (times, after) = rest.split_once(" }}")?;
        Some((what, times.trim().parse::<usize>().ok()?, after))
    });
    match parts {
        Some((what, times, after)) => format!("{before}{}{}", what.repeat(times), expanded(after)),
        None => text.to_owned(),
    }
}
