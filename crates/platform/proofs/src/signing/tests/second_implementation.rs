//! Hashes and signatures compared with a second implementation: the program `openssl`, which `cargo xtask test` installs.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::*;

/// What `openssl` answers to `input`; `None` where it refuses. A test fails where the program is missing.
fn openssl(folder: &Path, arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the Debian package openssl is needed");
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    output.status.success().then_some(output.stdout)
}

fn random<const N: usize>() -> [u8; N] {
    let folder = tempfile::tempdir().unwrap();
    let digits = openssl(folder.path(), &["rand", "-hex", &N.to_string()], &[]).unwrap();
    bytes(std::str::from_utf8(&digits).unwrap().trim())
}

/// DER of a positive number.
fn integer(digits: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = digits.iter().copied().skip_while(|digit| *digit == 0).collect();
    let zero = if digits.first().is_none_or(|first| *first >= 0x80) { &[0][..] } else { &[] };
    let length = u8::try_from(zero.len() + digits.len()).unwrap();
    [&[2, length], zero, &digits].concat()
}

fn der(signature: &[u8; SIGNATURE_BYTES]) -> Vec<u8> {
    let numbers = [integer(&signature[..32]), integer(&signature[32..])].concat();
    [&[0x30, u8::try_from(numbers.len()).unwrap()], numbers.as_slice()].concat()
}

fn from_der(der: &[u8]) -> [u8; SIGNATURE_BYTES] {
    let mut signature = [0; SIGNATURE_BYTES];
    let mut rest = &der[2..];
    for half in signature.chunks_mut(32) {
        let (number, behind) = rest[2..].split_at(usize::from(rest[1]));
        let number = &number[number.len().saturating_sub(32)..];
        half[32 - number.len()..].copy_from_slice(number);
        rest = behind;
    }
    signature
}

const SIGNED: &[&str] =
    &["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678", "-in", "message"];

#[test]
fn sm2_agrees() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let ask =
        |words: &[&str], options: &[&str], input: &[u8]| openssl(path, &[words, options].concat(), input);
    for round in 0..32 {
        let secret = random::<32>();
        let key = SigningKey::of(&secret).unwrap();
        // An ECPrivateKey (RFC 5915) on the curve 1.2.156.10197.1.301.
        let curve = [0xA0, 10, 6, 8, 0x2A, 0x81, 0x1C, 0xCF, 0x55, 1, 0x82, 0x2D];
        let private = [&[0x30, 49, 2, 1, 1, 4, 32], secret.as_slice(), &curve].concat();
        std::fs::write(path.join("private"), private).unwrap();
        ask(&["pkey", "-inform", "DER", "-in", "private", "-out", "private.pem"], &[], &[]).unwrap();
        let public = ask(&["pkey", "-in", "private.pem", "-pubout", "-outform", "DER"], &[], &[]).unwrap();
        assert_eq!(key.public().to_string(), hex::encode(&public[public.len() - 65..]), "round {round}");
        std::fs::write(path.join("public"), public).unwrap();

        let message = &random::<200>()[..round * 6];
        std::fs::write(path.join("message"), message).unwrap();
        let theirs = ask(&["pkeyutl", "-sign", "-inkey", "private.pem"], SIGNED, &[]).unwrap();
        assert!(key.public().verifies(message, &from_der(&theirs)), "{}", hex::encode(theirs));

        let ours = key.sign(message).unwrap();
        assert_eq!(from_der(&der(&ours)), ours);
        std::fs::write(path.join("signature"), der(&ours)).unwrap();
        let verify = "pkeyutl -verify -pubin -keyform DER -inkey public -sigfile signature";
        let verify: Vec<&str> = verify.split(' ').collect();
        assert!(ask(&verify, SIGNED, &[]).is_some(), "round {round}");
        std::fs::write(path.join("message"), [message, b"x"].concat()).unwrap();
        assert!(ask(&verify, SIGNED, &[]).is_none(), "another message");
    }
}

#[test]
fn hashes_agree() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = random::<200>();
    for length in 0..64 {
        let message = &bytes[..length * 3];
        for (algorithm, name) in [(Algorithm::Sm3, "-sm3"), (Algorithm::Sha256, "-sha256")] {
            let theirs = openssl(folder.path(), &["dgst", name, "-binary"], message).unwrap();
            let (first, second) = message.split_at(length);
            let mut hashing = algorithm.begin();
            hashing.update(first);
            hashing.update(second);
            assert_eq!(algorithm.hash(&[first, second]).as_slice(), theirs, "{name} of {length} bytes");
            assert_eq!(hashing.finish().as_slice(), theirs);
        }
    }
}
