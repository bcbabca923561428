//! Signing in by phone: as the customer who calls does it, and as whoever calls with their number.

use contracts::identity::{Assurance, Channel, EndReason, Principal, Scope, Session};
use dpop::Thumbprint;
use ids::{CallId, CustomerId, DeviceId, SessionId, StaffId, ThirdPartyId};
use secrecy::Secret;

use super::world::{PASSWORD, PHONE, PIN, World, applicant, caller, quick, secret, word, worlds};
use crate::Settings;
use crate::error::Refused;
use crate::model::code::Purpose;
use crate::model::method::Method;
use crate::service::{CallHeard, NewThirdParty, TokenAsked};

const NOBODYS: &str = "13900009999";
const WITHOUT_PIN: &str = "13900005678";

/// The bank's telephone system, with a token.
struct System {
    id: ThirdPartyId,
    session: Session,
    thumbprint: Thumbprint,
}

impl World {
    async fn system(&self, name: &str) -> System {
        const BANK: &str = "https://bank.example";
        use clock::Clock as _;
        let identity = dpop::testing::Device::new();
        let jwk = serde_json::Value::Object(identity.jwk()).to_string();
        let new = NewThirdParty { name: name.to_owned(), scopes: vec![Scope::PhoneChannel], jwk };
        let id = self.identities.add_third_party(StaffId::mint(), &new).await.unwrap().row.id;
        let from = crate::service::Caller {
            device_key: Some(dpop::testing::Device::new().thumbprint()),
            ..caller("192.0.2.7", None)
        };
        let assertion = identity.sign(&identity.assertion(&id.to_string(), BANK, self.clock.now()));
        let asked = TokenAsked {
            assertion: &assertion,
            third_party: None,
            scope: None,
            audiences: vec![BANK.to_owned()],
        };
        let token = self.identities.give_token(&asked, &from).await.unwrap().token;
        let session = self.session(&token).await.unwrap();
        System { id, session, thumbprint: identity.thumbprint() }
    }

    /// Somebody calls: the call, and the number that is read out.
    async fn call(&self, system: &System, phone: &str) -> (CallId, u8) {
        let begun = self.identities.begin_call(system.id, &system.session, phone).await.unwrap();
        assert_eq!(begun.expires_in_s, 120);
        (begun.id, begun.number)
    }

    async fn key_in(&self, system: &System, id: CallId, pin: &str) -> Result<CallHeard, Refused> {
        self.identities.enter_by_call(&system.session, id, Some(&secret(pin))).await
    }

    async fn hear(&self, system: &System, id: CallId) -> &'static str {
        match self.identities.enter_by_call(&system.session, id, None).await {
            Ok(CallHeard::Open) => "open",
            other => word(&other),
        }
    }

    /// The customer in the app.
    async fn in_app(&self) -> Session {
        let from = caller("192.0.2.1", None);
        self.identities.sign_in(PHONE, &secret(PASSWORD), None, &from).await.unwrap().session
    }

    async fn methods(&self, customer: CustomerId) -> Vec<(Method, bool)> {
        let (sign_ins, _) = self.identities.sign_ins_of(customer, None).await.unwrap();
        sign_ins.iter().map(|row| (row.method, row.refused)).collect()
    }
}

fn token(heard: Result<CallHeard, Refused>) -> Secret<String> {
    match heard {
        Ok(CallHeard::SignedIn { token, expires_in_s: 900 }) => token,
        Ok(_) => panic!("not signed in"),
        Err(refused) => panic!("{refused:?}"),
    }
}

#[tokio::test]
async fn a_pin_is_one_factor_and_its_owner_sees_where() {
    for mut world in worlds(quick()).await {
        let customer = world.customer(PHONE).await;
        let system = world.system("呼叫中心").await;
        let (id, _) = world.call(&system, PHONE).await;
        let token = token(world.key_in(&system, id, PIN).await);
        world.reopen().await;
        let session = world.session(&token).await.unwrap();
        assert_eq!(session.principal, Principal::Customer(customer), "{}", world.store.name);
        assert_eq!((session.channel, session.assurance), (Channel::Phone, Assurance::OneFactor));
        assert_eq!(
            session.device_key, system.session.device_key,
            "good with the key of the system that asked"
        );
        assert_eq!(session.expires_at, "2026-11-22T08:15:00Z".parse().unwrap());
        assert_eq!(world.hear(&system, id).await, "call_over", "good once");
        assert_eq!(word(&world.key_in(&system, id, PIN).await), "call_over");

        assert_eq!(world.methods(customer).await, [(Method::CallPin, false)]);
        let seen = world.identities.sessions_of(customer).await.unwrap();
        assert_eq!((seen[0].channel, seen[0].device_name.as_str()), (Channel::Phone, ""));
        assert!(world.identities.devices_of(customer).await.unwrap().is_empty(), "a telephone is none");
        let late = world.identities.proved_of_late(&session).await;
        assert_eq!(word(&late.map(|_| ())), "step_up_needed");
        let raised = world.identities.step_up_with_password(&session, &secret(PASSWORD)).await;
        assert_eq!(word(&raised), "only_in_app");

        let owner = &session.principal;
        world.identities.end_session(owner, session.id, EndReason::Revoked).await.unwrap();
        assert!(world.session(&token).await.is_none());
    }
}

#[tokio::test]
async fn nobody_can_tell_whose_number_it_is() {
    for world in worlds(quick()).await {
        let customer = world.customer(PHONE).await;
        let (code, from) = world.code(WITHOUT_PIN, Purpose::SignUp, "192.0.2.9").await;
        world.identities.sign_up(&applicant(WITHOUT_PIN, &code, "110101199003074477"), &from).await.unwrap();
        let system = world.system("呼叫中心").await;
        for phone in [PHONE, NOBODYS, WITHOUT_PIN] {
            let (id, number) = world.call(&system, phone).await;
            assert!((10..=99).contains(&number));
            assert_eq!(world.hear(&system, id).await, "open");
            for expected in ["call_pin_refused", "call_pin_refused", "call_pin_refused", "call_over"] {
                assert_eq!(word(&world.key_in(&system, id, "000000").await), expected, "{phone}");
            }
            world.pass(120);
            assert_eq!(world.hear(&system, id).await, "call_over", "{phone}: {}", world.store.name);
        }
        assert_eq!(world.methods(customer).await, [(Method::CallPin, true); 3], "its owner sees it");

        // Two more, and the PIN is locked as everywhere; also the right one is then refused in the same words.
        let (id, _) = world.call(&system, PHONE).await;
        for _ in 0..2 {
            assert_eq!(word(&world.key_in(&system, id, "000000").await), "call_pin_refused");
        }
        assert_eq!(word(&world.key_in(&system, id, PIN).await), "call_pin_refused", "locked");
        assert_eq!(world.announced("identity.locked").await.len(), 1);
        for wrong in ["", "12", "1390000123x", "+1 202 555 0100"] {
            let begun = world.identities.begin_call(system.id, &system.session, wrong).await;
            assert_eq!(word(&begun), "invalid_field", "{wrong}");
        }
    }
}

#[tokio::test]
async fn the_customer_approves_with_the_number_that_is_read_out() {
    for world in worlds(quick()).await {
        let customer = world.customer(PHONE).await;
        let stranger = world.customer("13900005678").await;
        let system = world.system("呼叫中心").await;
        let app = world.in_app().await;
        let (id, number) = world.call(&system, PHONE).await;
        let asked = world.identities.calls_of(customer).await.unwrap();
        assert_eq!(
            asked.iter().map(|asked| (asked.id, asked.asked_by.as_str())).collect::<Vec<_>>(),
            [(id, "呼叫中心")]
        );
        assert!(world.identities.calls_of(stranger).await.unwrap().is_empty());
        let foreign = world.identities.approve_call(stranger, &app, id, number).await;
        assert_eq!(word(&foreign), "call_over", "whose number it is not does not approve");
        world.identities.approve_call(customer, &app, id, number).await.unwrap();
        assert!(world.identities.calls_of(customer).await.unwrap().is_empty());
        let again = world.identities.approve_call(customer, &app, id, number).await;
        assert_eq!(word(&again), "call_over");
        let token = token(world.identities.enter_by_call(&system.session, id, None).await);
        let session = world.session(&token).await.unwrap();
        assert_eq!(session.assurance, Assurance::OneFactor, "no surer than the app");
        assert_eq!(world.methods(customer).await[0], (Method::CallApproval, false), "{}", world.store.name);

        let (id, number) = world.call(&system, PHONE).await;
        let guess = if number == 99 { 10 } else { number + 1 };
        assert_eq!(word(&world.identities.approve_call(customer, &app, id, guess).await), "call_number");
        assert_eq!(
            word(&world.identities.approve_call(customer, &app, id, number).await),
            "call_over",
            "one guess"
        );
        assert_eq!(world.hear(&system, id).await, "call_declined");
        let (id, _) = world.call(&system, PHONE).await;
        world.identities.refuse_call(customer, &app, id).await.unwrap();
        assert_eq!(world.hear(&system, id).await, "call_declined");
        assert_eq!(word(&world.key_in(&system, id, PIN).await), "call_declined", "also with the PIN");
        assert_eq!(world.methods(customer).await[..2], [(Method::CallApproval, true); 2]);

        let (id, number) = world.call(&system, PHONE).await;
        world.identities.approve_call(customer, &app, id, number).await.unwrap();
        let owner = &app.principal;
        world.identities.end_session(owner, app.id, EndReason::SignedOut).await.unwrap();
        assert_eq!(world.hear(&system, id).await, "call_over", "signing out takes an approval back");

        let app = world.in_app().await;
        let (id, number) = world.call(&system, PHONE).await;
        world.pass(119);
        assert_eq!(world.identities.calls_of(customer).await.unwrap().len(), 1);
        world.pass(1);
        assert!(world.identities.calls_of(customer).await.unwrap().is_empty());
        assert_eq!(word(&world.identities.approve_call(customer, &app, id, number).await), "call_over");
        world.pass(300);
        let (id, number) = world.call(&system, PHONE).await;
        let silent = world.identities.approve_call(customer, &app, id, number).await;
        assert_eq!(word(&silent), "step_up_needed", "its owner must be there");
    }
}

#[tokio::test]
async fn only_the_system_that_was_called_gets_the_session() {
    for world in worlds(quick()).await {
        world.customer(PHONE).await;
        let system = world.system("呼叫中心").await;
        let other = world.system("样例第三方").await;
        let (id, _) = world.call(&system, PHONE).await;
        let same_key = Session { principal: other.session.principal.clone(), ..system.session.clone() };
        let other_key = Session { device_key: other.session.device_key.clone(), ..system.session.clone() };
        for (session, why) in [
            (&other.session, "another system"),
            (&same_key, "another with the same key"),
            (&other_key, "with another key"),
        ] {
            let entered = world.identities.enter_by_call(session, id, Some(&secret(PIN))).await;
            assert_eq!(word(&entered), "not_found", "{why}");
        }
        let unknown = world.key_in(&system, CallId::mint(), PIN).await;
        assert_eq!(word(&unknown), "not_found");
        let over = Session { id: SessionId::mint(), device: DeviceId::mint(), ..system.session.clone() };
        let entered = world.identities.enter_by_call(&over, id, Some(&secret(PIN))).await;
        assert_eq!(word(&entered), "not_signed_in", "a session of the system that has ended");
        token(world.key_in(&system, id, PIN).await);
    }
}

#[tokio::test]
async fn what_a_removed_system_opened_ends() {
    for world in worlds(quick()).await {
        world.customer(PHONE).await;
        let system = world.system("呼叫中心").await;
        let (id, _) = world.call(&system, PHONE).await;
        let token = token(world.key_in(&system, id, PIN).await);
        let last = world.identities.remove_third_party_key(system.id, system.thumbprint).await;
        assert_eq!(word(&last), "third_party_last_key");
        assert!(world.session(&token).await.is_some());
        world.identities.remove_third_party(system.id).await.unwrap();
        assert!(world.session(&token).await.is_none(), "{}", world.store.name);
        assert_eq!(world.number("SELECT COUNT(*) FROM identity_session WHERE ended_at IS NULL").await, 0);
    }
}

#[tokio::test]
async fn calls_of_one_number_and_of_one_system_are_bounded_and_tidied_away() {
    let settings = Settings { calls_per_number_hour_max: 2, calls_per_system_hour_max: 3, ..quick() };
    for world in worlds(settings).await {
        world.customer(PHONE).await;
        let system = world.system("呼叫中心").await;
        for (phone, expected) in [
            (PHONE, "in"),
            (PHONE, "in"),
            (PHONE, "too_many_tries"),
            (NOBODYS, "in"),
            ("13900005678", "too_many_tries"),
        ] {
            let begun = world.identities.begin_call(system.id, &system.session, phone).await;
            assert_eq!(word(&begun), expected, "{phone}");
        }
        assert_eq!(world.number("SELECT COUNT(*) FROM identity_call").await, 3);
        world.pass(121);
        crate::jobs::tidy(&world.identities).await.unwrap();
        assert_eq!(world.number("SELECT COUNT(*) FROM identity_call").await, 0);
    }
}
