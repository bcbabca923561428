//! Opening the bank's keys, for whoever runs a part of it.

use std::path::Path;
use std::sync::Arc;

use clock::Clock;
use db::Db;
use keys::Keys;

use crate::configuration::Configuration;

/// Opens the keys of the bank in `data_dir`.
pub(crate) async fn open(
    configuration: &Configuration,
    data_dir: &Path,
    db: &Db,
    clock: Arc<dyn Clock>,
) -> Result<Keys, keys::OpenFailed> {
    let own_key_file = || data_dir.join("keys").join("bank.key");
    let key_file = configuration.key_file.clone().unwrap_or_else(own_key_file);
    Keys::open(db, &key_file, clock).await
}
