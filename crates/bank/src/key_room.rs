//! Opening the bank's keys, for whoever runs a part of it.

use std::path::Path;
use std::sync::Arc;

use clock::Clock;
use db::Db;
use keys::{Keys, Module, ModuleAddress, ModuleFailed};

use crate::configuration::{Configuration, Pkcs11};

/// Why the keys did not open.
#[derive(Debug, thiserror::Error)]
pub enum KeysRefused {
    /// The setting `keys.pkcs11.pin` is missing or cannot be resolved.
    #[error("`keys.pkcs11.pin` must name the PIN of the token: {0}")]
    Pin(String),
    /// The module does not open.
    #[error("the PKCS#11 module of `keys.pkcs11` did not open")]
    Module(#[from] ModuleFailed),
    /// The key file is missing, unreadable or not ours.
    #[error("the keys did not open")]
    Keys(#[from] keys::OpenFailed),
}

/// Opens the keys of the bank in `data_dir`.
pub(crate) async fn open(
    configuration: &Configuration,
    data_dir: &Path,
    db: &Db,
    clock: Arc<dyn Clock>,
) -> Result<Keys, KeysRefused> {
    let own_key_file = || data_dir.join("keys").join("bank.key");
    let key_file = configuration.key_file.clone().unwrap_or_else(own_key_file);
    let module = module(&configuration.keys.pkcs11).await?;
    Ok(Keys::open_with(db, &key_file, module, clock).await?)
}

/// The module, where one is set.
async fn module(settings: &Pkcs11) -> Result<Option<Module>, KeysRefused> {
    let Some(library) = settings.library.clone() else { return Ok(None) };
    let pin = settings.pin.as_ref().ok_or_else(|| KeysRefused::Pin("it is not set".to_owned()))?;
    let pin = pin.resolve().map_err(|error| KeysRefused::Pin(error.to_string()))?;
    let (token, label) = (settings.token.clone(), settings.key_label.clone());
    Ok(Some(Module::open(ModuleAddress { library, token, pin, label }).await?))
}
