//! One generation of the master key, which wraps data keys: in the key file, or in a module.

use zeroize::Zeroizing;

use crate::cipher::{hash, open, seal};
use crate::module::{KeyId, Module, ModuleFailed};
use crate::{DataKey, Subject};

/// A key of the key file.
#[derive(Clone)]
pub(crate) struct FileKey(pub(crate) Zeroizing<[u8; 16]>);

/// A key of a module.
#[derive(Clone)]
pub(crate) struct ModuleKey {
    pub(crate) id: KeyId,
    pub(crate) module: Module,
}

/// Either of them.
#[derive(Clone)]
pub(crate) enum Wrapping {
    File(FileKey),
    Module(ModuleKey),
}

impl FileKey {
    pub(crate) fn wrap(&self, key: &DataKey) -> Vec<u8> {
        seal(&self.0, &associated(key.subject()), key.bytes())
    }

    pub(crate) fn unwrap(&self, subject: Subject, wrapped: &[u8]) -> Option<DataKey> {
        let plain = Zeroizing::new(open(&self.0, &associated(subject), wrapped).ok()?);
        data_key(subject, &plain)
    }
}

impl Wrapping {
    /// Tells generations apart without giving them away.
    pub(crate) fn fingerprint(&self) -> [u8; 16] {
        match self {
            Self::File(key) => hash(b"yuanhang/generation/1\0", key.0.as_slice()),
            Self::Module(key) => hash(b"yuanhang/generation/module/1\0", &key.id.0),
        }
    }

    /// Each under its subject, in order.
    pub(crate) async fn wrap(&self, keys: &[DataKey]) -> Result<Vec<(Subject, Vec<u8>)>, ModuleFailed> {
        let subjects = keys.iter().map(DataKey::subject);
        match self {
            Self::File(file) => Ok(subjects.zip(keys.iter().map(|key| file.wrap(key))).collect()),
            Self::Module(ModuleKey { id, module }) => {
                let plain = |key: &DataKey| (associated(key.subject()), Zeroizing::new(key.bytes().to_vec()));
                let (id, plain): (KeyId, Vec<_>) = (*id, keys.iter().map(plain).collect());
                let wrapped = module.call(move |module| module.seal(id, &plain)).await?;
                Ok(subjects.zip(wrapped).collect())
            }
        }
    }

    /// Each in its place; `None` for what does not open.
    pub(crate) async fn unwrap(
        &self,
        wrapped: &[(Subject, Vec<u8>)],
    ) -> Result<Vec<Option<DataKey>>, ModuleFailed> {
        match self {
            Self::File(file) => {
                Ok(wrapped.iter().map(|(subject, wrapped)| file.unwrap(*subject, wrapped)).collect())
            }
            Self::Module(ModuleKey { id, module }) => {
                let sealed = |(subject, sealed): &(Subject, Vec<u8>)| (associated(*subject), sealed.clone());
                let (id, sealed): (KeyId, Vec<_>) = (*id, wrapped.iter().map(sealed).collect());
                let plain = module.call(move |module| module.unseal(id, &sealed)).await?;
                let subjects = wrapped.iter().map(|(subject, _)| *subject);
                let key = |(subject, plain): (Subject, Option<Zeroizing<Vec<u8>>>)| {
                    plain.and_then(|plain| data_key(subject, &plain))
                };
                Ok(subjects.zip(plain).map(key).collect())
            }
        }
    }
}

fn data_key(subject: Subject, plain: &[u8]) -> Option<DataKey> {
    <[u8; 16]>::try_from(plain).ok().map(|key| DataKey::of(subject, Zeroizing::new(key)))
}

fn associated(subject: Subject) -> Vec<u8> {
    [b"yuanhang/wrapped/1\0".as_slice(), subject.bytes()].concat()
}
