//! Policy files: those that are built in, and those of a folder.

use std::path::Path;

use crate::{Fault, Faults};

/// The ending of files with policies.
const ENDING: &str = ".cedar";

/// The file of cases.
pub(crate) const CASES: &str = "cases.tsv";

/// Larger files are refused, bytes.
const BYTES_MAX: u64 = 1 << 20;

/// A file and what stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, without its folder.
    pub name: String,
    /// What stands in it.
    pub text: String,
}

/// The files that policies are made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// With policies, in order of their names.
    pub policies: Vec<File>,
    /// With the cases that they are tested by, where there is one.
    pub cases: Option<File>,
}

impl Files {
    /// The ones that a bank begins with.
    #[must_use]
    pub fn embedded() -> Self {
        let file = |name: &str, text: &str| File { name: name.to_owned(), text: text.to_owned() };
        Self {
            policies: vec![
                file("customers.cedar", include_str!("../../../../config/policies/customers.cedar")),
                file("staff.cedar", include_str!("../../../../config/policies/staff.cedar")),
                file("third_parties.cedar", include_str!("../../../../config/policies/third_parties.cedar")),
            ],
            cases: Some(file(CASES, include_str!("../../../../config/policies/cases.tsv"))),
        }
    }

    /// Those of `folder`; other files there are passed over.
    ///
    /// # Errors
    /// The folder or a file of it cannot be read, or is too large.
    pub fn read(folder: &Path) -> Result<Self, Faults> {
        let unread = |path: &Path, error: &dyn std::fmt::Display| {
            let name = path.display().to_string();
            Fault::of_file(&name, format!("it cannot be read: {error}"), "see `policies.folder`")
        };
        let mut files = Self::default();
        for entry in std::fs::read_dir(folder).map_err(|error| unread(folder, &error))? {
            let path = entry.map_err(|error| unread(folder, &error))?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            // An editor's half-saved file begins with a dot.
            if name.starts_with('.') || !(name.ends_with(ENDING) || name == CASES) {
                continue;
            }
            let bytes = std::fs::metadata(&path).map_err(|error| unread(&path, &error))?.len();
            if bytes > BYTES_MAX {
                Err(Fault::of_file(
                    &name,
                    format!("it has {bytes} bytes"),
                    format!("at most {BYTES_MAX} are read"),
                ))?;
            }
            let text = std::fs::read_to_string(&path).map_err(|error| unread(&path, &error))?;
            if name == CASES {
                files.cases = Some(File { name, text });
            } else {
                files.policies.push(File { name, text });
            }
        }
        files.policies.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(files)
    }

    /// The same with `file` in the place of the one of its name, or beside them.
    #[must_use]
    pub fn with(mut self, file: File) -> Self {
        if file.name == CASES {
            self.cases = Some(file);
            return self;
        }
        self.policies.retain(|other| other.name != file.name);
        self.policies.push(file);
        self.policies.sort_by(|one, other| one.name.cmp(&other.name));
        self
    }
}
