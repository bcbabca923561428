//! The standard's own example, and the key file.

mod second_implementation;

use std::os::unix::fs::PermissionsExt as _;

use sm2::dsa::signature::hazmat::PrehashVerifier as _;

use super::*;
use crate::Algorithm;

fn bytes<const N: usize>(digits: &str) -> [u8; N] {
    hex::decode(digits).unwrap().try_into().unwrap()
}

/// GB/T 32918.5-2017, Annex A.2: the example of a signature on the recommended curve.
#[test]
fn the_standards_example_of_a_signature_is_verified() {
    let secret = bytes("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8");
    let point = "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020\
                 CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13";
    let signature = bytes(
        "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3\
         B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA",
    );
    let key = SigningKey::of(&secret).unwrap();
    let public = PublicKey::parse(point).unwrap();
    assert_eq!(key.public().to_string(), point.to_lowercase());
    assert!(public.verifies(b"message digest", &signature));
    assert!(!public.verifies(b"message digesu", &signature));
    for at in 0..SIGNATURE_BYTES {
        let mut other = signature;
        other[at] ^= 1;
        assert!(!public.verifies(b"message digest", &other), "byte {at}");
    }
    let own = key.sign(b"message digest").unwrap();
    assert!(public.verifies(b"message digest", &own));
    assert_ne!(own, signature, "the example's random number is not ours");
    let compressed = format!("03{}", &point[2..66]);
    assert_eq!(PublicKey::parse(&compressed).unwrap().to_string(), point.to_lowercase());
}

/// The same example: what is signed is e, the hash of Z and the message; Z is the hash of the signer's identity, the
/// curve and the key (GB/T 32918.2-2016, 5.5 and 6.1).
#[test]
fn the_standards_example_of_what_is_signed_is_reached() {
    let curve = "FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC\
                 28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93\
                 32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7\
                 BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0";
    let point = "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020\
                 CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13";
    let bits = u16::try_from(IDENTITY.len() * 8).unwrap().to_be_bytes();
    let (curve, point): ([u8; 128], [u8; 64]) = (bytes(curve), bytes(point));
    let z = Algorithm::Sm3.hash(&[&bits, IDENTITY.as_bytes(), &curve, &point]);
    assert_eq!(hex::encode_upper(z), "B2E14C5C79C6DF5B85F4FE7ED8DB7A262B9DA7E07CCB0EA9F4747B8CCDA8A4F3");
    let e = Algorithm::Sm3.hash(&[&z, b"message digest"]);
    assert_eq!(hex::encode_upper(e), "F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640");

    let public = PublicKey::parse(&format!("04{}", hex::encode(point))).unwrap();
    let signature = Signature::from_slice(&bytes::<64>(
        "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3\
         B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA",
    ));
    let signature = signature.unwrap();
    assert!(public.0.verify_prehash(&e, &signature).is_ok());
    assert!(public.0.verify_prehash(&z, &signature).is_err());
}

#[test]
fn what_is_no_key_is_refused() {
    assert!(SigningKey::of(&[0; 32]).is_none());
    assert!(SigningKey::of(&[0xFF; 32]).is_none());
    for text in ["", "04", "zz", &"04".repeat(65), &"00".repeat(65)] {
        assert!(PublicKey::parse(text).is_none(), "{text}");
    }
}

#[test]
fn the_key_file_is_made_once_and_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys").join("signing.key");
    let file = SecretFile { what: "the key", header: "yuanhang-witness 1", path: &path };
    assert!(SigningKey::read(&file).unwrap().is_none());
    let made = SigningKey::read_or_create(&file).unwrap();
    let again = SigningKey::read_or_create(&file).unwrap();
    assert_eq!(made.public().to_string(), again.public().to_string());
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let open = SigningKey::read(&file).unwrap_err();
    assert!(matches!(open, SecretFileRefused::TooOpen { mode: 0o640, .. }), "{open}");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    for text in [
        "",
        "yuanhang-witness 2\n",
        "yuanhang-witness 1\n00",
        &format!("yuanhang-witness 1\n{}\n", "0".repeat(64)),
    ] {
        std::fs::write(&path, text).unwrap();
        let refused = SigningKey::read(&file).unwrap_err();
        assert!(matches!(refused, SecretFileRefused::Malformed { .. }), "{text}");
    }
}
