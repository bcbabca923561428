//! What vouches for a new credential: nothing, or its own key (sections 8.7 and 8.2).

use ciborium::Value;

use crate::cbor::{self, Members};
use crate::{PublicKey, Refused};

/// Most bytes of an attestation object: a key of RSA with 8,192 bits, an id of 1,023 bytes, and room for extensions.
pub(crate) const BYTES_MAX: usize = 16_384;

/// An attestation object (6.5.4), taken apart.
pub(crate) struct AttestationObject {
    format: String,
    statement: Vec<(Value, Value)>,
    pub(crate) authenticator_data: Vec<u8>,
}

impl AttestationObject {
    /// Reads all of `bytes`: a map of `fmt`, `attStmt` and `authData`.
    ///
    /// # Errors
    /// [`Refused::Malformed`].
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Refused> {
        let Value::Map(members) = cbor::whole(bytes)? else { return Err(Refused::Malformed) };
        let format = cbor::named(&members, "fmt").and_then(Value::as_text);
        let statement = cbor::named(&members, "attStmt").and_then(Value::as_map);
        let data = cbor::named(&members, "authData").and_then(Value::as_bytes);
        match (format, statement, data) {
            (Some(format), Some(statement), Some(data)) if members.len() == 3 => Ok(Self {
                format: format.to_owned(),
                statement: statement.clone(),
                authenticator_data: data.clone(),
            }),
            _ => Err(Refused::Malformed),
        }
    }

    /// Whether it is of a format that we take, and holds. `hash` is SHA-256 of the client data.
    ///
    /// # Errors
    /// [`Refused::Attestation`].
    pub(crate) fn check(&self, key: &PublicKey, hash: &[u8]) -> Result<(), Refused> {
        let holds = match self.format.as_str() {
            "none" => self.statement.is_empty(),
            "packed" => is_self_attested(&self.statement, key, &[&self.authenticator_data, hash].concat()),
            _ => false,
        };
        if holds { Ok(()) } else { Err(Refused::Attestation) }
    }
}

/// Packed attestation by the credential's own key (8.2): `alg` and `sig`. With `x5c` a maker vouches: not asked for.
fn is_self_attested(statement: &Members, key: &PublicKey, signed: &[u8]) -> bool {
    let algorithm = cbor::named(statement, "alg").and_then(cbor::number);
    let signature = cbor::named(statement, "sig").and_then(Value::as_bytes);
    match (algorithm, signature) {
        (Some(algorithm), Some(signature)) if statement.len() == 2 => {
            algorithm == key.cose_algorithm() && key.verifies(signed, signature)
        }
        _ => false,
    }
}
