//! What we hash and seal, compared with a second implementation: the program `openssl`, which `cargo xtask test` installs.
//!
//! Its command line has no SM4-GCM; so GCM is put together here from its SM4 in counter mode and from a GHASH written
//! out bit by bit after NIST SP 800-38D, 6.3 and 6.4.

use std::io::Write as _;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use sm3::{Digest, Sm3};

use crate::cipher;
use crate::{OVERHEAD, OpeningKey};

/// What `openssl` answers to `input`. A test fails where the program is missing.
fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the Debian package openssl is needed");
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    output.stdout
}

fn sm4_block(key: &[u8; 16], block: u128) -> u128 {
    let sealed = openssl(&["enc", "-sm4-ecb", "-nopad", "-K", &hex::encode(key)], &block.to_be_bytes());
    u128::from_be_bytes(sealed.try_into().unwrap())
}

/// The product in the field of GCM: the first bit of a block is the coefficient of x⁰.
fn product(x: u128, y: u128) -> u128 {
    let (mut sum, mut v) = (0, y);
    for bit in (0..128).rev() {
        if x >> bit & 1 == 1 {
            sum ^= v;
        }
        v = if v & 1 == 1 { v >> 1 ^ 0xE1 << 120 } else { v >> 1 };
    }
    sum
}

/// Ciphertext and tag.
fn sm4_gcm(key: &[u8; 16], nonce: &[u8; 12], associated: &[u8], plain: &[u8]) -> Vec<u8> {
    let counter = |at: u32| [nonce.as_slice(), &at.to_be_bytes()].concat();
    let (key_digits, iv) = (hex::encode(key), hex::encode(counter(2)));
    let mut sealed = openssl(&["enc", "-sm4-ctr", "-K", &key_digits, "-iv", &iv], plain);
    let hashing = sm4_block(key, 0);
    let mut tag = 0;
    for part in [associated, &sealed] {
        for block in part.chunks(16) {
            let mut padded = [0; 16];
            padded[..block.len()].copy_from_slice(block);
            tag = product(tag ^ u128::from_be_bytes(padded), hashing);
        }
    }
    let bits = |part: &[u8]| part.len() as u128 * 8;
    tag = product(tag ^ (bits(associated) << 64 | bits(&sealed)), hashing);
    let first = u128::from_be_bytes(counter(1).try_into().unwrap());
    sealed.extend((tag ^ sm4_block(key, first)).to_be_bytes());
    sealed
}

/// C1, C3 and C2 of what `openssl` seals to `key`, which it writes as ASN.1 (GB/T 35276).
fn sm2_sealed(key: &[u8; 65], plain: &[u8]) -> Vec<u8> {
    // SubjectPublicKeyInfo of an elliptic curve, 1.2.156.10197.1.301.
    let head = hex::decode("3059301306072a8648ce3d020106082a811ccf5501822d034200").unwrap();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&[head.as_slice(), key].concat()).unwrap();
    let path = file.path().to_str().unwrap();
    let sealed = openssl(&["pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", path], plain);
    let mut rest = element(&sealed, 0x30).0;
    let mut whole = vec![4];
    for _ in 0..2 {
        let (number, others) = element(rest, 2);
        // A number has neither leading zeros nor a leading bit that would make it negative.
        let digits = number.strip_prefix(&[0]).unwrap_or(number);
        whole.extend(std::iter::repeat_n(0, 32 - digits.len()));
        whole.extend(digits);
        rest = others;
    }
    for _ in 0..2 {
        let (octets, others) = element(rest, 4);
        whole.extend(octets);
        rest = others;
    }
    whole
}

/// The content of the first element of ASN.1 in `bytes`, and what stands behind it.
fn element(bytes: &[u8], tag: u8) -> (&[u8], &[u8]) {
    assert_eq!(bytes[0], tag);
    match bytes[1] {
        0x81 => bytes[3..].split_at(bytes[2].into()),
        0x82 => bytes[4..].split_at(u16::from_be_bytes([bytes[2], bytes[3]]).into()),
        length => bytes[2..].split_at(length.into()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn sm3_agrees(message in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(Sm3::digest(&message).to_vec(), openssl(&["dgst", "-sm3", "-binary"], &message));
    }

    #[test]
    fn sm2_opens_what_openssl_sealed(
        secret in any::<[u8; 32]>(),
        plain in proptest::collection::vec(any::<u8>(), 1..200),
    ) {
        prop_assume!(OpeningKey::of(&secret).is_some());
        let key = OpeningKey::of(&secret).unwrap();
        prop_assert_eq!(key.open(&sm2_sealed(&key.public(), &plain)), Some(plain));
    }

    #[test]
    fn hmac_sm3_agrees(key: [u8; 32], message in proptest::collection::vec(any::<u8>(), 0..300)) {
        let key_option = format!("hexkey:{}", hex::encode(key));
        let theirs = openssl(&["dgst", "-sm3", "-mac", "HMAC", "-macopt", &key_option, "-binary"], &message);
        prop_assert_eq!(cipher::hmac_sm3(&key, &[&message]).to_vec(), theirs);
    }

    #[test]
    fn sm4_gcm_agrees(
        key: [u8; 16],
        nonce: [u8; 12],
        associated in proptest::collection::vec(any::<u8>(), 0..70),
        plain in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let theirs = [[1].as_slice(), &nonce, &sm4_gcm(&key, &nonce, &associated, &plain)].concat();
        prop_assert_eq!(cipher::open(&key, &associated, &theirs).unwrap(), plain.clone());

        let ours = cipher::seal(&key, &associated, &plain);
        prop_assert_eq!(ours.len(), plain.len() + OVERHEAD);
        let nonce = ours[1..13].try_into().unwrap();
        prop_assert_eq!(&ours[13..], sm4_gcm(&key, &nonce, &associated, &plain));
    }
}
