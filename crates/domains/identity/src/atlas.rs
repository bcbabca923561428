//! Where addresses are: a file in the MaxMind DB format (GeoLite2 City, DB-IP City Lite and others), which the bank gets.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use maxminddb::{MaxMindDbError, Reader, path};

use crate::model::place::Place;

/// A file that was read, or none.
pub(crate) struct Atlas(Option<Reader<Vec<u8>>>);

/// The file is not there, or holds no places.
#[derive(Debug, thiserror::Error)]
#[error("`identity.places_file` ({}) cannot be used: {cause}", file.display())]
pub(crate) struct AtlasFailed {
    file: PathBuf,
    cause: MaxMindDbError,
}

impl Atlas {
    /// Reads `file` whole: some 60 to 130 MB for all cities of the world.
    ///
    /// # Errors
    /// It is not there, or is none of this format.
    pub(crate) fn read(file: Option<&Path>) -> Result<Self, AtlasFailed> {
        let Some(file) = file else { return Ok(Self(None)) };
        let failed = |cause| AtlasFailed { file: file.to_owned(), cause };
        let reader = Reader::open_readfile(file).map_err(failed)?;
        let made = reader.metadata().build_epoch;
        tracing::info!(file = %file.display(), kind = reader.metadata().database_type, made, "read where addresses are");
        Ok(Self(Some(reader)))
    }

    /// Where an address is, as far as the file tells.
    pub(crate) fn place(&self, address: IpAddr) -> Option<Place> {
        let found = self.0.as_ref()?.lookup(address.to_canonical()).ok()?;
        let degrees = |name: &str| found.decode_path::<f64>(&path!["location", name]).ok().flatten();
        Place::of_degrees(degrees("latitude")?, degrees("longitude")?)
    }
}
