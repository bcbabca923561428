//! Hashing of passwords (argon2id, RFC 9106), away from the threads that answer requests and never too much at once.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use contracts::Unavailable;
use secrecy::Secret;
use tokio::sync::Semaphore;

use crate::Settings;

/// Hashes and verifies passwords.
pub(crate) struct Hasher {
    argon2: Argon2<'static>,
    places: Arc<Semaphore>,
    inside: AtomicUsize,
    inside_max: usize,
    /// Verified where there is no hash, so that an unknown name takes as long as a wrong password.
    decoy: String,
}

/// The settings for hashing cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("`identity.password_memory_kib` and `identity.password_passes` cannot be used: {0}")]
pub(crate) struct Unusable(String);

impl Hasher {
    pub(crate) fn try_new(settings: &Settings) -> Result<Self, Unusable> {
        let unusable = |error: argon2::Error| Unusable(error.to_string());
        let params =
            Params::new(settings.password_memory_kib, settings.password_passes, 1, None).map_err(unusable)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let decoy = hash(&argon2, "decoy").map_err(|error| Unusable(error.to_string()))?;
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let places = match settings.password_hashes_max {
            0 => processors.div_ceil(2),
            most => most as usize,
        };
        Ok(Self {
            argon2,
            places: Arc::new(Semaphore::new(places)),
            inside: AtomicUsize::new(0),
            inside_max: places + settings.password_waiting_max as usize,
            decoy,
        })
    }

    /// Whether `password` is that of `stored`; with `None` it takes the same time and is `false`.
    pub(crate) async fn verify(
        &self,
        password: &Secret<String>,
        stored: Option<String>,
    ) -> Result<bool, Unavailable> {
        let exists = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.decoy.clone());
        let (argon2, password) = (self.argon2.clone(), password.clone());
        let right = self
            .apart(move || {
                let parsed = PasswordHash::new(&stored).ok();
                parsed.is_some_and(|hash| argon2.verify_password(password.expose().as_bytes(), &hash).is_ok())
            })
            .await?;
        Ok(right && exists)
    }

    /// The hash of `password` as PHC string, with a salt of its own.
    pub(crate) async fn hash(&self, password: &Secret<String>) -> Result<String, Unavailable> {
        let (argon2, password) = (self.argon2.clone(), password.clone());
        let hashed = self.apart(move || hash(&argon2, password.expose())).await?;
        hashed.map_err(|error| {
            tracing::error!(%error, "a password could not be hashed");
            Unavailable::Overloaded
        })
    }

    /// One hash for each different password. Whoever has an equal password shares hash and salt: for demonstration
    /// and migration only.
    pub(crate) async fn hash_shared<'a>(
        &self,
        passwords: impl Iterator<Item = &'a Secret<String>>,
    ) -> Result<HashMap<String, String>, Unavailable> {
        let different: HashMap<&str, &Secret<String>> =
            passwords.map(|password| (password.expose().as_str(), password)).collect();
        let mut hashes = HashMap::with_capacity(different.len());
        let places = self.places.available_permits().max(1);
        let all: Vec<_> = different.into_iter().collect();
        for part in all.chunks(places) {
            let hashing = part
                .iter()
                .map(async |(text, password)| Ok(((*text).to_owned(), self.hash(password).await?)));
            for hashed in futures_util::future::join_all(hashing).await {
                let (text, hash) = hashed?;
                hashes.insert(text, hash);
            }
        }
        Ok(hashes)
    }

    /// Runs `work` on a thread for blocking work, at most so many at once, with a bounded number waiting.
    async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Unavailable> {
        let _inside = Inside::enter(&self.inside, self.inside_max)?;
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Unavailable::Stopping)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        });
        done.await.map_err(|_| Unavailable::Stopping)
    }
}

/// One who hashes or waits for it; leaves when dropped, even where the request was given up.
struct Inside<'a>(&'a AtomicUsize);

impl<'a> Inside<'a> {
    fn enter(count: &'a AtomicUsize, most: usize) -> Result<Self, Unavailable> {
        let before = count.fetch_add(1, Ordering::Relaxed);
        let inside = Self(count);
        if before >= most {
            metrics::counter!("identity_hashing_refused").increment(1);
            return Err(Unavailable::Overloaded);
        }
        Ok(inside)
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn hash(argon2: &Argon2<'_>, password: &str) -> Result<String, argon2::password_hash::Error> {
    let salt: [u8; 16] = rand::random();
    argon2.hash_password_with_salt(password.as_bytes(), &salt).map(|hash| hash.to_string())
}
