//! Keys that are none of their algorithm, and how keys are kept.

use ciborium::Value;

use super::field;
use crate::testing::Authenticator;
use crate::{PublicKey, Refused, cbor};

fn hex32(digits: &str) -> [u8; 32] {
    hex::decode(digits).unwrap().try_into().unwrap()
}

/// The base point of P-256 (FIPS 186-4, D.1.2.3).
const X: &str = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
const Y: &str = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

#[test]
fn points_of_p256() {
    assert!(field::is_on_p256(&hex32(X), &hex32(Y)));
    // The point across: p - y.
    let across = "b01cbd1c01e58065711814b583f061e9d431cca994cea1313449bf97c840ae0a";
    assert!(field::is_on_p256(&hex32(X), &hex32(across)));
    assert!(!field::is_on_p256(&hex32(Y), &hex32(X)));
    assert!(!field::is_on_p256(&[0; 32], &[0; 32]));
    assert!(!field::is_on_p256(&[0xff; 32], &[0xff; 32]));
    // x = 5 has y² as x = p + 5 would; the latter is another spelling and none of a coordinate.
    let (five, y) = ("05", "459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc");
    let five = hex32(&format!("{}{five}", "00".repeat(31)));
    let above = hex32("ffffffff00000001000000000000000000000001000000000000000000000004");
    assert!(field::is_on_p256(&five, &hex32(y)));
    assert!(!field::is_on_p256(&above, &hex32(y)));
    // y of p, twice zero, is no spelling either, nor is p itself.
    let prime = hex32("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    assert!(!field::is_on_p256(&prime, &prime));
}

#[test]
fn one_bit_takes_a_point_off_p256() {
    let (x, y) = (hex32(X), hex32(Y));
    for bit in 0..256 {
        let mut changed = y;
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(!field::is_on_p256(&x, &changed), "bit {bit} of y");
    }
}

#[test]
fn points_of_ed25519() {
    // RFC 8032, section 7.1, test 1; and the base point.
    assert!(field::is_on_ed25519(&hex32("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")));
    assert!(field::is_on_ed25519(&hex32("5866666666666666666666666666666666666666666666666666666666666666")));
    let off = [
        // No x belongs to y = 2.
        "0200000000000000000000000000000000000000000000000000000000000000",
        // Order 1, 2, 4 and 8, with either sign of x.
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        // Zero, one, and a point (y = 4) once more, the prime added.
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "f1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];
    for digits in off {
        assert!(!field::is_on_ed25519(&hex32(digits)), "{digits}");
    }
    assert!(field::is_on_ed25519(&hex32("0400000000000000000000000000000000000000000000000000000000000000")));
}

#[test]
fn keys_that_ring_makes_are_on_their_curves() {
    for _ in 0..50 {
        for authenticator in [Authenticator::new(""), Authenticator::ed25519("")] {
            let bytes = authenticator.cose_key();
            let key = PublicKey::try_from_bytes(&bytes).unwrap();
            assert_eq!(key.to_bytes(), bytes);
            assert!(key.verifies(b"anything", &authenticator.sign(b"anything")));
            assert!(!key.verifies(b"another", &authenticator.sign(b"anything")));
        }
    }
}

#[test]
fn keys_are_kept_in_one_spelling() {
    let bytes = Authenticator::ed25519("").cose_key();
    let Value::Map(mut members) = cbor::whole(&bytes).unwrap() else { panic!("a map") };
    members.reverse();
    let mut reversed = Vec::new();
    ciborium::into_writer(&Value::Map(members), &mut reversed).unwrap();
    assert_eq!(PublicKey::try_from_bytes(&reversed), Err(Refused::Malformed));
    assert_eq!(PublicKey::try_from_bytes(&[&bytes[..], &[0]].concat()), Err(Refused::Malformed));
    assert_eq!(PublicKey::try_from_bytes(&bytes[..bytes.len() - 1]), Err(Refused::Malformed));
    assert_eq!(PublicKey::try_from_bytes(&[]), Err(Refused::Malformed));
    assert_eq!(PublicKey::try_from_bytes(&[0xa0]), Err(Refused::Algorithm));
    assert_eq!(PublicKey::try_from_bytes(&[0x80]), Err(Refused::Key));
}

#[test]
fn nothing_of_a_key_is_printed() {
    let key = PublicKey::try_from_bytes(&Authenticator::new("").cose_key()).unwrap();
    assert_eq!(format!("{key:?}"), "PublicKey(ES256)");
}
