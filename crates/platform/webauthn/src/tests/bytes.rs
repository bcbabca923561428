//! Every byte changed once, in whatever is signed: nothing is taken any more. And what is read from answers unchecked.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::kit::{CHALLENGE, ORIGIN, USER, bank, creation_options, read, register, request_options};
use crate::testing::{Authenticator, Vouching};
use crate::{Assertion, Known, Registration, base64url};

/// What a byte is turned into: one bit of it the other way, or all.
const TURNS: [u8; 9] = [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff];

fn bytes_of(answer: &Value, name: &str) -> Vec<u8> {
    base64url::decode(answer.pointer(&format!("/response/{name}")).unwrap().as_str().unwrap()).unwrap()
}

/// Calls with each change of one byte of this part, its place, and the answer with it.
fn each_change(answer: &Value, name: &str, mut look: impl FnMut(usize, u8, Value)) {
    let bytes = bytes_of(answer, name);
    for at in 0..bytes.len() {
        for turn in TURNS {
            let mut changed = bytes.clone();
            changed[at] ^= turn;
            let mut answer = answer.clone();
            *answer.pointer_mut(&format!("/response/{name}")).unwrap() =
                Value::from(base64url::encode(&changed));
            look(at, turn, answer);
        }
    }
}

#[test]
fn no_byte_of_an_assertion_can_be_changed() {
    for mut authenticator in [Authenticator::new(ORIGIN), Authenticator::ed25519(ORIGIN)] {
        let credential = register(authenticator.create(&creation_options())).unwrap();
        let answer = authenticator.get(&request_options());
        let known = Known {
            key: &credential.key,
            sign_count: credential.sign_count,
            backup_eligible: false,
            user_handle: &USER,
        };
        let asserted = bank().verify(&CHALLENGE, &known, &read(answer.clone()).unwrap()).unwrap();
        assert_eq!((asserted.sign_count, asserted.backed_up), (2, false));
        for name in ["authenticatorData", "clientDataJSON", "signature"] {
            each_change(&answer, name, |at, turn, changed| {
                let said = bank().verify(&CHALLENGE, &known, &read(changed).unwrap());
                assert!(said.is_err(), "{name}: byte {at} by {turn:#x}");
            });
        }
    }
}

#[test]
fn no_byte_of_a_vouched_registration_can_be_changed() {
    for mut authenticator in [Authenticator::new(ORIGIN), Authenticator::ed25519(ORIGIN)] {
        authenticator.vouching = Vouching::Packed;
        let answer = authenticator.create(&creation_options());
        assert!(register(answer.clone()).is_ok());
        for name in ["attestationObject", "clientDataJSON"] {
            each_change(&answer, name, |at, turn, changed| {
                assert!(register(changed).is_err(), "{name}: byte {at} by {turn:#x}");
            });
        }
    }
}

/// Nothing signs a registration without attestation. What is not compared with anything may change: the counter, the
/// model, whether it is on several devices, members of client data that are not looked at. What names the credential,
/// its key or the ceremony may not.
#[test]
fn a_bare_registration_keeps_what_counts() {
    for mut authenticator in [Authenticator::new(ORIGIN), Authenticator::ed25519(ORIGIN)] {
        let answer = authenticator.create(&creation_options());
        let honest = register(answer.clone()).unwrap();
        let is_es256 = honest.key.algorithm() == "ES256";
        for name in ["attestationObject", "clientDataJSON"] {
            each_change(&answer, name, |at, turn, changed| {
                let Ok(credential) = register(changed) else { return };
                assert_eq!(credential.id, honest.id, "{name}: byte {at} by {turn:#x}");
                assert!(!is_es256 || credential.key == honest.key, "{name}: byte {at} by {turn:#x}");
            });
        }
    }
}

#[test]
fn what_is_registered_is_what_was_sent() {
    let mut authenticator = Authenticator::new(ORIGIN);
    let mut answer = authenticator.create_forged(&creation_options(), |facts| {
        facts.aaguid = [3; 16];
        facts.sign_count = 41;
        facts.flags |= crate::testing::BACKUP_ELIGIBLE;
    });
    let sent = ["internal", "cable", "hybrid", "internal", "smart-card", "USB"];
    *answer.pointer_mut("/response/transports").unwrap() = Value::from(sent.to_vec());
    let credential = register(answer).unwrap();
    assert_eq!(credential.id, authenticator.credential_id());
    assert_eq!(credential.key.to_bytes(), authenticator.cose_key());
    assert_eq!(credential.key.algorithm(), "ES256");
    assert_eq!((credential.sign_count, credential.aaguid), (41, [3; 16]));
    assert_eq!((credential.backup_eligible, credential.backed_up), (true, false));
    assert_eq!(credential.transports, ["internal", "hybrid", "smart-card"]);
}

#[test]
fn a_passkey_that_moves_between_devices_says_so() {
    let mut authenticator = Authenticator::ed25519(ORIGIN);
    authenticator.backup_eligible = true;
    authenticator.sign_count = None;
    let credential = register(authenticator.create(&creation_options())).unwrap();
    assert_eq!((credential.sign_count, credential.backup_eligible, credential.backed_up), (0, true, true));
    let known = Known { key: &credential.key, sign_count: 0, backup_eligible: true, user_handle: &USER };
    let asserted = bank().verify(&CHALLENGE, &known, &read(authenticator.get(&request_options())).unwrap());
    assert_eq!(asserted.map(|asserted| (asserted.sign_count, asserted.backed_up)), Ok((0, true)));
}

#[test]
fn ceremonies_are_found_by_their_challenge() {
    let mut authenticator = Authenticator::new(ORIGIN);
    let registration: Registration = read(authenticator.create(&creation_options())).unwrap();
    assert_eq!(registration.challenge(), Ok(CHALLENGE.to_vec()));
    let assertion: Assertion = read(authenticator.get(&request_options())).unwrap();
    assert_eq!(assertion.challenge(), Ok(CHALLENGE.to_vec()));
    assert_eq!(assertion.credential_id(), authenticator.credential_id());
    assert_eq!(assertion.user_handle(), Some(USER.as_slice()));
    let padded =
        authenticator.get_forged(&request_options(), |facts| facts.set_client_data("challenge", "AA=="));
    let padded: Assertion = read(padded).unwrap();
    assert_eq!(padded.challenge(), Err(crate::Refused::Malformed));
}

#[test]
fn one_answer_is_none_to_the_other_ceremony() {
    let mut authenticator = Authenticator::new(ORIGIN);
    assert!(read::<Assertion>(authenticator.create(&creation_options())).is_none());
    assert!(read::<Registration>(authenticator.get(&request_options())).is_none());
}

#[test]
fn nothing_of_an_answer_is_printed() {
    let mut authenticator = Authenticator::new(ORIGIN);
    let registration: Registration = read(authenticator.create(&creation_options())).unwrap();
    assert_eq!(format!("{registration:?}"), "Registration { .. }");
    let assertion: Assertion = read(authenticator.get(&request_options())).unwrap();
    assert_eq!(format!("{assertion:?}"), "Assertion { .. }");
    let credential = register(authenticator.create(&creation_options())).unwrap();
    assert_eq!(format!("{credential:?}"), "Credential { key: PublicKey(ES256), .. }");
}

/// Reads the answer with so many bytes as this part.
fn is_read<T: DeserializeOwned>(answer: &Value, name: &str, bytes: usize) -> bool {
    let mut answer = answer.clone();
    *answer.pointer_mut(&format!("/response/{name}")).unwrap() =
        Value::from(base64url::encode(&vec![1; bytes]));
    read::<T>(answer).is_some()
}

#[test]
fn answers_are_bounded() {
    let mut authenticator = Authenticator::new(ORIGIN);
    let created = authenticator.create(&creation_options());
    let got = authenticator.get(&request_options());
    for (name, most) in [("clientDataJSON", 8192), ("attestationObject", 16_384)] {
        let reads = [1, most, most + 1, most * 4].map(|bytes| is_read::<Registration>(&created, name, bytes));
        assert_eq!(reads, [true, true, false, false], "{name}");
    }
    let parts =
        [("clientDataJSON", 8192), ("authenticatorData", 4096), ("signature", 1024), ("userHandle", 64)];
    for (name, most) in parts {
        let reads = [1, most, most + 1, most * 4].map(|bytes| is_read::<Assertion>(&got, name, bytes));
        assert_eq!(reads, [true, true, false, false], "{name}");
    }
}
