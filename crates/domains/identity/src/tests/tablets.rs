//! Tablets that stand in branches: getting their key, who is signed in on them, and for how long.

use contracts::identity::{Assurance, Channel, Identity, Role};
use dpop::Thumbprint;
use ids::{CustomerId, StaffId};
use serde_json::{Value, json};

use super::routes::{call, code_of};
use super::world::{PASSWORD, PHONE, World, caller, quick, secret, word, worlds};
use crate::Settings;
use crate::error::Refused;
use crate::model::code::Purpose;
use crate::service::{Beside, Caller, ScanSeen, SignedIn};

const KEY: [u8; 32] = [7; 32];
const COUNTER: &str = "虹口支行 2 号柜台";

/// A page with this key.
fn page(key: [u8; 32]) -> Caller {
    Caller { device_key: Some(Thumbprint::new(key)), ..caller("192.0.2.1", None) }
}

impl World {
    /// Registers a tablet and types its code in at it; who asks from it.
    async fn tablet(&self) -> Caller {
        let given = self.identities.add_tablet(StaffId::mint(), COUNTER).await.unwrap();
        assert_eq!(self.identities.claim_tablet(&given.code, &page(KEY)).await.unwrap(), COUNTER);
        self.identities.placed(page(KEY)).await.unwrap()
    }

    async fn enters_on(&self, tablet: &Caller) -> Result<SignedIn, Refused> {
        self.pass(61);
        let cookie = self.ask_code(PHONE, Purpose::SignIn, tablet).await.unwrap();
        let code = secret(&self.gateway.code(PHONE).await);
        let there = Caller { device: Some(cookie), ..tablet.clone() };
        let beside = Some(Beside::Code(&code));
        self.identities.sign_in(PHONE, &secret(PASSWORD), beside, &there).await
    }
}

#[tokio::test]
async fn a_code_makes_one_browser_a_tablet_and_once() {
    for world in worlds(quick()).await {
        let (i, by) = (&world.identities, StaffId::mint());
        let given = i.add_tablet(by, &format!("  {COUNTER} ")).await.unwrap();
        let other = i.add_tablet(by, "虹口支行 3 号柜台").await.unwrap();
        assert_eq!(word(&i.add_tablet(by, COUNTER).await), "tablet_name_taken");
        for name in ["", "  ", "a\nb", &"柜".repeat(41)] {
            assert_eq!(word(&i.add_tablet(by, name).await), "invalid_field", "{name:?}");
        }
        assert_eq!(i.placed(page(KEY)).await.unwrap().channel, Channel::Web);
        for (what, code, from, refused) in [
            ("no key", given.code.expose().clone(), caller("192.0.2.1", None), "proof_missing"),
            ("no code", "1234".to_owned(), page(KEY), "tablet_code_wrong"),
            ("another code", "0".repeat(20), page(KEY), "tablet_code_wrong"),
            ("however it is typed", given.code.expose().to_lowercase().replace('-', " "), page(KEY), "in"),
            ("used", given.code.expose().clone(), page([8; 32]), "tablet_code_wrong"),
            ("a tablet already", other.code.expose().clone(), page(KEY), "tablet_known"),
        ] {
            let claimed = i.claim_tablet(&secret(&code), &from).await;
            assert_eq!(word(&claimed), refused, "{what}, {}", world.store.name);
        }
        let tablet = i.placed(page(KEY)).await.unwrap();
        assert_eq!((tablet.tablet, tablet.channel), (Some(given.tablet.id), Channel::Branch));
        assert_eq!(tablet.device_name, COUNTER);
        assert_eq!(i.placed(page([8; 32])).await.unwrap().tablet, None);

        world.pass(u64::from(world.settings.branch.tablet_code_s));
        let late = i.claim_tablet(&other.code, &page([8; 32])).await;
        assert_eq!(word(&late), "tablet_code_wrong", "too old, {}", world.store.name);
        let listed = i.tablets().await.unwrap();
        let in_use = |name: &str| listed.iter().find(|one| one.name == name).unwrap().key.is_some();
        assert_eq!((in_use(COUNTER), in_use("虹口支行 3 号柜台"), listed.len()), (true, false, 2));
    }
}

#[tokio::test]
async fn codes_are_not_guessed() {
    let settings = quick();
    let tries = settings.branch.codes_per_address_hour_max;
    for world in worlds(settings).await {
        for _ in 0..tries {
            let guessed = world.identities.claim_tablet(&secret(&"0".repeat(20)), &page(KEY)).await;
            assert_eq!(word(&guessed), "tablet_code_wrong");
        }
        let given = world.identities.add_tablet(StaffId::mint(), COUNTER).await.unwrap();
        let held = world.identities.claim_tablet(&given.code, &page(KEY)).await;
        assert_eq!(word(&held), "too_many_tries", "{}", world.store.name);
    }
}

#[tokio::test]
async fn a_tablet_is_nobodys_device_and_forgets_whoever_left() {
    for world in worlds(Settings { new_device_two_factors: true, ..quick() }).await {
        let id = world.customer(PHONE).await;
        let tablet = world.tablet().await;
        let i = &world.identities;
        for _ in 0..2 {
            let alone = i.sign_in(PHONE, &secret(PASSWORD), None, &tablet).await;
            assert_eq!(word(&alone), "sign_in_more_needed", "two factors each time, {}", world.store.name);
            let entered = world.enters_on(&tablet).await.unwrap();
            let session = &entered.session;
            assert_eq!((session.channel, Some(session.device)), (Channel::Branch, tablet.tablet));
            assert_eq!(session.assurance, Assurance::TwoFactor);
            assert_eq!(session.expires_at.as_second() - session.started_at.as_second(), 30 * 60);
            world.pass(119);
            assert!(world.session(&entered.token).await.is_some(), "{}", world.store.name);
            world.pass(120);
            assert!(world.session(&entered.token).await.is_none(), "{}", world.store.name);
        }
        assert!(i.devices_of(id).await.unwrap().is_empty(), "{}", world.store.name);
        let (history, _) = i.sign_ins_of(id, None).await.unwrap();
        let last = history.first().unwrap();
        assert_eq!((last.channel, last.device_name.as_str()), (Channel::Branch, COUNTER));
    }
}

#[tokio::test]
async fn the_phone_signs_its_owner_in_and_sees_which_tablet_asks() {
    for world in worlds(quick()).await {
        let id = world.customer(PHONE).await;
        let tablet = world.tablet().await;
        let i = &world.identities;
        let phone = caller("198.51.100.7", None);
        let on_phone = i.sign_in(PHONE, &secret(PASSWORD), None, &phone).await.unwrap();
        let begun = i.begin_scan(&tablet).await.unwrap();
        let tablet = Caller { device: Some(begun.device_token.clone()), ..tablet };
        let asked = i.take_scan(id, &on_phone.session, &begun.code, &phone).await.unwrap();
        assert_eq!((asked.channel, asked.device_name.as_str()), (Channel::Branch, COUNTER));
        let ScanSeen::Scanned(number) = i.enter_by_scan(begun.id, &tablet).await.unwrap() else { panic!() };
        i.approve_scan(&on_phone.session, asked.id, number).await.unwrap();
        let ScanSeen::SignedIn(entered) = i.enter_by_scan(begun.id, &tablet).await.unwrap() else { panic!() };
        assert_eq!(entered.session.channel, Channel::Branch, "{}", world.store.name);
        assert_eq!(entered.session.assurance, Assurance::OneFactor, "no surer than the phone was");
    }
}

#[tokio::test]
async fn a_tablet_that_is_removed_signs_everybody_out_and_is_a_browser() {
    for world in worlds(quick()).await {
        world.customer(PHONE).await;
        let tablet = world.tablet().await;
        let i = &world.identities;
        let entered = world.enters_on(&tablet).await.unwrap();
        let elsewhere = world.try_password(PHONE, PASSWORD, "198.51.100.7", None).await.unwrap();
        i.remove_tablet(tablet.tablet.unwrap()).await.unwrap();
        assert!(world.session(&entered.token).await.is_none(), "{}", world.store.name);
        assert!(world.session(&elsewhere.token).await.is_some(), "{}", world.store.name);
        assert_eq!(word(&i.remove_tablet(tablet.tablet.unwrap()).await), "not_found");
        assert_eq!(i.placed(page(KEY)).await.unwrap().channel, Channel::Web);
        let again = world.tablet().await;
        assert_ne!(again.tablet, tablet.tablet, "its name and its key are free again");
    }
}

#[tokio::test]
async fn the_routes_show_the_code_once_and_what_is_done_on_a_tablet_is_bounded() {
    let world = worlds(quick()).await.remove(0);
    let id: CustomerId = world.customer(PHONE).await;
    for (name, role) in [("root", Role::Administrator), ("desk", Role::Operator)] {
        world.identities.ensure_staff(name, secret(PASSWORD), role).await.unwrap();
    }
    let at = async |name: &str| {
        let sitting = json!({"name": name, "password": PASSWORD});
        let signed_in = call(&world, "POST /api/identity/console/sign-in", sitting, "", "").await;
        signed_in.body["token"].as_str().unwrap().to_owned()
    };
    let (root, desk) = (at("root").await, at("desk").await);
    let list = "/api/identity/console/tablets";
    let named = json!({"name": COUNTER});
    assert_eq!(call(&world, &format!("POST {list}"), named.clone(), &desk, "").await.status, 403);
    let added = call(&world, &format!("POST {list}"), named, &root, "").await;
    assert_eq!((added.status, added.body["tablet"]["in_use"].clone()), (201, json!(false)));
    let code = added.body["code"].as_str().unwrap();
    let listed = call(&world, &format!("GET {list}"), Value::Null, &root, "").await;
    assert_eq!((listed.status, listed.body.to_string().contains(code)), (200, false));
    let unproved = call(&world, "POST /api/identity/tablet", json!({"code": code}), "", "").await;
    assert_eq!(code_of(&unproved), (401, "proof_missing".to_owned()));

    world.identities.claim_tablet(&secret(code), &page(KEY)).await.unwrap();
    let tablet = world.identities.placed(page(KEY)).await.unwrap();
    let entered = world.enters_on(&tablet).await.unwrap();
    let token = entered.token.expose().as_str();
    let seen = call(&world, "GET /api/identity/session", Value::Null, token, "").await;
    assert_eq!((seen.body["channel"].as_str(), seen.body["idle_s"].as_u64()), (Some("branch"), Some(120)));
    for (line, body) in [
        ("GET /api/identity/approvals", Value::Null),
        ("GET /api/identity/calls", Value::Null),
        ("POST /api/identity/passkeys/options", Value::Null),
        ("POST /api/identity/totp/secret", Value::Null),
        ("POST /api/identity/scans/taken", json!({"code": "x"})),
    ] {
        let refused = call(&world, line, body, token, "").await;
        assert_eq!(refused.status, 403, "{line}: {}", refused.body);
    }
    let removed = added.body["tablet"]["id"].as_str().unwrap();
    let removed = call(&world, &format!("DELETE {list}/{removed}"), Value::Null, &root, "").await;
    assert_eq!(removed.status, 204);
    assert!(world.session(&entered.token).await.is_none(), "{id}");
}
