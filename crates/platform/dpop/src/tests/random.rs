//! Proofs with any byte changed.

use std::sync::Arc;

use clock::ManualClock;
use proptest::prelude::*;

use super::rfc_device;
use super::world::{START, instant};
use crate::{Asked, Proofs, Refused, Rules};

const ORIGINS: [&str; 1] = ["https://bank.example"];

fn asked(proof: &str) -> Asked<'_> {
    let (method, path) = ("POST", "/api/payments/transfers");
    Asked { proof, method, path, origins: &ORIGINS, token: None, key: None, is_change: true }
}

fn bank() -> (Proofs, String) {
    let proofs = Proofs::new([3; 32], Arc::new(ManualClock::new(instant(START))), Rules::default());
    let url = "https://bank.example/api/payments/transfers";
    let proof = rfc_device().proof("POST", url, instant(START), &proofs.nonce());
    (proofs, proof)
}

/// Every place, with each bit of its byte turned that leaves it text.
#[test]
fn a_proof_with_one_bit_changed_is_refused() {
    let (proofs, proof) = bank();
    for at in 0..proof.len() {
        for bit in 0..7 {
            let mut bytes = proof.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            let changed = String::from_utf8(bytes).unwrap();
            assert!(proofs.check(&asked(&changed)).is_err(), "byte {at}, bit {bit}");
        }
    }
    assert_eq!(proofs.check(&asked(&proof)), Ok(rfc_device().thumbprint()), "none of them used it up");
}

/// Every place, with the byte taken away and with one put in.
#[test]
fn a_proof_with_one_byte_more_or_less_is_refused() {
    let (proofs, proof) = bank();
    for at in 0..proof.len() {
        let less = format!("{}{}", &proof[..at], &proof[at + 1..]);
        assert!(proofs.check(&asked(&less)).is_err(), "without byte {at}");
        for more in ['A', '.', '=', ' '] {
            let more = format!("{}{more}{}", &proof[..at], &proof[at..]);
            assert!(proofs.check(&asked(&more)).is_err(), "`{more}` before byte {at}");
        }
        assert!(proofs.check(&asked(&proof[..at])).is_err(), "the first {at} bytes");
    }
    assert_eq!(proofs.check(&asked(&proof)), Ok(rfc_device().thumbprint()));
}

proptest! {
    #[test]
    fn text_is_refused_without_harm(text in any::<String>()) {
        prop_assert!(bank().0.check(&asked(&text)).is_err());
    }

    #[test]
    fn parts_that_are_anything_are_refused_without_harm(header: Vec<u8>, payload: Vec<u8>) {
        let proof = rfc_device().sign_texts(header, payload);
        prop_assert!(matches!(bank().0.check(&asked(&proof)), Err(Refused::Malformed(_))));
    }

    #[test]
    fn a_payload_that_is_anything_is_refused_without_harm(payload in "\\{(\"(jti|htm|htu|iat|nonce)\":(\"[ -!#-~]{0,20}\"|[0-9]{1,20}),?){0,5}\\}") {
        let header = serde_json::Value::Object(rfc_device().draft("POST", "/", instant(START), "").header);
        let proof = rfc_device().sign_texts(header.to_string(), payload);
        prop_assert!(bank().0.check(&asked(&proof)).is_err());
    }

    /// Normalizing a path that is normal changes nothing, and a proof for any path is good for that path.
    #[test]
    fn a_proof_is_for_its_path(path in "(/[a-zA-Z0-9._~%-]{0,3}){1,5}") {
        let url = format!("https://bank.example{path}");
        let has_dots = path.to_lowercase().replace("%2e", ".").split('/').any(|part| part == "." || part == "..");
        let is_written_well = path.split('%').skip(1).all(|rest| {
            rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit())
        });
        prop_assert_eq!(crate::url::is_same(&url, &path, &ORIGINS), is_written_well && !has_dots);
    }
}
