//! A whole bank in this process, on a store of its own.

use std::sync::Arc;

use bank::books::Books;
use bank::composition::Bank;
use bank::configuration::{Configuration, Store, StoreKind};
use bank::serve::Serving;
use clock::{Clock, SystemClock};
use contracts::identity::Role;
use db::testing::Folder;
use secrecy::Secret;

use crate::{Client, Failed};

/// Name and password of the administrator that every box has.
const ADMINISTRATOR: (&str, &str) = ("administrator", "Box-administrator-1");

/// A bank in a box: serving on a free port of loopback until [`BankBox::close`].
pub struct BankBox {
    /// `sqlite` or `postgres`, for messages.
    pub store: &'static str,
    /// How it was configured; opening it again with this continues the same bank.
    pub configuration: Configuration,
    serving: Serving,
    folder: Folder,
}

impl BankBox {
    /// One fresh bank on each store that is there.
    ///
    /// # Errors
    /// A bank did not open.
    pub async fn on_each_store() -> Result<Vec<Self>, Failed> {
        let mut boxes = Vec::new();
        for (store, configuration, folder) in configurations().await? {
            boxes.push(Self::open(store, configuration, folder, Arc::new(SystemClock)).await?);
        }
        Ok(boxes)
    }

    /// A fresh bank on SQLite.
    ///
    /// # Errors
    /// It did not open.
    pub async fn on_sqlite() -> Result<Self, Failed> {
        let folder = Folder::try_new()?;
        let configuration = quiet(folder.path());
        Self::open("sqlite", configuration, folder, Arc::new(SystemClock)).await
    }

    async fn open(
        store: &'static str,
        configuration: Configuration,
        folder: Folder,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Failed> {
        let bank = Bank::open(&configuration, clock).await?;
        let (name, password) = ADMINISTRATOR;
        let password = Secret::new(password.to_owned());
        bank.books()?.identity.ensure_staff(name, password, Role::Administrator).await?;
        let serving = Serving::start(bank, "127.0.0.1:0").await?;
        Ok(Self { store, configuration, serving, folder })
    }

    /// The contracts of the bank.
    ///
    /// # Errors
    /// A service is missing.
    pub fn books(&self) -> Result<Books, Failed> {
        Ok(self.serving.bank().books()?)
    }

    /// Every route behind the door.
    #[must_use]
    pub fn entries(&self) -> &[http::Entry] {
        self.serving.entries()
    }

    /// A stranger at the door.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(&format!("http://{}", self.serving.address()))
    }

    /// The administrator, signed in.
    ///
    /// # Errors
    /// Sign-in was refused.
    pub async fn administrator(&self) -> Result<Client, Failed> {
        self.client().sign_in_staff(ADMINISTRATOR.0, ADMINISTRATOR.1).await
    }

    /// Stops the bank and opens it again on the same data.
    ///
    /// # Errors
    /// It did not open again.
    pub async fn restart(self) -> Result<Self, Failed> {
        let Self { store, configuration, serving, folder } = self;
        serving.stop().await;
        Self::open(store, configuration, folder, Arc::new(SystemClock)).await
    }

    /// Stops the bank; its folder goes away with the returned value.
    pub async fn close(self) -> (Configuration, Folder) {
        self.serving.stop().await;
        (self.configuration, self.folder)
    }
}

/// Fresh places for a bank: always an embedded one, and one on the private PostgreSQL where there is one.
///
/// # Errors
/// A folder or a database could not be made.
pub(crate) async fn configurations() -> Result<Vec<(&'static str, Configuration, Folder)>, Failed> {
    let folder = Folder::try_new()?;
    let mut places = vec![("sqlite", quiet(folder.path()), folder)];
    if let Ok(admin) = std::env::var(db::testing::POSTGRES) {
        let store = db::testing::postgres(&admin).await?;
        store.db.close().await;
        let reference = store.folder.path().join("postgres");
        std::fs::write(&reference, &store.address)?;
        let address = Some(format!("file:{}", reference.display()).try_into()?);
        let mut configuration = quiet(store.folder.path());
        configuration.store = Store { kind: StoreKind::Postgres, address };
        places.push(("postgres", configuration, store.folder));
    }
    Ok(places)
}

fn quiet(folder: &std::path::Path) -> Configuration {
    let mut configuration = Configuration { data_dir: folder.join("data"), ..Configuration::default() };
    "error".clone_into(&mut configuration.telemetry.log_filter);
    configuration
}
