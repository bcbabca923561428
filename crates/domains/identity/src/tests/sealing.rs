//! Passwords come sealed to an envelope that is good once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sm2::pke::EncryptingKey;

use super::routes::{call, code_of};
use super::world::{PASSWORD, PHONE, PIN, World, quick, worlds};
use crate::Settings;

const SIGN_IN: &str = "POST /api/identity/sign-in";

/// An envelope as a page has it.
struct Envelope {
    challenge: String,
    key: EncryptingKey,
}

impl Envelope {
    /// As the bank's pages do: filled up to 256 bytes.
    fn seal(&self, password: &str) -> String {
        let filled = format!("{password}{}", "\0".repeat(256 - password.len()));
        URL_SAFE_NO_PAD.encode(self.key.encrypt(&mut rand::rng(), filled.as_bytes()).unwrap())
    }

    fn sign_in(&self, password: &str) -> Value {
        json!({"name": PHONE, "password": self.seal(password), "sealed_by": self.challenge})
    }
}

impl World {
    async fn envelope(&self) -> Envelope {
        let answer = call(self, "POST /api/identity/envelope", Value::Null, "", "").await;
        let text = |name: &str| answer.body[name].as_str().unwrap().to_owned();
        let key = URL_SAFE_NO_PAD.decode(text("key")).unwrap();
        Envelope { challenge: text("challenge"), key: EncryptingKey::from_sec1_bytes(&key).unwrap() }
    }

    async fn answered(&self, line: &str, body: Value, token: &str) -> (u16, String) {
        code_of(&call(self, line, body, token, "").await)
    }
}

fn only_sealed() -> Settings {
    Settings { sealed_passwords: true, ..quick() }
}

#[tokio::test]
async fn a_bank_takes_each_password_sealed_and_none_that_came_open() {
    for world in worlds(only_sealed()).await {
        world.customer(PHONE).await;
        let envelope = world.envelope().await;
        let answer = call(&world, SIGN_IN, envelope.sign_in(PASSWORD), "", "").await;
        assert_eq!(code_of(&answer).0, 200, "{}", answer.body);
        let token = answer.body["token"].as_str().unwrap();
        assert_eq!(
            world.answered(SIGN_IN, world.envelope().await.sign_in("Tea-at-5-oclock"), "").await,
            (401, "sign_in_refused".to_owned())
        );
        let id_number = "110101199003070038";
        for (line, fields, sealed) in [
            (SIGN_IN, json!({"name": PHONE}), vec![("password", PASSWORD)]),
            ("PUT /api/identity/pin", json!({}), vec![("password", PASSWORD), ("pin", PIN)]),
            ("POST /api/identity/step-up", json!({}), vec![("password", PASSWORD)]),
            ("PUT /api/identity/password", json!({}), vec![("old", PASSWORD), ("new", "Rain-on-6-roofs")]),
            (
                "POST /api/identity/sign-up",
                json!({"phone": PHONE, "code": "000000", "name": "测试甲", "id_number": id_number}),
                vec![("password", PASSWORD)],
            ),
            (
                "POST /api/identity/password-resets",
                json!({"phone": PHONE, "code": "000000", "id_number": id_number}),
                vec![("password", "Rain-on-6-roofs")],
            ),
        ] {
            let (mut open, mut closed) = (fields.clone(), fields);
            let envelope = world.envelope().await;
            closed["sealed_by"] = json!(envelope.challenge);
            for (name, password) in sealed {
                open[name] = json!(password);
                closed[name] = json!(envelope.seal(password));
            }
            let refused = world.answered(line, open, token).await;
            assert_eq!(refused, (422, "password_unsealed".to_owned()), "{line}");
            let (status, code) = world.answered(line, closed, token).await;
            let reads = status < 300 || code == "code_wrong";
            assert!(reads, "{line}: {status} {code}");
        }
    }
}

#[tokio::test]
async fn an_envelope_is_good_once_for_a_while_and_for_what_was_sealed_to_it() {
    for world in worlds(quick()).await {
        world.customer(PHONE).await;
        let broken = (422, "password_seal_broken".to_owned());
        let envelope = world.envelope().await;
        let other = world.envelope().await;
        let right = envelope.sign_in(PASSWORD);
        let sealed = right["password"].as_str().unwrap();
        let passkey = world.asked()["challenge"].clone();
        assert!(passkey.is_string());
        let mut flipped = URL_SAFE_NO_PAD.decode(sealed).unwrap();
        flipped[200] ^= 1;
        for (what, password, sealed_by) in [
            ("no envelope", sealed, json!("AAAA")),
            ("no text of one", sealed, json!("远行")),
            ("an empty one", sealed, json!("")),
            ("another envelope", sealed, json!(other.challenge)),
            ("a challenge for something else", sealed, passkey),
            ("an open password", PASSWORD, json!(envelope.challenge)),
            ("nothing", "", json!(envelope.challenge)),
            ("half of it", &sealed[..sealed.len() / 2], json!(envelope.challenge)),
            ("a changed byte", &URL_SAFE_NO_PAD.encode(&flipped), json!(envelope.challenge)),
            ("much too much", &"A".repeat(8000), json!(envelope.challenge)),
        ] {
            let body = json!({"name": PHONE, "password": password, "sealed_by": sealed_by});
            assert_eq!(world.answered(SIGN_IN, body, "").await, broken, "{what}");
        }
        // None of it used the envelope up, and nobody is held for it.
        assert_eq!(world.answered(SIGN_IN, right.clone(), "").await.0, 200);
        assert_eq!(
            world.answered(SIGN_IN, right, "").await,
            broken,
            "what somebody listened to is worth nothing"
        );
        let late = other.sign_in(PASSWORD);
        world.pass(world.settings.passkey_ceremony_s.into());
        assert_eq!(world.answered(SIGN_IN, late, "").await, broken, "too late");
        let open = json!({"name": PHONE, "password": PASSWORD});
        assert_eq!(world.answered(SIGN_IN, open, "").await.0, 200, "a demonstration takes open ones");
    }
}

#[tokio::test]
async fn of_two_who_send_the_same_envelope_at_once_one_is_heard() {
    for world in worlds(quick()).await {
        world.customer(PHONE).await;
        let body = world.envelope().await.sign_in(PASSWORD);
        let (one, two) =
            tokio::join!(world.answered(SIGN_IN, body.clone(), ""), world.answered(SIGN_IN, body, ""));
        let mut came = [one.0, two.0];
        came.sort_unstable();
        assert_eq!(came, [200, 422], "{}", world.store.name);
    }
}
