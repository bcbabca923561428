//! Known answers of the published standards.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use sm3::{Digest, Sm3};
use sm4::cipher::{BlockCipherDecrypt as _, BlockCipherEncrypt as _};

use crate::OpeningKey;
use crate::cipher::{self, Sm4Gcm};

fn bytes(hexadecimal: &str) -> Vec<u8> {
    hex::decode(hexadecimal).unwrap()
}

/// GB/T 32905-2016, annex A.
#[test]
fn sm3_gives_the_known_answers() {
    for (message, digest) in [
        ("abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (
            "abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd",
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
        ),
    ] {
        assert_eq!(hex::encode(Sm3::digest(message)), digest);
    }
}

/// GB/T 32907-2016, annex A: once, and a million times over.
#[test]
fn sm4_gives_the_known_answers() {
    let key: [u8; 16] = bytes("0123456789abcdeffedcba9876543210").try_into().unwrap();
    let cipher = sm4::Sm4::new(&key.into());
    let mut block = key.into();
    cipher.encrypt_block(&mut block);
    assert_eq!(hex::encode(block), "681edf34d206965e86b3e94f536e4246");
    for _ in 1..1_000_000 {
        cipher.encrypt_block(&mut block);
    }
    assert_eq!(hex::encode(block), "595298c7c6fd271f0402f804c33d3f66");
    for _ in 0..1_000_000 {
        cipher.decrypt_block(&mut block);
    }
    assert_eq!(block.as_slice(), key);
}

/// RFC 8998, appendix A.1.
#[test]
fn sm4_gcm_gives_the_known_answer() {
    let key: [u8; 16] = bytes("0123456789ABCDEFFEDCBA9876543210").try_into().unwrap();
    let nonce: [u8; 12] = bytes("00001234567800000000ABCD").try_into().unwrap();
    let plain = bytes(
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD\
         EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA",
    );
    let aad = bytes("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
    let sealed = Sm4Gcm::new(&key.into()).encrypt(&nonce.into(), Payload { msg: &plain, aad: &aad }).unwrap();
    let expected = bytes(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735\
         D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D\
         83DE3541E4C2B58177E065A9BF7B62EC",
    );
    assert_eq!(hex::encode(&sealed), hex::encode(&expected));

    // What we seal is laid out as the standard's example, behind our version and the nonce.
    let ours = [[1].as_slice(), &nonce, &expected].concat();
    assert_eq!(cipher::open(&key, &aad, &ours).unwrap(), plain);
    assert!(cipher::open(&key, &aad[1..], &ours).is_err());
}

/// GM/T 0042-2015, annex D.3; agrees with OpenSSL.
#[test]
fn hmac_sm3_gives_the_known_answer() {
    let key: [u8; 32] = std::array::from_fn(|at| u8::try_from(at + 1).unwrap());
    let half = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".as_slice();
    let expected = "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a";
    assert_eq!(hex::encode(cipher::hmac_sm3(&key, &[half, half])), expected);
}

/// GM/T 0003.5-2012, annex C: what was sealed on the recommended curve opens, and nothing that differs by a bit.
#[test]
fn sm2_opens_the_known_answer() {
    let secret = bytes("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8");
    let key = OpeningKey::of(&secret.try_into().unwrap()).unwrap();
    assert_eq!(
        hex::encode(key.public()),
        "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
         ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
    );
    let sealed = bytes(
        "0404ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73\
         e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0\
         59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766\
         21886ca989ca9c7d58087307ca93092d651efa",
    );
    assert_eq!(key.open(&sealed).unwrap(), b"encryption standard");
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 1;
        assert_eq!(key.open(&changed), None, "byte {at}");
        assert_eq!(key.open(&sealed[..at]), None, "{at} bytes");
    }
}
