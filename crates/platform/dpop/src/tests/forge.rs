//! Makes proofs wrong in the way a row says.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair};
use serde_json::{Map, Value};

use super::signatures;
use super::world::{START, instant};
use crate::testing::{Device, Draft};

/// The characters of base64url by their value.
const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A proof that is being made.
pub(super) struct Forge {
    pub(super) device: Device,
    pub(super) draft: Draft,
    header_text: Option<String>,
    payload_text: Option<String>,
    signing: String,
    /// Edits of the text, in order.
    edits: Vec<(String, String)>,
}

impl Forge {
    /// A right proof, of the device of RFC 7515 appendix A.3.
    pub(super) fn new(nonce: &str) -> Self {
        let device = super::rfc_device();
        let url = "https://bank.example/api/payments/transfers";
        let draft = device.draft("POST", url, instant(START), nonce);
        Self { device, draft, header_text: None, payload_text: None, signing: "own".into(), edits: vec![] }
    }

    /// Another device makes what follows.
    pub(super) fn take(&mut self, device: Device) {
        self.draft.header.insert("jwk".into(), device.jwk().into());
        self.device = device;
    }

    pub(super) fn step(&mut self, verb: &str, rest: &str) {
        let payload = &mut self.draft.payload;
        match verb {
            "header" => set(&mut self.draft.header, rest),
            "jwk" => set(self.draft.header["jwk"].as_object_mut().unwrap(), rest),
            "claim" => set(payload, rest),
            "htu" => drop(payload.insert("htu".into(), rest.into())),
            "iat" | "exp" | "nbf" => {
                let second = START + rest.parse::<i64>().unwrap();
                payload.insert(verb.into(), second.into());
            }
            "ath" => drop(payload.insert("ath".into(), crate::proofs::token_hash(rest).into())),
            "header-text" => self.header_text = Some(rest.into()),
            "payload-text" => self.payload_text = Some(rest.into()),
            "sign" => self.signing = rest.into(),
            _ => self.edits.push((verb.into(), rest.into())),
        }
    }

    /// The proof.
    pub(super) fn make(&self) -> String {
        let text = |members: &Map<String, Value>| Value::Object(members.clone()).to_string();
        let header =
            self.header_text.as_ref().map_or(text(&self.draft.header).into_bytes(), |text| self.filled(text));
        let payload = self
            .payload_text
            .as_ref()
            .map_or(text(&self.draft.payload).into_bytes(), |text| self.filled(text));
        let size = self.edits.iter().find(|(verb, _)| verb == "grow").map(|(_, size)| size.parse().unwrap());
        let (header, payload) =
            size.map_or((header.clone(), payload.clone()), |size| grown(&header, &payload, size));
        let header = self.roomy(header, "header");
        let payload = self.roomy(payload, "payload");
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(&payload));
        let signature = self.signature(&signed, &payload);
        let whole = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
        self.edits.iter().fold(whole, |proof, (verb, rest)| edit(&proof, verb, rest))
    }

    /// A text with `<header>`, `<payload>` and `<jwk>` replaced by their members, and `<EF>` by that byte.
    fn filled(&self, text: &str) -> Vec<u8> {
        let members = |of: &Map<String, Value>| {
            let text = Value::Object(of.clone()).to_string();
            text[1..text.len() - 1].to_owned()
        };
        let text = text
            .replace("<header>", &members(&self.draft.header))
            .replace("<payload>", &members(&self.draft.payload))
            .replace("<jwk>", &members(self.draft.header["jwk"].as_object().unwrap()));
        let mut bytes = vec![];
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('<') {
            bytes.extend(before.bytes());
            bytes.push(u8::from_str_radix(&after[..2], 16).unwrap());
            rest = &after[3..];
        }
        bytes.extend(rest.bytes());
        bytes
    }

    /// JSON with spaces behind it, until its base64url has bits to spare, where an edit needs some.
    fn roomy(&self, mut text: Vec<u8>, part: &str) -> Vec<u8> {
        let needed = self.edits.iter().any(|(verb, rest)| (verb == "loose" || verb == "pad") && rest == part);
        while needed && text.len().is_multiple_of(3) {
            text.push(b' ');
        }
        text
    }

    fn signature(&self, signed: &str, payload: &[u8]) -> Vec<u8> {
        let sign = |bytes: &[u8]| self.device.signature(bytes);
        let header_of = |name: &str| self.draft.header[name].to_string();
        let hmac_by = |secret: &[u8]| {
            hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed.as_bytes()).as_ref().to_vec()
        };
        match self.signing.as_str() {
            "own" => sign(signed.as_bytes()),
            // A signature with a character that the two alphabets write differently.
            "telling" => loop {
                let signature = sign(signed.as_bytes());
                if URL_SAFE_NO_PAD.encode(&signature).contains(['-', '_']) {
                    break signature;
                }
            },
            "other-device" => Device::new().signature(signed.as_bytes()),
            "other-bytes" => sign(b"{}.{}"),
            "payload-alone" => sign(URL_SAFE_NO_PAD.encode(payload).as_bytes()),
            "payload-bytes" => sign(payload),
            "hmac-point" => hmac_by(self.device.point()),
            "hmac-jwk" => hmac_by(header_of("jwk").as_bytes()),
            "hmac-thumbprint" => hmac_by(self.device.thumbprint().as_bytes()),
            "hmac-twice" => [hmac_by(self.device.point()), hmac_by(self.device.point())].concat(),
            "ed25519" => {
                let pair = Ed25519KeyPair::from_seed_unchecked(&[9; 32]).unwrap();
                pair.sign(signed.as_bytes()).as_ref().to_vec()
            }
            "es384" => {
                let (random, algorithm) = (SystemRandom::new(), &ECDSA_P384_SHA384_FIXED_SIGNING);
                let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
                let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap();
                pair.sign(&random, signed.as_bytes()).unwrap().as_ref().to_vec()
            }
            how => signatures::altered(&sign(signed.as_bytes()), how),
        }
    }
}

/// `name JSON` sets a member, `-name` removes one.
fn set(members: &mut Map<String, Value>, rest: &str) {
    match rest.split_once(' ') {
        Some((name, json)) => drop(members.insert(name.into(), serde_json::from_str(json).unwrap())),
        None => {
            assert!(members.remove(rest.strip_prefix('-').unwrap()).is_some(), "there is a {rest} to remove")
        }
    }
}

/// Header and payload with so many spaces behind them that the proof is of `size` bytes.
fn grown(header: &[u8], payload: &[u8], size: usize) -> (Vec<u8>, Vec<u8>) {
    let written = |bytes: usize| bytes.div_ceil(3) * 4 - [0, 2, 1][bytes % 3];
    let spaced = |text: &[u8], spaces: usize| [text, &vec![b' '; spaces]].concat();
    let whole = |header: usize, payload: usize| written(header) + written(payload) + 2 + written(64);
    let spaces = (0..3).flat_map(|front| (0..size).map(move |back| (front, back)));
    let (front, back) = spaces
        .into_iter()
        .find(|(front, back)| whole(header.len() + front, payload.len() + back) == size)
        .unwrap();
    (spaced(header, front), spaced(payload, back))
}

/// One edit of a text, `-3` and the like: see `tests.rs`.
pub(super) fn edited(text: &str, edit: &str) -> String {
    let (verb, rest) = edit.split_once(':').unwrap_or((edit, ""));
    self::edit(text, verb, rest)
}

fn edit(proof: &str, verb: &str, rest: &str) -> String {
    let mut parts: Vec<String> = proof.split('.').map(str::to_owned).collect();
    let names = ["header", "payload", "signature"];
    let place = names.iter().position(|name| *name == rest).unwrap_or(0);
    match verb {
        "grow" => {}
        "cut" => return proof[..proof.len() - rest.parse::<usize>().unwrap()].into(),
        "cut-front" => return proof[rest.parse::<usize>().unwrap()..].into(),
        "append" => return format!("{proof}{}", spelled(rest)),
        "prepend" => return format!("{}{proof}", spelled(rest)),
        "whole" => return rest.into(),
        "doubled" => return format!("{proof}{}{proof}", spelled(rest)),
        "upper" => return proof.to_uppercase(),
        "flip" => {
            let at: usize = rest.parse().unwrap();
            let other = if &proof[at..=at] == "A" { "B" } else { "A" };
            return format!("{}{other}{}", &proof[..at], &proof[at + 1..]);
        }
        "without" => drop(parts.remove(place)),
        "empty" => parts[place].clear(),
        "swapped" => parts.swap(0, 1),
        "fourth" => parts.push(rest.into()),
        "pad" => {
            let missing = ["", "", "==", "="][parts[place].len() % 4];
            parts[place].push_str(missing);
        }
        "split" => parts[place].insert_str(8, &spelled("\\n")),
        "standard" => {
            let standard = parts[place].replace('-', "+").replace('_', "/");
            assert_ne!(standard, parts[place], "the alphabets differ");
            parts[place] = standard;
        }
        "loose" => {
            let last = parts[place].pop().unwrap();
            let value = ALPHABET.find(last).unwrap();
            parts[place].push_str(&ALPHABET[value + 1..value + 2]);
        }
        "encoded" => parts[place] = URL_SAFE_NO_PAD.encode(&parts[place]),
        "hex" => parts[place] = hex(&URL_SAFE_NO_PAD.decode(&parts[place]).unwrap()),
        "flattened" => {
            let [header, payload, signature] = &parts[..] else { panic!("three parts") };
            let json = serde_json::json!({"protected": header, "payload": payload, "signature": signature});
            return json.to_string();
        }
        other => panic!("no step is called `{other}`"),
    }
    parts.join(".")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A text with `\n`, `\t`, `\0` and `\s` (a space) meant.
fn spelled(text: &str) -> String {
    text.replace("\\n", "\n").replace("\\t", "\t").replace("\\0", "\0").replace("\\s", " ")
}
