//! A secret by reference: where it is, never what it is.

use std::fmt;
use std::path::PathBuf;

use schemars::JsonSchema;
use secrecy::Secret;
use serde::{Deserialize, Serialize};

/// Where a secret is found: `file:PATH` (its content without the line break at the end) or `env:NAME` (an
/// environment variable). A secret itself is refused here, because files are copied and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct SecretRef(Place);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    File(PathBuf),
    Env(String),
}

/// The text is no reference. It is not repeated here: it may be the secret itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is not a reference; write `file:PATH` or `env:NAME` and keep the secret itself out of the file")]
pub struct NotAReference;

/// The secret is not where the reference says.
#[derive(Debug, thiserror::Error)]
pub enum SecretUnavailable {
    /// The file cannot be read.
    #[error("the secret file `{path}` cannot be read")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The environment variable is not set or not UTF-8.
    #[error("the environment variable `{name}` is not set")]
    Env {
        /// The variable.
        name: String,
    },
    /// There is nothing in it.
    #[error("the secret at `{reference}` is empty")]
    Empty {
        /// The reference.
        reference: String,
    },
}

impl SecretRef {
    /// Fetches the secret. A relative path is relative to the working directory.
    ///
    /// # Errors
    /// [`SecretUnavailable`].
    pub fn resolve(&self) -> Result<Secret<String>, SecretUnavailable> {
        let text = match &self.0 {
            Place::File(path) => std::fs::read_to_string(path)
                .map_err(|source| SecretUnavailable::File { path: path.display().to_string(), source })?,
            Place::Env(name) => {
                std::env::var(name).map_err(|_| SecretUnavailable::Env { name: name.clone() })?
            }
        };
        let text = Secret::new(text);
        let trimmed = text.expose().trim_end_matches(['\r', '\n']);
        if trimmed.is_empty() {
            return Err(SecretUnavailable::Empty { reference: self.to_string() });
        }
        Ok(Secret::new(trimmed.to_owned()))
    }
}

impl TryFrom<String> for SecretRef {
    type Error = NotAReference;
    fn try_from(text: String) -> Result<Self, NotAReference> {
        match text.split_once(':') {
            Some(("file", path)) if !path.is_empty() => Ok(Self(Place::File(PathBuf::from(path)))),
            Some(("env", name))
                if !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') =>
            {
                Ok(Self(Place::Env(name.to_owned())))
            }
            _ => Err(NotAReference),
        }
    }
}

impl From<SecretRef> for String {
    fn from(reference: SecretRef) -> Self {
        reference.to_string()
    }
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::File(path) => write!(f, "file:{}", path.display()),
            Place::Env(name) => write!(f, "env:{name}"),
        }
    }
}
