//! Authenticator apps at the door: who is asked for one, and what a code of it makes of a session.

use contracts::customers::Profile;
use contracts::identity::{Assurance, Enrollment, Identity};
use serde_json::{Value, json};

use super::routes::{call, code_of};
use super::totp::{App, enter};
use super::world::{PASSWORD, PHONE, PIN, caller, person, quick, secret, word, worlds};
use crate::Settings;
use crate::error::Refused;
use crate::model::code::Purpose;
use crate::model::later;
use crate::service::{Beside, Caller, Forgotten, Recovered, SignedIn, TotpShown};

const OTHER: &str = "13900005678";
const NEW: &str = "Rain-on-monday-7";
const DAY_S: u64 = 24 * 3600;

/// What is asked beside, and what is taken instead.
fn wanted(entered: Result<SignedIn, Refused>) -> (Option<&'static str>, Option<&'static str>) {
    match entered {
        Err(Refused::MoreNeeded(wanted)) => (Some(wanted.also.word()), wanted.or.map(|other| other.word())),
        _ => (None, None),
    }
}

#[tokio::test]
async fn a_new_device_is_asked_for_the_app_and_a_message_is_taken_instead() {
    for asks_everybody in [true, false] {
        let settings = Settings { new_device_two_factors: asks_everybody, ..quick() };
        for world in worlds(settings).await {
            let id = world.customer(PHONE).await;
            world.customer(OTHER).await;
            let i = &world.identities;
            let try_alone = async |name: &str| {
                wanted(i.sign_in(name, &secret(PASSWORD), None, &caller("203.0.113.5", None)).await)
            };
            let without = asks_everybody.then_some("code");
            assert_eq!(try_alone(PHONE).await, (without, None), "{}", world.store.name);
            let (code, browser) = world.code(PHONE, Purpose::SignIn, "192.0.2.1").await;
            let on = i.sign_in(PHONE, &secret(PASSWORD), Some(Beside::Code(&secret(&code))), &browser).await;
            let app = world.sets_up(id, &on.unwrap()).await;
            assert_eq!(try_alone(PHONE).await, (Some("totp"), Some("code")), "{}", world.store.name);
            assert_eq!(try_alone(OTHER).await, (without, None));
            // Only whoever has the password hears of the app.
            let wrong = i.sign_in(PHONE, &secret("wrong"), None, &caller("203.0.113.5", None)).await;
            assert_eq!(word(&wrong), "sign_in_refused");

            // A code sent to the phone alone is one factor there, and still good beside the password.
            world.pass(61);
            let (code, browser) = world.code(PHONE, Purpose::SignIn, "203.0.113.6").await;
            let alone = wanted(i.sign_in_with_code(PHONE, &secret(&code), &browser).await);
            assert_eq!(alone, (Some("password"), None), "{}", world.store.name);
            let beside = Some(Beside::Code(&secret(&code)));
            let entered = i.sign_in(PHONE, &secret(PASSWORD), beside, &browser).await.unwrap();
            assert_eq!(entered.session.assurance, Assurance::TwoFactor);
            world.pass(61);
            let (code, browser) = world.code(OTHER, Purpose::SignIn, "203.0.113.7").await;
            let alone = word(&i.sign_in_with_code(OTHER, &secret(&code), &browser).await);
            assert_eq!(alone, if asks_everybody { "sign_in_more_needed" } else { "in" });

            // Without a phone there are two factors all the same.
            let Profile::Person(mut person) = person(PHONE, "110101199003099991") else { panic!("a person") };
            person.phone = None;
            world.customers.put(id, Profile::Person(person));
            let number = Enrollment {
                customer: id,
                sign_in_name: "88001234".to_owned(),
                password: secret(PASSWORD),
                pin: secret(PIN),
            };
            i.enroll_many(vec![number]).await.unwrap();
            assert_eq!(try_alone("88001234").await, (Some("totp"), None), "{}", world.store.name);
            assert_eq!(world.answer("88001234", &app.code(&world)).await, "in");
        }
    }
}

#[tokio::test]
async fn a_fresh_proof_is_asked_and_a_recovered_password_is_none() {
    for world in worlds(quick()).await {
        let (id, on, _) = world.holder(PHONE).await;
        let i = &world.identities;
        let from = caller("192.0.2.1", None);
        world.pass(301);
        assert_eq!(word(&i.begin_totp(id, &on.session).await), "step_up_needed");
        assert_eq!(word(&world.confirms(id, &on, "123456").await), "step_up_needed");
        assert_eq!(word(&i.remove_totp(id, &on.session, &from).await), "step_up_needed");
        i.step_up_with_password(&on.session, &secret(PASSWORD)).await.unwrap();
        let until = later(i.clock.now(), 3600);
        let held = world
            .store
            .db
            .write(move |tx| Box::pin(async move { crate::store::hold_until(tx, id, until).await }))
            .await;
        held.unwrap();
        assert_eq!(word(&i.begin_totp(id, &on.session).await), "recovery_hold");
        assert_eq!(word(&world.confirms(id, &on, "123456").await), "recovery_hold");
        assert_eq!(word(&i.remove_totp(id, &on.session, &from).await), "recovery_hold");
        assert!(i.totp_of(id).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_code_makes_two_factors_of_a_session_that_a_password_opened() {
    for world in worlds(quick()).await {
        let (_, on, app) = world.holder(PHONE).await;
        let i = &world.identities;
        let ways = async |session: &SignedIn| match i.proved_of_late(&session.session).await {
            Err(Refused::StepUp(ways)) => format!("{ways:?}"),
            _ => "proved".to_owned(),
        };
        let strong = world.enters(PHONE, PASSWORD, &app.code(&world)).await.unwrap();
        world.pass(301);
        assert_eq!(ways(&on).await, "[Totp, Password]", "{}", world.store.name);
        assert_eq!(ways(&strong).await, "[Password]", "the app is what opened it");
        let code = secret(&app.code(&world));
        let no_other = i.step_up_with_totp(&strong.session, &code).await;
        assert_eq!(word(&no_other), "step_up_needed");
        let wrong = i.step_up_with_totp(&on.session, &secret("abcdef")).await;
        assert_eq!(word(&wrong), "totp_wrong");
        i.step_up_with_totp(&on.session, &code).await.unwrap();
        let row = i.proved_of_late(&on.session).await.unwrap();
        assert_eq!(row.session.assurance, Assurance::TwoFactor);
        assert_eq!(world.session(&on.token).await.unwrap().assurance, Assurance::TwoFactor);
        world.pass(301);
        let again = i.step_up_with_totp(&on.session, &code).await;
        assert_eq!(word(&again), "totp_wrong", "{}: old by now", world.store.name);
    }
}

#[tokio::test]
async fn a_forgotten_password_leaves_the_app_where_it_is() {
    for world in worlds(quick()).await {
        let (id, _, app) = world.holder(PHONE).await;
        let asked = async |from: &Caller| {
            world.pass(61);
            let cookie = world.ask_code(PHONE, Purpose::ResetPassword, from).await.unwrap();
            let code = secret(&world.gateway.code(PHONE).await);
            let id_number = "110101199003001234".to_owned();
            let asked = Forgotten { phone: PHONE.to_owned(), code, id_number, new: secret(NEW) };
            (asked, Caller { device: Some(cookie), ..from.clone() })
        };
        let (first, from) = asked(&caller("203.0.113.5", None)).await;
        let waits = world.identities.recover(&first, &from).await.unwrap();
        assert!(matches!(waits, Recovered::Waits { .. }), "an app shortens no waiting");
        world.pass(DAY_S);
        let (asked, from) = asked(&from).await;
        let done = world.identities.recover(&asked, &from).await.unwrap();
        assert_eq!(done, Recovered::Done);
        assert!(world.identities.totp_of(id).await.unwrap().is_some(), "{}", world.store.name);
        let alone = world.identities.sign_in(PHONE, &secret(NEW), None, &from).await;
        assert_eq!(wanted(alone), (Some("totp"), Some("code")), "where the password was set, too");
        let entered = enter(&world.identities, PHONE, NEW, &app.code(&world), &from).await;
        assert_eq!(word(&entered), "in");
    }
}

#[tokio::test]
async fn the_routes_show_the_secret_once() {
    let world = worlds(quick()).await.remove(0);
    let id = world.customer(PHONE).await;
    let token = world.try_password(PHONE, PASSWORD, "192.0.2.9", None).await.unwrap().token;
    let token = token.expose().as_str();
    let none = call(&world, "GET /api/identity/totp", Value::Null, token, "").await;
    assert_eq!((none.status, none.body), (200, json!({})));
    let shown = call(&world, "POST /api/identity/totp/secret", Value::Null, token, "").await;
    assert_eq!((shown.status, &shown.body["good_for_s"]), (201, &json!(600)));
    let typed = shown.body["secret"].as_str().unwrap();
    assert!(typed.len() == 32 && shown.body["uri"].as_str().unwrap().contains(typed));
    let app = App::of(&TotpShown { uri: secret(""), typed: secret(typed), good_for_s: 0 });
    let confirm = "POST /api/identity/totp";
    let wrong = call(&world, confirm, json!({"code": "abcdef"}), token, "").await;
    assert_eq!(code_of(&wrong), (403, "totp_wrong".to_owned()));
    let added = call(&world, confirm, json!({"code": app.code(&world)}), token, "").await;
    assert_eq!((added.status, &added.body), (201, &json!({"added_at": "2026-11-22T08:00:00Z"})));
    world.pass(30);
    let body = json!({"name": PHONE, "password": PASSWORD, "totp": app.code(&world)});
    let entered = call(&world, "POST /api/identity/sign-in", body, "", "").await;
    assert_eq!((entered.status, &entered.body["assurance"]), (200, &json!("two_factor")));
    world.pass(30);
    let proof = json!({"totp": app.code(&world)});
    assert_eq!(call(&world, "POST /api/identity/step-up", proof, token, "").await.status, 204);
    let state = call(&world, "GET /api/identity/totp", Value::Null, token, "").await.body;
    assert_eq!(
        state,
        json!({"totp": {"added_at": "2026-11-22T08:00:00Z", "last_used_at": "2026-11-22T08:01:00Z"}})
    );
    let copy = call(&world, "POST /api/identity/export", Value::Null, token, "").await.body;
    assert_eq!(copy["totp"], state["totp"]);
    assert!(!copy.to_string().contains(typed));
    assert_eq!(call(&world, "DELETE /api/identity/totp", Value::Null, token, "").await.status, 204);
    assert!(world.identities.totp_of(id).await.unwrap().is_none());
}
