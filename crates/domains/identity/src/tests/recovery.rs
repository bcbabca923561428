//! Forgotten passwords: who gets a new one at once, who waits, who is refused, and what the owner can do about it.

use contracts::identity::{RECOVERY_CHANGED, Role};
use dpop::Thumbprint;
use ids::{CustomerId, StaffId};
use secrecy::Secret;
use serde_json::json;
use webauthn::testing::Authenticator;

use super::world::{PASSWORD, PHONE, PIN, World, caller, quick, secret, word, worlds};
use crate::Settings;
use crate::error::Refused;
use crate::model::code::Purpose;
use crate::service::{Caller, Forgotten, PasswordProof, Recovered, SignedIn};

const ID_NUMBER: &str = "110101199003001234";
const NEW: &str = "Rain-on-monday-7";
const PAGE: &str = "http://localhost:8300";
const DAY_S: u64 = 24 * 3600;
const KEY: [u8; 32] = [1; 32];
const OTHER_KEY: [u8; 32] = [2; 32];

/// A browser that keeps this cookie and proves this key.
fn browser(cookie: Option<&Secret<String>>, key: [u8; 32]) -> Caller {
    Caller {
        origin: Some(PAGE.to_owned()),
        device_key: Some(Thumbprint::new(key)),
        ..caller("192.0.2.2", cookie)
    }
}

impl World {
    /// Asks for a code on this browser and reads it on the phone.
    async fn reset_code(&self, from: &Caller) -> (String, Caller) {
        self.pass(61);
        let cookie = self.ask_code(PHONE, Purpose::ResetPassword, from).await.unwrap();
        let code = self.gateway.code(PHONE).await;
        (code, Caller { device: Some(cookie), ..from.clone() })
    }

    async fn forgotten(&self, code: &str, id_number: &str, from: &Caller) -> Result<Recovered, Refused> {
        let asked = Forgotten {
            phone: PHONE.to_owned(),
            code: secret(code),
            id_number: id_number.to_owned(),
            new: secret(NEW),
        };
        self.identities.recover(&asked, from).await
    }

    /// The whole way with a fresh code: where it leads, and on which browser.
    async fn recover(&self, from: &Caller) -> (Result<Recovered, Refused>, Caller) {
        let (code, from) = self.reset_code(from).await;
        (self.forgotten(&code, ID_NUMBER, &from).await, from)
    }

    async fn enters_with(&self, password: &str, from: &Caller) -> SignedIn {
        self.identities.sign_in(PHONE, &secret(password), None, from).await.unwrap()
    }

    async fn stages(&self) -> Vec<String> {
        let news = self.announced(RECOVERY_CHANGED).await;
        news.iter().map(|news| news["stage"].as_str().unwrap().to_owned()).collect()
    }

    async fn add_passkey(&self, id: CustomerId, on: &SignedIn, from: &Caller) -> Authenticator {
        let mut keeper = Authenticator::new(PAGE);
        let options = json!(self.identities.begin_passkey(id, &on.session, from).await.unwrap());
        let made = serde_json::from_value(keeper.create(&options)).unwrap();
        self.identities.add_passkey(id, &on.session, &made, from).await.unwrap();
        keeper
    }
}

fn waits(result: &Result<Recovered, Refused>) -> bool {
    matches!(result, Ok(Recovered::Waits { .. }))
}

#[tokio::test]
async fn a_stranger_to_the_bank_waits_and_then_every_session_ends() {
    for world in worlds(quick()).await {
        world.customer(PHONE).await;
        let before = world.enters_with(PASSWORD, &caller("192.0.2.1", None)).await;
        let (first, there) = world.recover(&browser(None, KEY)).await;
        assert!(waits(&first), "{first:?}");
        assert_eq!(world.stages().await, ["asked"]);
        world.pass(DAY_S / 2);
        let (early, _) = world.recover(&there).await;
        assert_eq!(early.unwrap(), first.unwrap(), "asking again neither shortens nor lengthens it");
        assert_eq!(world.stages().await, ["asked"], "and is not told again");

        world.pass(DAY_S / 2);
        let (elsewhere, _) = world.recover(&browser(None, OTHER_KEY)).await;
        assert!(waits(&elsewhere), "who did not wait waits: {}", world.store.name);
        let (done, _) = world.recover(&there).await;
        assert_eq!(done.unwrap(), Recovered::Done);
        assert_eq!(world.stages().await, ["asked", "asked", "done"]);
        assert_eq!(world.session(&before.token).await, None);
        assert_eq!(world.outcome(PHONE, PASSWORD, "192.0.2.1").await, "sign_in_refused");
        assert_eq!(world.outcome(PHONE, NEW, "192.0.2.1").await, "in");
    }
}

#[tokio::test]
async fn each_wrong_part_is_refused() {
    for world in worlds(quick()).await {
        world.customer(PHONE).await;
        let (code, from) = world.reset_code(&browser(None, KEY)).await;
        let wrong = if code == "000000" { "000001" } else { "000000" };
        let asked = async |phone: &str, code: &str, id_number: &str, new: &str, from: &Caller| {
            let asked = Forgotten {
                phone: phone.to_owned(),
                code: secret(code),
                id_number: id_number.to_owned(),
                new: secret(new),
            };
            word(&world.identities.recover(&asked, from).await)
        };
        let other = browser(None, KEY);
        let elsewhere = Caller { network: "198.51.100.1".to_owned(), ..other };
        for (phone, code, id_number, new, from, expected) in [
            ("no phone", code.as_str(), ID_NUMBER, NEW, &from, "invalid_field"),
            (PHONE, &code, ID_NUMBER, "weak", &from, "invalid_field"),
            (PHONE, wrong, ID_NUMBER, NEW, &from, "code_wrong"),
            ("13900009999", &code, ID_NUMBER, NEW, &from, "code_wrong"),
            (PHONE, &code, ID_NUMBER, NEW, &elsewhere, "code_wrong"),
            (PHONE, &code, "110101199003001235", NEW, &from, "identity_wrong"),
            (PHONE, &code, ID_NUMBER, "Born-1101011990-0300-1234", &from, "in"),
        ] {
            assert_eq!(asked(phone, code, id_number, new, from).await, expected, "{phone} {id_number} {new}");
        }
        assert_eq!(world.outcome(PHONE, PASSWORD, "192.0.2.1").await, "in", "and nothing has changed");
    }
}

#[tokio::test]
async fn identity_numbers_are_not_guessed_and_the_owner_is_not_flooded() {
    let settings = Settings { recoveries_per_week_max: 1, code_tries_max: 10, ..quick() };
    for world in worlds(settings).await {
        world.customer(PHONE).await;
        let (code, from) = world.reset_code(&browser(None, KEY)).await;
        for _ in 0..5 {
            let guessed = world.forgotten(&code, "110101199003001235", &from).await;
            assert_eq!(word(&guessed), "identity_wrong");
        }
        let held = world.forgotten(&code, ID_NUMBER, &from).await;
        assert_eq!(word(&held), "too_many_tries", "even the right one: {}", world.store.name);
        world.pass(DAY_S);
        assert!(waits(&world.recover(&from).await.0));
        let (another, _) = world.recover(&browser(None, OTHER_KEY)).await;
        assert_eq!(word(&another), "too_many_tries");
    }
}

#[tokio::test]
async fn on_a_device_of_the_owners_nobody_waits() {
    for world in worlds(quick()).await {
        world.customer(PHONE).await;
        let new = browser(None, KEY);
        let signed_in = world.enters_with(PASSWORD, &new).await;
        let own = browser(Some(&signed_in.device_token), KEY);
        assert!(waits(&world.recover(&own).await.0), "known since a minute is not known");
        world.identities.refuse_recoveries(customer_of(&signed_in), &own).await.unwrap();
        world.pass(DAY_S);
        let carried_off = browser(Some(&signed_in.device_token), OTHER_KEY);
        assert!(waits(&world.recover(&carried_off).await.0), "the cookie without its key");
        let program = Caller { device_key: None, ..own.clone() };
        world.identities.refuse_recoveries(customer_of(&signed_in), &own).await.unwrap();
        assert!(waits(&world.recover(&program).await.0), "the cookie with no key");
        world.identities.refuse_recoveries(customer_of(&signed_in), &own).await.unwrap();
        let (done, _) = world.recover(&own).await;
        assert_eq!(done.unwrap(), Recovered::Done, "{}", world.store.name);
        // Who did not have to wait is not held afterwards.
        let again = world.enters_with(NEW, &own).await;
        world
            .identities
            .set_pin(customer_of(&again), &again.session, &secret(NEW), &secret("840271"))
            .await
            .unwrap();
    }
}

fn customer_of(signed_in: &SignedIn) -> CustomerId {
    match signed_in.session.principal {
        contracts::identity::Principal::Customer(id) => id,
        _ => panic!("no customer"),
    }
}

#[tokio::test]
async fn with_a_passkey_the_waiting_is_longer_and_the_passkey_needs_none() {
    for world in worlds(quick()).await {
        let id = world.customer(PHONE).await;
        let own = browser(None, KEY);
        let signed_in = world.enters_with(PASSWORD, &own).await;
        let own = browser(Some(&signed_in.device_token), KEY);
        let mut keeper = world.add_passkey(id, &signed_in, &own).await;
        let (first, there) = world.recover(&browser(None, OTHER_KEY)).await;
        assert!(waits(&first));
        world.pass(2 * DAY_S);
        assert!(waits(&world.recover(&there).await.0), "two days are not enough: {}", world.store.name);

        // The owner signs in with it: whoever can needs no recovery.
        let asked = json!(world.identities.begin_passkey_sign_in(&own).unwrap());
        let signed = serde_json::from_value(keeper.get(&asked)).unwrap();
        let inside = world.identities.sign_in_with_passkey(&signed, &own).await.unwrap();
        assert_eq!(world.stages().await.last().unwrap(), "refused");
        assert!(world.identities.recoveries_of(id).await.unwrap().is_empty());
        let options = json!(world.identities.begin_step_up(&inside.session, &own).await.unwrap());
        let proof = serde_json::from_value(keeper.get(&options)).unwrap();
        let change = async |proof, new: &str| {
            word(&world.identities.change_password(id, &inside.session, proof, &secret(new), &own).await)
        };
        let wrong = secret("wrong");
        assert_eq!(change(PasswordProof::Old(&wrong), NEW).await, "password_wrong");
        assert_eq!(change(PasswordProof::Passkey(&proof), NEW).await, "in");
        assert_eq!(change(PasswordProof::Passkey(&proof), PASSWORD).await, "passkey_replayed");
        assert_eq!(world.outcome(PHONE, NEW, "192.0.2.1").await, "in");
    }
}

#[tokio::test]
async fn the_owner_refuses_and_the_password_stays() {
    for world in worlds(quick()).await {
        let id = world.customer(PHONE).await;
        let owner = caller("192.0.2.1", None);
        let (first, thief) = world.recover(&browser(None, KEY)).await;
        assert!(waits(&first));
        assert_eq!(world.identities.recoveries_of(id).await.unwrap().len(), 1);
        world.identities.refuse_recoveries(id, &owner).await.unwrap();
        world.identities.refuse_recoveries(id, &owner).await.unwrap();
        assert_eq!(world.stages().await, ["asked", "refused"], "told once");
        world.pass(DAY_S);
        assert!(waits(&world.recover(&thief).await.0), "and the waiting begins anew: {}", world.store.name);
        world.enters_with(PASSWORD, &owner).await;
        assert_eq!(world.stages().await, ["asked", "refused", "asked", "refused"]);
        world.pass(8 * DAY_S);
        let (third, _) = world.recover(&thief).await;
        assert!(waits(&third));
        world.pass(9 * DAY_S);
        let (late, _) = world.recover(&thief).await;
        assert!(waits(&late), "not used in time is not used");
    }
}

#[tokio::test]
async fn after_waiting_the_new_password_alone_opens_no_other_way_in() {
    for world in worlds(quick()).await {
        let id = world.customer(PHONE).await;
        let (_, there) = world.recover(&browser(None, KEY)).await;
        world.pass(DAY_S);
        assert_eq!(world.recover(&there).await.0.unwrap(), Recovered::Done);
        let inside = world.enters_with(NEW, &there).await;
        let pin = async || {
            let session = &inside.session;
            word(&world.identities.set_pin(id, session, &secret(NEW), &secret("840271")).await)
        };
        assert_eq!(pin().await, "recovery_hold");
        let begun = world.identities.begin_passkey(id, &inside.session, &there).await;
        assert_eq!(word(&begun), "recovery_hold");
        world.pass(DAY_S / 3);
        let inside = world.enters_with(NEW, &there).await;
        assert_eq!(word(&world.identities.begin_passkey(id, &inside.session, &there).await), "recovery_hold");
        world.pass(2 * DAY_S / 3);
        let inside = world.enters_with(NEW, &there).await;
        world.add_passkey(id, &inside, &there).await;
        let session = &inside.session;
        world.identities.set_pin(id, session, &secret(NEW), &secret(PIN)).await.unwrap();
    }
}

#[tokio::test]
async fn two_members_of_staff_end_the_waiting_and_one_does_not() {
    for world in worlds(quick()).await {
        let id = world.customer(PHONE).await;
        let other = world.customer("13900005678").await;
        let staff = async |name: &str| -> StaffId {
            contracts::identity::Identity::ensure_staff(
                &*world.identities,
                name,
                secret("Desk-lamp-42"),
                Role::Operator,
            )
            .await
            .unwrap()
        };
        let (one, two) = (staff("clerk.one").await, staff("clerk.two").await);
        let (_, there) = world.recover(&browser(None, KEY)).await;
        let recovery = world.identities.recoveries_of(id).await.unwrap()[0].id;
        let vouch = async |customer, staff| word(&world.identities.vouch(customer, recovery, staff).await);
        assert_eq!(vouch(other, one).await, "not_found", "it is not that customer's");
        assert_eq!(vouch(id, one).await, "in");
        assert_eq!(vouch(id, one).await, "second_needed");
        assert!(waits(&world.recover(&there).await.0));
        assert_eq!(vouch(id, two).await, "in");
        assert_eq!(vouch(id, two).await, "in", "said twice");
        let (done, _) = world.recover(&there).await;
        assert_eq!(done.unwrap(), Recovered::Done, "{}", world.store.name);
        let inside = world.enters_with(NEW, &there).await;
        let pin = world.identities.set_pin(id, &inside.session, &secret(NEW), &secret("840271")).await;
        assert_eq!(word(&pin), "in", "documents were seen: nothing is held");
        assert_eq!(vouch(id, one).await, "not_found", "it is over");
    }
}

#[tokio::test]
async fn the_owner_hears_of_each_step() {
    let world = worlds(quick()).await.remove(0);
    world.customer(PHONE).await;
    let (_, there) = world.recover(&browser(None, KEY)).await;
    world.pass(DAY_S);
    world.recover(&there).await.0.unwrap();
    let reaction = crate::reactions::ways_in(std::sync::Arc::clone(&world.identities));
    let events = db::outbox::waiting(&world.store.db, None, 100).await.unwrap();
    let events: Vec<_> = events.into_iter().filter(|event| event.topic == RECOVERY_CHANGED).collect();
    reaction.react.react(&events).await.unwrap();
    let told: Vec<_> = world.gateway.all().into_iter().map(|message| json!(message.content)).collect();
    assert_eq!(
        told,
        [
            json!({"Recovery": {"stage": "asked", "ready_at": "2026-11-23 16:01"}}),
            json!({"Recovery": {"stage": "done", "ready_at": null}}),
        ]
    );
}
