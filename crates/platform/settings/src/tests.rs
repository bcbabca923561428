//! The file that is generated, and what is said about files that are wrong.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{SecretRef, Source, commented, read};

/// Settings of an example.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Example {
    /// Where it keeps its data.
    data_dir: String,
    /// Signs what leaves the house.
    signing_key: Option<SecretRef>,
    /// The door.
    http: Http,
    /// What is written down.
    log: Log,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Http {
    /// Address and port. A sentence that goes on for a while, so that it is seen to be broken into two lines by the
    /// one who writes the file.
    listen: String,
    /// How long a request may take, milliseconds.
    #[schemars(range(min = 1, max = 60_000))]
    timeout_ms: u32,
    /// Networks that may ask for more.
    trusted: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Log {
    /// How lines look.
    format: Format,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    /// For people.
    #[default]
    Human,
    /// One object per line.
    Json,
}

impl Default for Example {
    fn default() -> Self {
        Self { data_dir: "./data".to_owned(), signing_key: None, http: Http::default(), log: Log::default() }
    }
}

impl Default for Http {
    fn default() -> Self {
        Self { listen: "127.0.0.1:8080".to_owned(), timeout_ms: 30_000, trusted: Vec::new() }
    }
}

#[test]
fn generates_one_commented_file() {
    let expected = r##"# Settings of an example.

# Where it keeps its data.
data_dir = "./data"

# Signs what leaves the house.
# signing_key = ""

# The door.
[http]

# Address and port. A sentence that goes on for a while, so that it is seen to be broken into two lines by the
# one who writes the file.
listen = "127.0.0.1:8080"

# How long a request may take, milliseconds.
# From 1 to 60000.
timeout_ms = 30000

# Networks that may ask for more.
trusted = []

# What is written down.
[log]

# How lines look.
#   "human": For people.
#   "json": One object per line.
format = "human"
"##;
    let generated = commented::<Example>();
    assert_eq!(generated, expected);
    assert_eq!(read::<Example>(&Source::text("default", &generated)).unwrap(), Example::default());
    assert_eq!(read::<Example>(&Source::defaults()).unwrap(), Example::default());
}

#[test]
fn says_where_and_what_is_wrong() {
    for (text, said) in [
        ("[http]\nlisen = \"x\"", "bank.toml:2: `http.lisen` is not a known key; did you mean `listen`?"),
        (
            "colour = 1",
            "bank.toml:1: `colour` is not a known key; known here: data_dir, http, log, signing_key",
        ),
        ("\n[htp]\nlisten = \"x\"", "bank.toml:2: `htp` is not a known key; did you mean `http`?"),
        (
            "[http]\ntimeout_ms = \"long\"",
            "bank.toml:2: `http.timeout_ms` invalid type: string \"long\", expected u32",
        ),
        ("[http]\ntimeout_ms = 0", "bank.toml:2: `http.timeout_ms` is out of range; give 1 to 60000"),
        ("[http]\ntimeout_ms = -1", "bank.toml:2: `http.timeout_ms` is out of range; give 1 to 60000"),
        (
            "[log]\nformat = \"xml\"",
            "bank.toml:2: `log.format` unknown variant `xml`, expected `human` or `json`",
        ),
        (
            "a = 1\n[http]\nb = 2\ntimeout_ms = 70000",
            "bank.toml:1: `a` is not a known key; known here: data_dir, http, log, signing_key\n\
             bank.toml:3: `http.b` is not a known key; known here: listen, timeout_ms, trusted\n\
             bank.toml:4: `http.timeout_ms` is out of range; give 1 to 60000",
        ),
        (
            "signing_key = \"hunter2\"",
            "bank.toml:1: `signing_key` is not a reference; write `file:PATH` or `env:NAME` and keep the secret \
             itself out of the file",
        ),
    ] {
        let refused = read::<Example>(&Source::text("bank.toml", text)).unwrap_err();
        assert_eq!(refused.to_string(), said);
    }
}

#[test]
fn refuses_what_is_no_toml_and_what_is_not_there() {
    let refused = read::<Example>(&Source::text("bank.toml", "[http]\nlisten = \n")).unwrap_err();
    assert_eq!((refused.faults[0].line, refused.faults.len()), (2, 1));
    let refused = read::<Example>(&Source::text("bank.toml", "data_dir = 'a'\ndata_dir = 'b'")).unwrap_err();
    assert_eq!(refused.faults[0].line, 2);
    let refused = read::<Example>(&Source::file(std::path::Path::new("/nowhere/bank.toml"))).unwrap_err();
    assert!(refused.to_string().starts_with("/nowhere/bank.toml: cannot be read; No such file"), "{refused}");
}

#[test]
fn lays_keys_of_the_command_line_over_the_file() {
    let file = Source::text("bank.toml", "data_dir = \"a\"\n[http]\ntimeout_ms = 5\n");
    let merged: Example = read(
        &file.clone().set("http.listen", "0.0.0.0:80").set("data_dir", "\"b\"").set("http.trusted", "['x']"),
    )
    .unwrap();
    assert_eq!(merged.http.timeout_ms, 5);
    assert_eq!(merged.http.listen, "0.0.0.0:80");
    assert_eq!(merged.data_dir, "b");
    assert_eq!(merged.http.trusted, ["x"]);
    for text in ["03:30", "2027-02-06"] {
        assert_eq!(read::<Example>(&file.clone().set("http.listen", text)).unwrap().http.listen, text);
    }
    for (key, value, said) in [
        ("http.lisen", "x", "--set:1: `http.lisen` is not a known key; did you mean `listen`?"),
        ("http.timeout_ms", "soon", "--set:1: `http.timeout_ms` invalid type: string \"soon\", expected u32"),
        ("http listen", "x", "--set: `http listen` is not a key; write it as section.key=value"),
    ] {
        assert_eq!(read::<Example>(&file.clone().set(key, value)).unwrap_err().to_string(), said);
    }
}

#[test]
fn finds_secrets_where_the_reference_says() {
    let reference = |text: &str| SecretRef::try_from(text.to_owned());
    let path = std::env::temp_dir().join(format!("yuanhang-settings-{}", std::process::id()));
    std::fs::write(&path, "s3cret\n").unwrap();
    let from_file = reference(&format!("file:{}", path.display())).unwrap();
    assert_eq!(from_file.resolve().unwrap().expose(), "s3cret");
    std::fs::write(&path, "\n").unwrap();
    assert!(from_file.resolve().is_err());
    std::fs::remove_file(&path).unwrap();
    assert!(from_file.resolve().is_err());

    assert!(reference("env:PATH").unwrap().resolve().is_ok());
    let missing = reference("env:YUANHANG_NOT_SET").unwrap().resolve().unwrap_err();
    assert_eq!(missing.to_string(), "the environment variable `YUANHANG_NOT_SET` is not set");
    for literal in ["hunter2", "file:", "env:", "env:A B", "https:x", ""] {
        assert!(reference(literal).is_err(), "{literal}");
    }
}
