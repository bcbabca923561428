//! Options are named exactly as the standard names them (sections 5.1, 5.4 and 5.5).

use serde_json::json;

use super::kit::{CHALLENGE, USER, bank};
use crate::{CreationOptions, RequestOptions};

#[test]
fn creation() {
    let exclude =
        [(vec![1, 2, 3], vec!["internal".to_owned(), "hybrid".to_owned()]), (vec![0xff], Vec::new())];
    let options = CreationOptions::new(&bank(), &USER, "ann", "Ann Li", &CHALLENGE, &exclude, 300_000);
    let expected = json!({
        "rp": { "id": "bank.example", "name": "Bank" },
        "user": { "id": "CQkJCQkJCQkJCQkJCQkJCQ", "name": "ann", "displayName": "Ann Li" },
        "challenge": "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc",
        "pubKeyCredParams": [
            { "type": "public-key", "alg": -7 },
            { "type": "public-key", "alg": -8 },
            { "type": "public-key", "alg": -257 },
        ],
        "timeout": 300_000,
        "excludeCredentials": [
            { "type": "public-key", "id": "AQID", "transports": ["internal", "hybrid"] },
            { "type": "public-key", "id": "_w" },
        ],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": true,
            "userVerification": "required",
        },
        "attestation": "none",
    });
    assert_eq!(json!(options), expected);
}

#[test]
fn request() {
    let allow = [(vec![1, 2, 3], vec!["usb".to_owned()])];
    let options = RequestOptions::new(&bank(), &CHALLENGE, &allow, 60_000);
    let expected = json!({
        "challenge": "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc",
        "timeout": 60_000,
        "rpId": "bank.example",
        "allowCredentials": [{ "type": "public-key", "id": "AQID", "transports": ["usb"] }],
        "userVerification": "required",
    });
    assert_eq!(json!(options), expected);
    let anyone = json!(RequestOptions::new(&bank(), &CHALLENGE, &[], 60_000));
    assert_eq!(anyone.get("allowCredentials"), Some(&json!([])));
}
