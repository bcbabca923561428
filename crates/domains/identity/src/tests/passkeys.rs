//! Passkeys as their owners and as thieves use them.

use contracts::identity::{Assurance, PASSKEY_CHANGED, Session};
use ids::CustomerId;
use serde_json::{Value, json};
use webauthn::testing::{Authenticator, Facts};
use webauthn::{Assertion, Registration};

use super::world::{PASSWORD, PHONE, World, caller, quick, secret, word, worlds};
use crate::Settings;
use crate::error::Refused;
use crate::model::method::Method;
use crate::service::{Caller, SignedIn};
use crate::store::PasskeyRow;

pub(super) const PAGE: &str = "http://localhost:8300";

pub(super) fn browser(address: &str) -> Caller {
    Caller { origin: Some(PAGE.to_owned()), ..caller(address, None) }
}

pub(super) fn made(answer: Value) -> Registration {
    serde_json::from_value(answer).unwrap()
}

pub(super) fn signed(answer: Value) -> Assertion {
    serde_json::from_value(answer).unwrap()
}

/// A customer with a passkey on a device of theirs, signed in with the password.
pub(super) struct Owner {
    id: CustomerId,
    session: Session,
    pub(super) device: Authenticator,
}

impl World {
    pub(super) async fn owner(&self, phone: &str) -> Owner {
        let id = self.customer(phone).await;
        let session = self.try_password(phone, PASSWORD, "192.0.2.1", None).await.unwrap().session;
        let mut device = Authenticator::new(PAGE);
        self.add(id, &session, &mut device, |_| ()).await.unwrap();
        Owner { id, session, device }
    }

    async fn add(
        &self,
        id: CustomerId,
        session: &Session,
        device: &mut Authenticator,
        forge: impl FnOnce(&mut Facts),
    ) -> Result<PasskeyRow, Refused> {
        let from = browser("192.0.2.1");
        let options = json!(self.identities.begin_passkey(id, session, &from).await?);
        self.identities.add_passkey(id, session, &made(device.create_forged(&options, forge)), &from).await
    }

    pub(super) fn asked(&self) -> Value {
        json!(self.identities.begin_passkey_sign_in(&browser("192.0.2.1")).unwrap())
    }

    pub(super) async fn enter(&self, answer: Value) -> Result<SignedIn, Refused> {
        self.identities.sign_in_with_passkey(&signed(answer), &browser("192.0.2.1")).await
    }
}

#[tokio::test]
async fn a_passkey_is_added_signs_in_and_is_removed() {
    for world in worlds(quick()).await {
        let mut owner = world.owner(PHONE).await;
        let signed_in = world.enter(owner.device.get(&world.asked())).await.unwrap();
        assert_eq!(signed_in.session.principal, owner.session.principal);
        assert_eq!(signed_in.session.assurance, Assurance::TwoFactor, "device and finger");
        assert_eq!(world.session(&signed_in.token).await.unwrap(), signed_in.session);
        let known = world.identities.passkeys_of(owner.id).await.unwrap();
        assert_eq!(known.len(), 1);
        assert_eq!((known[0].name.as_str(), known[0].sign_count), ("Chrome · Windows", 2));
        assert!(known[0].last_used_at.is_some());

        let listed = json!(
            world.identities.begin_passkey(owner.id, &owner.session, &browser("192.0.2.1")).await.unwrap()
        );
        assert_eq!(listed["excludeCredentials"].as_array().unwrap().len(), 1, "not twice on one device");
        assert_eq!(listed["user"]["name"], "139****1234");

        let from = browser("192.0.2.1");
        world.identities.remove_passkey(owner.id, &signed_in.session, known[0].id, &from).await.unwrap();
        let gone = world.enter(owner.device.get(&world.asked())).await;
        assert_eq!(word(&gone), "passkey_unknown");
        let told: Vec<_> = world.announced(PASSKEY_CHANGED).await;
        assert_eq!(
            told.iter().map(|news| news["added"].as_bool().unwrap()).collect::<Vec<_>>(),
            [true, false]
        );
        let reaction = crate::reactions::ways_in(std::sync::Arc::clone(&world.identities));
        let events = db::outbox::waiting(&world.store.db, None, 100).await.unwrap();
        let events: Vec<_> = events.into_iter().filter(|event| event.topic == PASSKEY_CHANGED).collect();
        reaction.react.react(&events).await.unwrap();
        assert_eq!(world.gateway.all().len(), 2, "the owner hears of both");
    }
}

#[tokio::test]
async fn sign_ins_are_shown_to_their_owner_alone() {
    for world in worlds(quick()).await {
        let mut owner = world.owner(PHONE).await;
        let other = world.customer("13900005678").await;
        world.try_password(PHONE, "wrong", "192.0.2.7", None).await.err().unwrap();
        world.enter(owner.device.get(&world.asked())).await.unwrap();
        owner.device.sign_count = Some(0);
        world.enter(owner.device.get(&world.asked())).await.err().unwrap();
        let (seen, next) = world.identities.sign_ins_of(owner.id, None).await.unwrap();
        let seen: Vec<_> = seen.iter().map(|row| (row.method, row.refused)).collect();
        let (password, passkey) = (Method::Password, Method::Passkey);
        assert_eq!(seen, [(passkey, true), (passkey, false), (password, true), (password, false)]);
        assert_eq!(next, None);
        assert!(world.identities.sign_ins_of(other, None).await.unwrap().0.is_empty());
        for _ in 0..60 {
            world.try_password(PHONE, PASSWORD, "192.0.2.1", None).await.unwrap();
        }
        let mut before = None;
        let mut pages = Vec::new();
        loop {
            let (rows, next) = world.identities.sign_ins_of(owner.id, before.as_deref()).await.unwrap();
            pages.push(rows.len());
            match next {
                Some(next) => before = Some(next.to_string()),
                None => break,
            }
        }
        assert_eq!(pages, [30, 30, 4]);
    }
}

#[tokio::test]
async fn what_is_not_an_answer_of_the_owner_is_refused() {
    for world in worlds(quick()).await {
        let Owner { id, session, mut device } = world.owner(PHONE).await;
        let mut thief = Authenticator::new(PAGE);
        let other = world.owner("13900005678").await;
        let mut other_device = other.device;
        let from = browser("192.0.2.1");

        // At the door.
        let asked = world.asked();
        let answer = device.get(&asked);
        assert_eq!(word(&world.enter(answer.clone()).await), "in");
        let door = [
            ("passkey_replayed", answer),
            ("passkey_unknown", thief.get(&world.asked())),
            ("passkey_challenge", device.get(&json!({"challenge": "AAAA", "rpId": "localhost"}))),
            ("passkey_origin", {
                device.origin = "http://localhost:9999".to_owned();
                let answer = device.get(&world.asked());
                device.origin = PAGE.to_owned();
                answer
            }),
            (
                "passkey_relying_party",
                device.get_forged(&world.asked(), |facts| facts.rp_id = "bank.example".into()),
            ),
            (
                "passkey_user",
                device.get_forged(&world.asked(), |facts| facts.user_handle = Some(vec![7; 16])),
            ),
            ("passkey_counter_regressed", device.get_forged(&world.asked(), |facts| facts.sign_count = 1)),
            ("passkey_not_verified", {
                device.verifies = false;
                let answer = device.get(&world.asked());
                device.verifies = true;
                answer
            }),
        ];
        for (code, answer) in door {
            assert_eq!(word(&world.enter(answer).await), code, "{}", world.store.name);
        }

        // A challenge is good for one ceremony and one session.
        let second = world.try_password(PHONE, PASSWORD, "192.0.2.1", None).await.unwrap().session;
        let step_up = async |answer: Value, session: &Session| {
            word(&world.identities.step_up_with_passkey(session, &signed(answer), &from).await)
        };
        let options =
            async |session: &Session| json!(world.identities.begin_step_up(session, &from).await.unwrap());
        assert_eq!(step_up(device.get(&world.asked()), &session).await, "passkey_challenge");
        assert_eq!(step_up(device.get(&options(&second).await), &session).await, "passkey_challenge");
        assert_eq!(step_up(other_device.get(&options(&session).await), &session).await, "passkey_other");
        assert_eq!(word(&world.enter(device.get(&options(&session).await)).await), "passkey_challenge");
        assert_eq!(step_up(device.get(&options(&session).await), &session).await, "in");

        // Adding.
        let options = json!(world.identities.begin_passkey(id, &session, &from).await.unwrap());
        let answer = made(thief.create(&options));
        let refused = world.identities.add_passkey(id, &second, &answer, &from).await;
        assert_eq!(word(&refused), "passkey_challenge", "asked for in another session");
        assert_eq!(word(&world.identities.add_passkey(id, &session, &answer, &from).await), "in");
        assert_eq!(
            word(&world.identities.add_passkey(id, &session, &answer, &from).await),
            "passkey_replayed"
        );
        let known = other_device.credential_id().to_vec();
        let refused = world.add(id, &session, &mut thief, |facts| facts.credential_id = known).await;
        assert_eq!(word(&refused), "passkey_known", "it is somebody else's");

        // In time.
        let (asked, adding) =
            (world.asked(), json!(world.identities.begin_passkey(id, &session, &from).await.unwrap()));
        world.pass(300);
        assert_eq!(word(&world.enter(device.get(&asked)).await), "passkey_expired");
        world.identities.step_up_with_password(&session, &secret(PASSWORD)).await.unwrap();
        let refused = world.identities.add_passkey(id, &session, &made(thief.create(&adding)), &from).await;
        assert_eq!(word(&refused), "passkey_expired");
    }
}

#[tokio::test]
async fn who_was_silent_for_a_while_proves_to_be_there() {
    for world in worlds(quick()).await {
        let Owner { id, session, mut device } = world.owner(PHONE).await;
        let from = browser("192.0.2.1");
        world.pass(300);
        let refused = world.identities.begin_passkey(id, &session, &from).await.err().unwrap();
        let consequence = http::Refusal::consequence(&refused);
        assert_eq!(consequence.code, "step_up_needed");
        assert!(matches!(refused, Refused::StepUp(ways) if ways.len() == 2), "passkey first, then password");
        let wrong = world.identities.step_up_with_password(&session, &secret("wrong")).await;
        assert_eq!(word(&wrong), "password_wrong");
        world.identities.step_up_with_password(&session, &secret(PASSWORD)).await.unwrap();
        assert!(world.identities.begin_passkey(id, &session, &from).await.is_ok());
        assert_eq!(session.assurance, Assurance::OneFactor);

        world.pass(300);
        // Another process hears the proof, this one knows of it at once.
        let other = world.another().await;
        let other =
            if world.store.db.kind() == db::Kind::Postgres { other } else { world.identities.clone() };
        let options = json!(other.begin_step_up(&session, &from).await.unwrap());
        other.step_up_with_passkey(&session, &signed(device.get(&options)), &from).await.unwrap();
        assert!(world.identities.begin_passkey(id, &session, &from).await.is_ok());
        let row = world.identities.proved_of_late(&session).await.unwrap();
        assert_eq!(row.session.assurance, Assurance::TwoFactor);
    }
}

#[tokio::test]
async fn a_passkey_used_twice_at_once_counts_once() {
    for world in worlds(quick()).await {
        let mut owner = world.owner(PHONE).await;
        let (one, two) = (world.asked(), world.asked());
        owner.device.sign_count = Some(6);
        let one = owner.device.get(&one);
        owner.device.sign_count = Some(6);
        let two = owner.device.get(&two);
        let (one, two) = tokio::join!(world.enter(one), world.enter(two));
        let mut came = [word(&one), word(&two)];
        came.sort_unstable();
        assert_eq!(came, ["in", "passkey_counter_regressed"], "{}", world.store.name);
    }
}

#[tokio::test]
async fn there_is_an_end_to_passkeys() {
    for world in worlds(Settings { passkeys_max: 2, ..quick() }).await {
        let owner = world.owner(PHONE).await;
        world.add(owner.id, &owner.session, &mut Authenticator::ed25519(PAGE), |_| ()).await.unwrap();
        let full = world.add(owner.id, &owner.session, &mut Authenticator::new(PAGE), |_| ()).await;
        assert_eq!(word(&full), "passkeys_full");
    }
}

#[tokio::test]
async fn a_bank_with_a_domain_takes_passkeys_from_its_pages_alone() {
    let settings = Settings {
        relying_party: "bank.example".to_owned(),
        origins: vec!["https://app.bank.example".to_owned()],
        ..quick()
    };
    let world = worlds(settings).await.remove(0);
    let id = world.customer(PHONE).await;
    let session = world.try_password(PHONE, PASSWORD, "192.0.2.1", None).await.unwrap().session;
    for (page, came) in [
        ("https://app.bank.example", "in"),
        ("https://bank.example", "passkey_origin"),
        (PAGE, "passkey_origin"),
    ] {
        let mut device = Authenticator::new(page);
        assert_eq!(word(&world.add(id, &session, &mut device, |_| ()).await), came, "{page}");
    }
    let odd = Settings { relying_party: "192.0.2.1".to_owned(), ..quick() };
    assert!(odd.relying_party().is_err(), "an address is no domain");
}
