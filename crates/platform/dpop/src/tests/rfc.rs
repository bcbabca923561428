//! The examples of RFC 9449 itself: parsing, signature, thumbprint, hash of a token.

use crate::proof::Proof;
use crate::proofs::token_hash;
use crate::{MalformedThumbprint, Refused, Thumbprint, url};

/// Section 4.1, figure 2.
const TO_TOKEN: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6Ik\
    VDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCR\
    nMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JE\
    QSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIj\
    oiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwia\
    WF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg\
    4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
/// Section 7.1, figure 12.
const TO_RESOURCE: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6Ik\
    VDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCR\
    nMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JE\
    QSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIj\
    oiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0Z\
    WRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNF\
    c05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71E\
    OptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";
/// Section 7.1, the token that comes with it.
const TOKEN: &str = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
/// Section 6.1, figure 9.
const THUMBPRINT: &str = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

#[test]
fn the_proof_of_section_4_1_is_read() {
    let proof = Proof::read(TO_TOKEN).unwrap_or_else(|refused| panic!("{refused}"));
    assert!(proof.is_signed());
    assert_eq!(proof.thumbprint().to_string(), THUMBPRINT);
    assert_eq!(proof.claims.id, "-BwC3ESc6acc2lTc");
    assert_eq!(proof.claims.method, "POST");
    assert_eq!(proof.claims.url, "https://server.example.com/token");
    assert_eq!(proof.claims.made_at, 1_562_262_616);
    assert_eq!((proof.claims.nonce, proof.claims.token_hash), (None, None));
}

#[test]
fn the_proof_of_section_7_1_is_for_its_token() {
    let proof = Proof::read(TO_RESOURCE).unwrap_or_else(|refused| panic!("{refused}"));
    assert!(proof.is_signed());
    assert_eq!(proof.thumbprint().to_string(), THUMBPRINT);
    assert_eq!(proof.claims.token_hash, Some(token_hash(TOKEN)));
    assert!(url::is_same(&proof.claims.url, "/protectedresource", &["https://resource.example.org"]));
}

#[test]
fn the_signature_of_one_proof_is_not_another_ones() {
    let (text, _) = TO_TOKEN.rsplit_once('.').unwrap();
    let (_, signature) = TO_RESOURCE.rsplit_once('.').unwrap();
    let mixed = format!("{text}.{signature}");
    assert!(!Proof::read(&mixed).is_ok_and(|proof| proof.is_signed()));
}

#[test]
fn a_thumbprint_is_written_in_one_way() {
    let thumbprint: Thumbprint = THUMBPRINT.parse().unwrap();
    assert_eq!(thumbprint.to_string(), THUMBPRINT);
    assert_eq!(Thumbprint::new(*thumbprint.as_bytes()), thumbprint);
    for text in ["", &THUMBPRINT[1..], &format!("{THUMBPRINT}="), &format!("{THUMBPRINT}A"), &"=".repeat(43)]
    {
        assert_eq!(text.parse::<Thumbprint>(), Err(MalformedThumbprint), "{text}");
    }
    // Two bits of the last character are left over.
    assert_eq!(format!("{}J", &THUMBPRINT[..42]).parse::<Thumbprint>(), Err(MalformedThumbprint));
}

#[test]
fn a_refusal_says_nothing_of_the_proof() {
    let refused = Proof::read(&TO_TOKEN[..200]).err();
    let text = refused.as_ref().map(ToString::to_string).unwrap_or_default();
    assert!(matches!(refused, Some(Refused::Malformed(_))), "{text}");
    assert!(!text.contains("eyJ"), "{text}");
    let needed = Refused::NonceNeeded { nonce: "a-nonce".into() };
    assert_eq!(needed.to_string(), "the proof needs a nonce of this process");
}
