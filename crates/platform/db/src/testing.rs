//! Databases for tests of stores: the same suite runs on each.
//!
//! SQLite always, in a folder of its own that goes away with the [`Store`]; PostgreSQL where the test command
//! started a private one and named it in `YUANHANG_TEST_POSTGRES`, in a database of its own.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::ConnectionTrait;

use crate::{Db, OpenFailed};

/// The variable in which `cargo xtask test` names its private PostgreSQL: an address that may create databases.
pub const POSTGRES: &str = "YUANHANG_TEST_POSTGRES";

/// A database for one test.
pub struct Store {
    /// `sqlite` or `postgres`, for messages.
    pub name: &'static str,
    /// The database.
    pub db: Db,
    /// Where it is: a file for SQLite, an address for PostgreSQL.
    pub address: String,
    /// A folder of its own, empty but for the SQLite file.
    pub folder: Folder,
}

/// A folder that is removed when dropped.
pub struct Folder(PathBuf);

impl Folder {
    /// An empty folder under the system's temporary folder.
    ///
    /// # Errors
    /// It could not be made.
    pub fn try_new() -> std::io::Result<Self> {
        let path = std::env::temp_dir().join(unique_name());
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The process stands first: by it the test command knows whose databases are left over.
fn unique_name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let now = clock::Timestamp::now().as_nanosecond();
    format!("yuanhang_{}_{}_{now}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// One fresh store of each kind that is there.
///
/// # Errors
/// A database could not be made; a test fails on that rather than pass without it.
pub async fn stores() -> Result<Vec<Store>, OpenFailed> {
    let mut stores = vec![sqlite().await?];
    if let Ok(admin) = std::env::var(POSTGRES) {
        stores.push(postgres(&admin).await?);
    }
    Ok(stores)
}

/// A fresh SQLite store.
///
/// # Errors
/// It could not be made.
pub async fn sqlite() -> Result<Store, OpenFailed> {
    let folder = Folder::try_new().map_err(sqlx::Error::Io)?;
    let file = folder.path().join("bank.db");
    let db = Db::open_sqlite(&file).await?;
    Ok(Store { name: "sqlite", db, address: file.display().to_string(), folder })
}

/// A fresh database on the PostgreSQL of `admin`; `cargo xtask test` drops it when this process has ended.
///
/// # Errors
/// It could not be made.
pub async fn postgres(admin: &str) -> Result<Store, OpenFailed> {
    let name = unique_name();
    let server = Db::open_postgres(admin).await?;
    server
        .migrator()
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .map_err(|error| sqlx::Error::Protocol(error.to_string()))?;
    server.close().await;
    let address = match admin.rsplit_once('/') {
        Some((server, _)) => format!("{server}/{name}"),
        None => return Err(OpenFailed::Address { address: admin.to_owned() }),
    };
    let db = Db::open_postgres(&address).await?;
    Ok(Store { name: "postgres", db, address, folder: Folder::try_new().map_err(sqlx::Error::Io)? })
}
