//! Devices that prove with a key to be there, and parting with one.

use contracts::identity::{Assurance, DEVICE_ADDED};
use dpop::Thumbprint;
use secrecy::Secret;
use serde_json::json;
use webauthn::testing::Authenticator;

use super::world::{PASSWORD, PHONE, World, caller, quick, secret, word, worlds};
use crate::Settings;
use crate::service::{Caller, SignedIn};

const PAGE: &str = "http://localhost:8300";
const OWN: [u8; 32] = [1; 32];
const OTHER: [u8; 32] = [2; 32];

/// A browser that keeps this cookie and proves this key.
fn browser(cookie: Option<&Secret<String>>, key: Option<[u8; 32]>) -> Caller {
    Caller {
        origin: Some(PAGE.to_owned()),
        device_key: key.map(Thumbprint::new),
        ..caller("192.0.2.1", cookie)
    }
}

impl World {
    async fn with_password(&self, from: &Caller) -> SignedIn {
        self.identities.sign_in(PHONE, &secret(PASSWORD), None, from).await.unwrap()
    }

    async fn devices_announced(&self) -> usize {
        self.announced(DEVICE_ADDED).await.len()
    }
}

#[tokio::test]
async fn a_key_is_a_factor_once_its_owner_proved_with_two() {
    for world in worlds(quick()).await {
        let id = world.customer(PHONE).await;
        let first = world.with_password(&browser(None, Some(OWN))).await;
        let cookie = Some(&first.device_token);
        assert_eq!(first.session.device_key, Some(Thumbprint::new(OWN).to_string()));
        assert_eq!(world.session(&first.token).await.unwrap(), first.session, "the store keeps the key");
        assert_eq!(first.session.assurance, Assurance::OneFactor);
        let second = world.with_password(&browser(cookie, Some(OWN))).await;
        assert_eq!(
            second.session.assurance,
            Assurance::OneFactor,
            "whoever has the password has two sessions"
        );

        let from = browser(cookie, Some(OWN));
        let mut keeper = Authenticator::new(PAGE);
        let options = json!(world.identities.begin_passkey(id, &second.session, &from).await.unwrap());
        let made = serde_json::from_value(keeper.create(&options)).unwrap();
        world.identities.add_passkey(id, &second.session, &made, &from).await.unwrap();
        let asked = json!(world.identities.begin_passkey_sign_in(&from).unwrap());
        let signed = serde_json::from_value(keeper.get(&asked)).unwrap();
        let third = world.identities.sign_in_with_passkey(&signed, &from).await.unwrap();
        assert_eq!(third.session.assurance, Assurance::BoundDevice);

        for (cookie, key, assurance, why) in [
            (cookie, Some(OWN), Assurance::BoundDevice, "password, and a key that is trusted"),
            (cookie, None, Assurance::OneFactor, "a program with the cookie alone"),
            (cookie, Some(OTHER), Assurance::OneFactor, "the cookie on another machine"),
            (cookie, Some(OWN), Assurance::OneFactor, "and trust is gone: who knows which is which"),
            (None, Some(OWN), Assurance::OneFactor, "the key without the cookie is a new device"),
        ] {
            let signed_in = world.with_password(&browser(cookie, key)).await;
            assert_eq!(signed_in.session.assurance, assurance, "{why}: {}", world.store.name);
        }
    }
}

#[tokio::test]
async fn a_cookie_that_was_carried_away_is_announced_as_a_new_device() {
    for world in worlds(quick()).await {
        world.customer(PHONE).await;
        let first = world.with_password(&browser(None, Some(OWN))).await;
        let cookie = Some(&first.device_token);
        assert_eq!(world.devices_announced().await, 1);
        world.with_password(&browser(cookie, Some(OWN))).await;
        assert_eq!(world.devices_announced().await, 1);
        world.with_password(&browser(cookie, Some(OTHER))).await;
        assert_eq!(world.devices_announced().await, 2);
        // A browser of yesterday learns to prove its key: still the same device.
        let old = world.with_password(&browser(None, None)).await;
        assert_eq!(world.devices_announced().await, 3);
        world.with_password(&browser(Some(&old.device_token), Some(OWN))).await;
        assert_eq!(world.devices_announced().await, 3);
    }
}

#[tokio::test]
async fn a_proof_once_more_makes_the_device_trusted() {
    for world in worlds(quick()).await {
        let id = world.customer(PHONE).await;
        let signed_in = world.with_password(&browser(None, Some(OWN))).await;
        let (session, from) = (&signed_in.session, browser(Some(&signed_in.device_token), Some(OWN)));
        let mut keeper = Authenticator::new(PAGE);
        let options = json!(world.identities.begin_passkey(id, session, &from).await.unwrap());
        let made = serde_json::from_value(keeper.create(&options)).unwrap();
        world.identities.add_passkey(id, session, &made, &from).await.unwrap();
        let options = json!(world.identities.begin_step_up(session, &from).await.unwrap());
        let signed = serde_json::from_value(keeper.get(&options)).unwrap();
        world.identities.step_up_with_passkey(session, &signed, &from).await.unwrap();
        assert_eq!(world.session(&signed_in.token).await.unwrap().assurance, Assurance::BoundDevice);
        assert_eq!(world.with_password(&from).await.session.assurance, Assurance::BoundDevice);
    }
}

#[tokio::test]
async fn parting_with_a_device_ends_what_is_open_on_it() {
    for world in worlds(quick()).await {
        let id = world.customer(PHONE).await;
        let stranger = world.customer("13900005678").await;
        let here = world.with_password(&browser(None, Some(OWN))).await;
        let lost = world.with_password(&browser(None, Some(OTHER))).await;
        let again = world.with_password(&browser(Some(&lost.device_token), Some(OTHER))).await;
        let known = world.identities.devices_of(id).await.unwrap();
        assert_eq!(known.len(), 2);
        let device = lost.session.device;
        let foreign = world.identities.remove_device(stranger, &here.session, device).await;
        assert_eq!(word(&foreign), "not_found");
        world.identities.remove_device(id, &here.session, device).await.unwrap();
        assert_eq!(word(&world.identities.remove_device(id, &here.session, device).await), "not_found");
        for gone in [&lost.token, &again.token] {
            assert!(world.session(gone).await.is_none());
        }
        assert!(world.session(&here.token).await.is_some());
        let other = world.another().await;
        assert!(contracts::identity::Identity::session(&*other, &lost.token).await.unwrap().is_none());
        world.pass(300);
        let silent = world.identities.remove_device(id, &here.session, here.session.device).await;
        assert_eq!(word(&silent), "step_up_needed");
    }
}

#[tokio::test]
async fn a_bank_may_want_a_proof_from_everybody() {
    let world = worlds(Settings { device_proof_required: true, ..quick() }).await.remove(0);
    world.customer(PHONE).await;
    let program = world.identities.sign_in(PHONE, &secret(PASSWORD), None, &browser(None, None)).await;
    assert_eq!(word(&program), "proof_missing");
    world.with_password(&browser(None, Some(OWN))).await;
}
