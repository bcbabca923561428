//! A bank in several processes of the built binary, each to be killed and started again.

use std::collections::BTreeMap;
use std::path::PathBuf;

use bank::books::Books;
use bank::targets::{OPERATOR, PARTS, far_books};
use contracts::identity::Role;
use secrecy::Secret;
use serde_json::Value;
use wire::{Authority, Papers};

use crate::bank_box::ADMINISTRATOR;
use crate::child::Place;
use crate::{Child, Client, Failed};

/// A bank in five processes.
pub struct Split {
    place: Place,
    /// Of each part.
    parts: BTreeMap<&'static str, Part>,
    /// Of each service.
    addresses: BTreeMap<String, String>,
    papers: Papers,
}

struct Part {
    listen: String,
    wire: String,
    papers: PathBuf,
    process: Option<Child>,
}

/// An address that was free a moment ago: a process that comes back must be found where it was.
fn free() -> Result<String, Failed> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

impl Split {
    /// Starts every part and waits until it serves.
    ///
    /// # Errors
    /// A process did not serve.
    pub async fn start(place: Place) -> Result<Self, Failed> {
        let folder = place.folder().join("papers");
        let authority = Authority::in_folder(&folder)?;
        let (mut parts, mut addresses) = (BTreeMap::new(), BTreeMap::new());
        for names in PARTS {
            let papers = folder.join(names);
            authority.certify(names.split(','), &papers)?;
            let (listen, wire) = (free()?, free()?);
            names.split(',').for_each(|name| drop(addresses.insert(name.to_owned(), wire.clone())));
            parts.insert(names, Part { listen, wire, papers, process: None });
        }
        // The test asks contracts as the bank's own tools do.
        authority.certify([OPERATOR], &folder.join(OPERATOR))?;
        let papers = Papers::read(&folder.join(OPERATOR))?;
        let mut split = Self { place, parts, addresses, papers };
        for names in PARTS {
            split.start_part(names).await?;
        }
        let (name, password) = ADMINISTRATOR;
        let password = Secret::new(password.to_owned());
        split.books()?.identity.ensure_staff(name, password, Role::Administrator).await?;
        Ok(split)
    }

    async fn start_part(&mut self, names: &str) -> Result<(), Failed> {
        let mut command = Child::command_in(&self.place, &self.place.configuration.data_dir.join(names))?;
        let part = self.parts.get_mut(names).ok_or("there is no such part")?;
        let key_file = self.place.folder().join("bank.key");
        let settings = [
            format!("key_file={}", key_file.display()),
            format!("wire.listen={}", part.wire),
            format!("wire.papers={}", part.papers.display()),
        ];
        for pair in settings {
            command.arg("--set").arg(pair);
        }
        for (service, address) in &self.addresses {
            command.arg("--set").arg(format!("neighbors.{service}={address}"));
        }
        part.process = Some(Child::start(command, &["--target", names], &part.listen).await?);
        Ok(())
    }

    /// SIGKILL.
    ///
    /// # Errors
    /// There is no such part, or it could not be waited for.
    pub async fn kill(&mut self, names: &str) -> Result<(), Failed> {
        let part = self.parts.get_mut(names).ok_or("there is no such part")?;
        match part.process.take() {
            Some(process) => process.kill().await,
            None => Ok(()),
        }
    }

    /// The same process again.
    ///
    /// # Errors
    /// It did not serve again.
    pub async fn restart(&mut self, names: &str) -> Result<(), Failed> {
        self.start_part(names).await
    }

    /// The contracts of the bank, asked over the wire.
    ///
    /// # Errors
    /// An address is malformed.
    pub fn books(&self) -> Result<Books, Failed> {
        Ok(far_books(&self.addresses, &self.papers)?)
    }

    /// A stranger at the gateway.
    #[must_use]
    pub fn client(&self) -> Client {
        let listen = self.parts.get("gateway").map(|part| part.listen.clone()).unwrap_or_default();
        Client::new(&format!("http://{listen}"))
    }

    /// Waits until the outbox holds so many messages about movements to this phone.
    ///
    /// # Errors
    /// Staff were refused.
    pub async fn wait_for_messages(&self, phone: &str, count: usize) -> Result<(), Failed> {
        let administrator = self.client().sign_in_staff(ADMINISTRATOR.0, ADMINISTRATOR.1).await?;
        loop {
            let path = format!("/api/messages/console/outbox?limit=100&to={phone}");
            let outbox = administrator.get(&path).await?.expect(200)?;
            let messages = outbox.body.get("messages").and_then(Value::as_array).cloned().unwrap_or_default();
            let is_movement = |message: &&Value| message.get("kind").is_some_and(|kind| kind == "movement");
            let movements = messages.iter().filter(is_movement).count();
            if movements >= count {
                return if movements == count { Ok(()) } else { Err(format!("{movements} messages").into()) };
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    /// Ends every process.
    ///
    /// # Errors
    /// One could not be waited for.
    pub async fn stop(self) -> Result<(), Failed> {
        for process in self.parts.into_values().filter_map(|part| part.process) {
            process.kill().await?;
        }
        Ok(())
    }
}
