//! Being erased: asked for, thought over, carried out; and a copy of one's data.

use std::sync::Arc;

use clock::{BusinessDate, Timestamp};
use contracts::accounts::{Account, Class, State};
use contracts::customers::{ERASED, Erased};
use contracts::identity::{
    DATA_EXPORTED, ERASURE_ASKED, ERASURE_WITHDRAWN, Identity, PinCheck, SESSION_REVOKED, Terms,
};
use db::outbox::Event;
use ids::{AccountId, CustomerId, EventId, StaffId};
use money::Currency;
use serde_json::json;
use webauthn::testing::Authenticator;

use super::world::{PASSWORD, PHONE, PIN, World, applicant, caller, quick, secret, word, worlds};
use crate::Settings;
use crate::model::code::Purpose;
use crate::service::{Caller, Forgotten, SignedIn};

const DAY_S: u64 = 24 * 3600;
const OTHER: &str = "13900005678";
/// Every table in which something of a customer may lie.
const TABLES: [&str; 14] = [
    "identity_name",
    "identity_credential",
    "identity_passkey",
    "identity_known_device",
    "identity_device",
    "identity_session",
    "identity_sign_in",
    "identity_code",
    "identity_approval",
    "identity_erasure",
    "identity_recovery",
    "identity_scan",
    "identity_totp",
    "identity_totp_waiting",
];

fn account(customer: CustomerId, state: State) -> Account {
    Account {
        id: AccountId::mint(),
        customer,
        number: String::new(),
        currency: Currency::CNY,
        class: Class::II,
        state,
        nickname: String::new(),
        opened_on: BusinessDate::from_ymd(2026, 11, 1).unwrap(),
    }
}

impl World {
    async fn signed_in(&self, phone: &str) -> SignedIn {
        self.try_password(phone, PASSWORD, "192.0.2.1", None).await.unwrap()
    }

    async fn asks(&self, of: CustomerId, session: &SignedIn) -> &'static str {
        word(&self.identities.ask_erasure(of, &session.session, false).await)
    }

    async fn gets_a_passkey_and_is_asked_to_approve(&self, id: CustomerId, session: &SignedIn) {
        let page = "http://localhost:8300";
        let device = Some(&session.device_token);
        let from = Caller { origin: Some(page.to_owned()), ..caller("192.0.2.1", device) };
        let options = json!(self.identities.begin_passkey(id, &session.session, &from).await.unwrap());
        let made = serde_json::from_value(Authenticator::new(page).create(&options)).unwrap();
        self.identities.add_passkey(id, &session.session, &made, &from).await.unwrap();
        let terms = Terms {
            payee: "样例甲".to_owned(),
            account: "6230580000000000017".to_owned(),
            amount: "1200.00".to_owned(),
            currency: "CNY".to_owned(),
            from: "6230580000000000025".to_owned(),
            order: "9f86d081".to_owned(),
        };
        let asked = self.identities.ask_approval(id, session.session.id, terms).await.unwrap();
        assert!(asked.is_some());
    }

    /// Leaves the code unused, a recovery that waits, and a page that was scanned.
    async fn forgets_the_password_and_scans(&self, id: CustomerId, session: &SignedIn) {
        let (code, from) = self.code(PHONE, Purpose::ResetPassword, "192.0.2.9").await;
        let asked = Forgotten {
            phone: PHONE.to_owned(),
            code: secret(&code),
            id_number: "110101199003001234".to_owned(),
            new: secret("Rain-on-monday-7"),
        };
        self.identities.recover(&asked, &from).await.unwrap();
        let begun = self.identities.begin_scan(&from).await.unwrap();
        self.identities.take_scan(id, &session.session, &begun.code, &from).await.unwrap();
    }

    async fn hears(&self, erased: Erased) {
        let event = Event {
            id: EventId::mint(),
            topic: ERASED.to_owned(),
            key: erased.customer.to_string(),
            payload: serde_json::to_value(&erased).unwrap(),
            occurred_at: self.identities.clock.now(),
        };
        let reaction = crate::reactions::erasures(Arc::clone(&self.identities));
        for _ in 0..2 {
            reaction.react.react(std::slice::from_ref(&event)).await.unwrap();
        }
    }

    /// What is not empty, with how many rows.
    async fn rows(&self) -> Vec<(&'static str, i64)> {
        let mut rows = Vec::new();
        for table in TABLES {
            let count = self.number(&format!("SELECT COUNT(*) FROM {table}")).await;
            rows.extend((count > 0).then_some((table, count)));
        }
        rows
    }
}

#[tokio::test]
async fn erasure_is_asked_with_a_proof_and_without_open_accounts() {
    for world in worlds(quick()).await {
        let id = world.customer(PHONE).await;
        let session = world.signed_in(PHONE).await;
        world.pass(301);
        assert_eq!(world.asks(id, &session).await, "step_up_needed", "{}", world.store.name);
        world.identities.step_up_with_password(&session.session, &secret(PASSWORD)).await.unwrap();
        world.accounts.set(vec![account(id, State::Frozen)]);
        assert_eq!(world.asks(id, &session).await, "accounts_open");
        // Closed ones, and those of others that this one may see, are no obstacle.
        world.accounts.set(vec![account(id, State::Closed), account(CustomerId::mint(), State::Active)]);
        let first = world.identities.ask_erasure(id, &session.session, false).await.unwrap();
        world.pass(1);
        let again = world.identities.ask_erasure(id, &session.session, false).await.unwrap();
        assert_eq!(again, first, "{}: it stays as it was asked first", world.store.name);
        assert_eq!(world.announced(ERASURE_ASKED).await.len(), 1);
        assert_eq!(world.identities.erasure_of(id).await.unwrap(), Some(first));

        world.pass(7 * DAY_S - 2);
        world.identities.carry_out_erasures().await.unwrap();
        assert_eq!(world.customers.count(), 1, "the seventh day is not over");
        world.identities.withdraw_erasure(id, false).await.unwrap();
        assert_eq!(word(&world.identities.withdraw_erasure(id, false).await), "not_found");
        world.pass(DAY_S);
        world.identities.carry_out_erasures().await.unwrap();
        assert_eq!(world.customers.count(), 1, "{}: taken back in time", world.store.name);
        assert_eq!(world.announced(ERASURE_WITHDRAWN).await[0]["by_bank"], false);
    }
}

#[tokio::test]
async fn who_opens_an_account_meanwhile_stays() {
    for world in worlds(quick()).await {
        let id = world.customer(PHONE).await;
        let staff = StaffId::mint();
        assert_eq!(word(&world.identities.take_erasure(CustomerId::mint(), staff).await), "not_found");
        world.identities.take_erasure(id, staff).await.unwrap();
        assert_eq!(world.announced(ERASURE_ASKED).await[0]["staff"], staff.to_string());
        world.accounts.set(vec![account(id, State::Active)]);
        world.pass(8 * DAY_S);
        world.identities.carry_out_erasures().await.unwrap();
        assert_eq!(world.customers.count(), 1, "{}", world.store.name);
        assert_eq!(world.announced(ERASURE_WITHDRAWN).await[0]["by_bank"], true);
        assert_eq!(world.identities.erasure_of(id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn nothing_of_the_erased_is_left_and_others_keep_what_is_theirs() {
    for world in worlds(Settings { erasure_wait_days: 0, ..quick() }).await {
        let id = world.customer(PHONE).await;
        let erased = world.signed_in(PHONE).await;
        let same_browser = Some(&erased.device_token);
        let another = world.another().await;
        assert!(world.session(&erased.token).await.is_some());
        // A code that was sent, and a wrong try.
        world.forgets_the_password_and_scans(id, &erased).await;
        assert_eq!(world.outcome(PHONE, "Wrong-1-password", "192.0.2.9").await, "sign_in_refused");
        world.gets_a_passkey_and_is_asked_to_approve(id, &erased).await;
        world.sets_up(id, &erased).await;
        world.identities.begin_totp(id, &erased.session).await.unwrap();
        world.identities.ask_erasure(id, &erased.session, false).await.unwrap();
        assert_eq!(
            world.rows().await.len(),
            TABLES.len(),
            "{}: there is something to erase",
            world.store.name
        );
        world.identities.carry_out_erasures().await.unwrap();
        world.hears(Erased { customer: id, kept_until: Some(Timestamp::MAX), recipient: None }).await;
        assert_eq!(world.rows().await, [("identity_approval", 1)], "{}: evidence is kept", world.store.name);
        let named = "SELECT COUNT(*) FROM identity_approval WHERE device_name <> ''";
        assert_eq!(world.number(named).await, 0);
        world.hears(Erased { customer: id, kept_until: None, recipient: None }).await;
        assert_eq!(world.rows().await, [], "{}", world.store.name);
        assert_eq!(world.session(&erased.token).await, None);
        if world.store.db.kind() == db::Kind::Postgres {
            assert_eq!(another.session(&erased.token).await, Ok(None));
        }
        let revoked = world.announced(SESSION_REVOKED).await;
        assert_eq!(revoked.iter().filter(|news| news["reason"] == "erased").count(), 1);
        assert_eq!(word(&world.try_password(PHONE, PASSWORD, "192.0.2.2", None).await), "sign_in_refused");
        let pin = world.identities.check(id, &secret(PIN)).await.unwrap();
        assert_eq!(pin, PinCheck::NotSet, "{}", world.store.name);

        // The same phone and number are a new customer's.
        let (code, from) = world.code(PHONE, Purpose::SignUp, "192.0.2.2").await;
        let again = applicant(PHONE, &code, "11010119900307891X");
        let signed_up = world.identities.sign_up(&again, &from).await.unwrap();
        assert_ne!(signed_up.session.principal, erased.session.principal, "{}", world.store.name);
        world.signed_in(PHONE).await;

        // A browser that two people share stays known to the one who is left.
        let other = world.customer(OTHER).await;
        let shared = world.try_password(OTHER, PASSWORD, "192.0.2.1", same_browser).await.unwrap();
        let third = world.customer("13900007777").await;
        let token = Some(&shared.device_token);
        world.try_password("13900007777", PASSWORD, "192.0.2.1", token).await.unwrap();
        world.hears(Erased { customer: third, kept_until: None, recipient: None }).await;
        assert_eq!(world.identities.devices_of(third).await.unwrap(), []);
        assert_eq!(world.identities.devices_of(other).await.unwrap().len(), 1);
        assert!(world.session(&shared.token).await.is_some(), "{}", world.store.name);
        let again = caller("192.0.2.1", token);
        let signed_in = world.identities.sign_in(OTHER, &secret(PASSWORD), None, &again).await.unwrap();
        assert_eq!(signed_in.session.device, shared.session.device, "{}", world.store.name);
    }
}

#[tokio::test]
async fn who_had_an_account_is_kept_sealed_for_as_long_as_the_law_says() {
    for world in worlds(Settings { erasure_wait_days: 0, ..quick() }).await {
        let (with, without) = (world.customer(PHONE).await, world.customer(OTHER).await);
        world.accounts.set(vec![account(with, State::Closed)]);
        for id in [with, without] {
            world.identities.take_erasure(id, StaffId::mint()).await.unwrap();
        }
        world.identities.carry_out_erasures().await.unwrap();
        let now = world.identities.clock.now();
        let years = |id| {
            let kept = world.customers.kept_until(id)?;
            Some(kept.duration_since(now).as_hours() / (366 * 24))
        };
        assert_eq!((years(with), years(without)), (Some(10), None), "{}", world.store.name);
    }
}

#[tokio::test]
async fn a_copy_is_handed_to_its_owner_alone_and_leaves_a_trace() {
    for world in worlds(quick()).await {
        let id = world.customer(PHONE).await;
        let session = world.signed_in(PHONE).await;
        let copy = world.identities.export(id, &session.session).await.unwrap();
        assert_eq!(copy.profile.phone(), Some(PHONE));
        assert_eq!((copy.devices.len(), copy.sessions.len(), copy.sign_ins.len()), (1, 1, 1));
        assert!(copy.totp.is_none());
        assert_eq!(world.announced(DATA_EXPORTED).await.len(), 1, "{}", world.store.name);
        for _ in 0..35 {
            world.pass(1);
            world.signed_in(PHONE).await;
        }
        let copy = world.identities.export(id, &session.session).await.unwrap();
        assert_eq!(copy.sign_ins.len(), 36, "{}: all of them, not a page", world.store.name);
        world.pass(301);
        assert_eq!(word(&world.identities.export(id, &session.session).await), "step_up_needed");
        assert_eq!(world.announced(DATA_EXPORTED).await.len(), 2);
    }
}
