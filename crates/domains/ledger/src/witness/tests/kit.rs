//! A witness in a folder.

use std::path::PathBuf;

use db::testing::Folder;

use crate::WitnessSettings;
use crate::witness::Witness;

/// A witness with a file.
pub(crate) struct Witnessed {
    folder: Folder,
    pub(crate) witness: Witness,
}

impl Witnessed {
    pub(crate) fn new() -> Self {
        let folder = Folder::try_new().unwrap();
        let witness = Self::of(&folder);
        Self { folder, witness }
    }

    fn of(folder: &Folder) -> Witness {
        let file = Some(folder.path().join("statements.jsonl"));
        let settings = WitnessSettings { file, ..WitnessSettings::default() };
        Witness::try_new(&settings, folder.path()).unwrap().unwrap()
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("statements.jsonl")
    }

    /// The same witness as after another start.
    pub(crate) fn again(&self) -> Witness {
        Self::of(&self.folder)
    }
}
