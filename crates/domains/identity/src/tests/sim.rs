//! Phones whose SIM was changed of late, by a carrier that the tests are themselves (CAMARA SIM Swap, version 2).

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use contracts::identity::SIM_CHANGED;
use dpop::Thumbprint;
use serde_json::{Value, json};

use super::totp::enter;
use super::world::{PASSWORD, PHONE, World, caller, quick, secret, word, worlds};
use crate::carrier::Carrier;
use crate::error::Refused;
use crate::model::code::Purpose;
use crate::model::door::{Because, Proof, Wanted};
use crate::service::{Beside, Caller, Forgotten, Recovered, SignedIn};
use crate::{CarrierSettings, Settings};

const HOUR_S: u64 = 3600;
const DAY_S: u64 = 24 * HOUR_S;
const NEW_PIN: &str = "482915";

/// What the carrier knows, and what it was asked.
#[derive(Default)]
struct Knows {
    swapped: bool,
    /// Answered instead.
    status: Option<StatusCode>,
    answer: Option<&'static str>,
    asked: Vec<Value>,
    tokens: Vec<(String, String)>,
    /// Tokens up to this one were taken back.
    taken_back: usize,
}

struct FakeCarrier {
    knows: Arc<Mutex<Knows>>,
    base: String,
    _stops: tokio::task::JoinHandle<()>,
}

async fn check(State(knows): State<Arc<Mutex<Knows>>>, headers: HeaderMap, body: String) -> Response {
    let mut knows = knows.lock().unwrap();
    let header = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
    let token = header("authorization");
    let mut asked: Value = serde_json::from_str(&body).unwrap();
    asked["token"] = json!(token);
    knows.asked.push(asked);
    let known = token.strip_prefix("Bearer t").and_then(|number| number.parse::<usize>().ok());
    if !knows.tokens.is_empty() && known.is_none_or(|number| number <= knows.taken_back) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    match (knows.status, knows.answer) {
        (Some(status), _) => status.into_response(),
        (_, Some(answer)) => answer.into_response(),
        _ => Json(json!({"swapped": knows.swapped})).into_response(),
    }
}

async fn token(State(knows): State<Arc<Mutex<Knows>>>, headers: HeaderMap, body: String) -> Response {
    let mut knows = knows.lock().unwrap();
    knows.tokens.push((headers["authorization"].to_str().unwrap().to_owned(), body));
    let token = format!("t{}", knows.tokens.len());
    Json(json!({"access_token": token, "token_type": "Bearer", "expires_in": 3600})).into_response()
}

impl FakeCarrier {
    async fn start() -> Self {
        let knows: Arc<Mutex<Knows>> = Arc::default();
        let routes = Router::new().route("/sim-swap/v2/check", post(check)).route("/token", post(token));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let routes = routes.with_state(Arc::clone(&knows));
        let stops = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { knows, base, _stops: stops }
    }

    fn settings(&self) -> CarrierSettings {
        CarrierSettings { url: Some(format!("{}/sim-swap/v2/", self.base)), ..CarrierSettings::default() }
    }

    fn bank(&self) -> Settings {
        Settings { carrier: self.settings(), new_device_two_factors: true, ..quick() }
    }

    fn says(&self, swapped: bool) {
        self.knows.lock().unwrap().swapped = swapped;
    }

    fn asked(&self) -> usize {
        self.knows.lock().unwrap().asked.len()
    }
}

impl World {
    /// The password and a code that was sent to a browser at this address, which the bank has not seen before.
    async fn enters_anew(&self, address: &str) -> Result<SignedIn, Refused> {
        self.pass(61);
        let (code, browser) = self.code(PHONE, Purpose::SignIn, address).await;
        let beside = Some(Beside::Code(&secret(&code)));
        self.identities.sign_in(PHONE, &secret(PASSWORD), beside, &browser).await
    }
}

fn more(entered: Result<SignedIn, Refused>) -> Wanted {
    match entered {
        Err(Refused::MoreNeeded(wanted)) => wanted,
        other => panic!("{}", word(&other)),
    }
}

#[tokio::test]
async fn a_code_opens_no_new_device_while_a_change_is_fresh() {
    let carrier = FakeCarrier::start().await;
    for world in worlds(carrier.bank()).await {
        carrier.says(false);
        world.customer(PHONE).await;
        let known = world.enters_anew("192.0.2.1").await.unwrap();
        let known = caller("192.0.2.1", Some(&known.device_token));
        world.pass(HOUR_S);
        carrier.says(true);
        let asked = carrier.asked();
        assert_eq!(word(&world.try_password(PHONE, "wrong", "203.0.113.5", None).await), "sign_in_refused");
        assert_eq!(carrier.asked(), asked, "a stranger has nobody asked about the owner's phone");

        let refused = world.try_password(PHONE, PASSWORD, "203.0.113.5", None).await;
        assert_eq!(word(&refused), "number_held", "{}", world.store.name);
        let Err(Refused::NumberHeld { until }) = refused else { unreachable!() };
        assert_eq!(until.as_second() - world.identities.clock.now().as_second(), 24 * 3600);
        assert_eq!(word(&world.enters_anew("203.0.113.6").await), "number_held", "nor with the code");
        assert_eq!(carrier.asked(), asked + 1, "asked once");
        let news = world.announced(SIM_CHANGED).await;
        assert_eq!((news.len(), &news[0]["until"]), (1, &json!(until.to_string())), "and told once");

        // On their own device the password is enough, and a code is not.
        let i = &world.identities;
        assert_eq!(word(&i.sign_in(PHONE, &secret(PASSWORD), None, &known).await), "in");
        world.pass(61);
        world.ask_code(PHONE, Purpose::SignIn, &known).await.unwrap();
        let code = secret(&world.gateway.code(PHONE).await);
        let alone = more(i.sign_in_with_code(PHONE, &code, &known).await);
        assert_eq!((alone.also, alone.because), (Proof::Password, Because::Sim));
        let both = i.sign_in(PHONE, &secret(PASSWORD), Some(Beside::Code(&code)), &known).await;
        assert_eq!(word(&both), "in", "{}", world.store.name);

        carrier.says(false);
        world.pass(DAY_S);
        assert_eq!(word(&world.enters_anew("203.0.113.7").await), "in", "a day later all is as before");
    }
}

#[tokio::test]
async fn a_right_password_that_is_held_counts_as_no_wrong_one_and_is_seen() {
    let carrier = FakeCarrier::start().await;
    for world in worlds(Settings { tries_stranger_max: 3, ..carrier.bank() }).await {
        carrier.says(true);
        let id = world.customer(PHONE).await;
        for _ in 0..6 {
            let held = world.try_password(PHONE, PASSWORD, "203.0.113.5", None).await;
            assert_eq!(word(&held), "number_held", "{}", world.store.name);
        }
        let (seen, _) = world.identities.sign_ins_of(id, None).await.unwrap();
        assert_eq!((seen.len(), seen.iter().all(|row| row.refused)), (6, true), "{}", world.store.name);
    }
}

#[tokio::test]
async fn two_members_of_staff_lift_it_for_who_came_with_documents() {
    let carrier = FakeCarrier::start().await;
    for world in worlds(carrier.bank()).await {
        carrier.says(true);
        let id = world.customer(PHONE).await;
        let i = &world.identities;
        assert_eq!(word(&i.lift_number_hold(id).await), "not_found", "nothing is held");
        assert_eq!(word(&world.enters_anew("203.0.113.5").await), "number_held");
        assert!(i.known_number_hold(id).await.unwrap().is_some());
        i.lift_number_hold(id).await.unwrap();
        assert_eq!(i.known_number_hold(id).await.unwrap(), None, "{}", world.store.name);
        let asked = carrier.asked();
        for hours in [0, 1, 22] {
            world.pass(hours * HOUR_S);
            assert_eq!(word(&world.enters_anew("203.0.113.6").await), "in", "{}", world.store.name);
        }
        assert_eq!(carrier.asked(), asked, "the same change is not told of again");
        // A day after the first one, another would be noticed.
        world.pass(HOUR_S);
        assert_eq!(word(&world.enters_anew("203.0.113.7").await), "number_held", "{}", world.store.name);
        assert_eq!(world.announced(SIM_CHANGED).await.len(), 2);
    }
}

#[tokio::test]
async fn an_authenticator_app_takes_the_place_of_the_code() {
    let carrier = FakeCarrier::start().await;
    for world in worlds(carrier.bank()).await {
        carrier.says(false);
        let id = world.customer(PHONE).await;
        let app = world.sets_up(id, &world.enters_anew("192.0.2.1").await.unwrap()).await;
        world.pass(HOUR_S);
        carrier.says(true);
        let device = Because::Device;
        let wanted = Wanted { also: Proof::Totp, or: None, because: device };
        assert_eq!(more(world.try_password(PHONE, PASSWORD, "203.0.113.5", None).await), wanted);
        assert_eq!(more(world.enters_anew("203.0.113.6").await), wanted, "{}", world.store.name);
        let there = caller("203.0.113.7", None);
        let entered = enter(&world.identities, PHONE, PASSWORD, &app.code(&world), &there).await.unwrap();
        let i = &world.identities;
        let set = i.set_pin(id, &entered.session, &secret(PASSWORD), &secret(NEW_PIN)).await;
        assert_eq!(word(&set), "in", "and the session may do what it always may");
    }
}

#[tokio::test]
async fn no_other_way_in_is_made_while_a_change_is_fresh() {
    let carrier = FakeCarrier::start().await;
    for world in worlds(carrier.bank()).await {
        carrier.says(false);
        let id = world.customer(PHONE).await;
        let i = &world.identities;
        let page = Caller {
            origin: Some("http://localhost:8300".to_owned()),
            device_key: Some(Thumbprint::new([1; 32])),
            ..caller("192.0.2.1", None)
        };
        let before = world.enters_anew("192.0.2.1").await.unwrap();
        world.pass(HOUR_S);
        carrier.says(true);
        let known = caller("192.0.2.1", Some(&before.device_token));
        let session = &i.sign_in(PHONE, &secret(PASSWORD), None, &known).await.unwrap().session;
        for (what, refused) in [
            ("a PIN", word(&i.set_pin(id, session, &secret(PASSWORD), &secret(NEW_PIN)).await)),
            ("a passkey", word(&i.begin_passkey(id, session, &page).await)),
            ("an app", word(&i.begin_totp(id, session).await)),
        ] {
            assert_eq!(refused, "number_held", "{what}, {}", world.store.name);
        }
        carrier.says(false);
        world.pass(DAY_S - HOUR_S);
        let asked = carrier.asked();
        let after = i.sign_in(PHONE, &secret(PASSWORD), None, &known).await.unwrap().session;
        assert_eq!(word(&i.begin_totp(id, &after).await), "number_held");
        assert_eq!(carrier.asked(), asked, "nobody is asked meanwhile");
        world.pass(HOUR_S);
        let after = i.sign_in(PHONE, &secret(PASSWORD), None, &known).await.unwrap().session;
        assert_eq!(word(&i.begin_totp(id, &after).await), "in", "{}", world.store.name);
    }
}

#[tokio::test]
async fn a_forgotten_password_waits_as_long_as_with_a_passkey() {
    let carrier = FakeCarrier::start().await;
    for (swapped, days) in [(false, 1), (true, 3)] {
        carrier.says(swapped);
        for world in worlds(carrier.bank()).await {
            world.customer(PHONE).await;
            let from = caller("203.0.113.5", None);
            let cookie = world.ask_code(PHONE, Purpose::ResetPassword, &from).await.unwrap();
            let asked = Forgotten {
                phone: PHONE.to_owned(),
                code: secret(&world.gateway.code(PHONE).await),
                id_number: "110101199003001234".to_owned(),
                new: secret("Rain-on-monday-7"),
            };
            let from = Caller { device: Some(cookie), ..from };
            let now = world.identities.clock.now();
            let Ok(Recovered::Waits { ready_at, .. }) = world.identities.recover(&asked, &from).await else {
                panic!("nobody waits")
            };
            assert_eq!(ready_at.as_second() - now.as_second(), days * 24 * 3600, "{}", world.store.name);
        }
    }
}

#[tokio::test]
async fn a_carrier_that_does_not_say_shuts_nobody_out() {
    for (what, status, answer, rests) in [
        ("the number is nobody's", Some(StatusCode::NOT_FOUND), None, false),
        ("it cannot say", Some(StatusCode::UNPROCESSABLE_ENTITY), None, false),
        ("too many", Some(StatusCode::TOO_MANY_REQUESTS), None, true),
        ("it failed", Some(StatusCode::INTERNAL_SERVER_ERROR), None, true),
        ("it says nothing known", None, Some(r#"{"changed":true}"#), true),
        ("it says no JSON", None, Some("swapped"), true),
    ] {
        let carrier = FakeCarrier::start().await;
        *carrier.knows.lock().unwrap() = Knows { status, answer, ..Knows::default() };
        let asking = Carrier::try_new(&carrier.settings()).unwrap();
        assert_eq!(asking.was_changed("+8613900001234", 24).await, None, "{what}");
        assert_eq!(asking.was_changed("+8613900001234", 24).await, None, "{what}");
        assert_eq!(carrier.asked(), if rests { 1 } else { 2 }, "{what}: let alone after a failure");
    }
    // Nobody listens, and somebody who never answers.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = silent.local_addr().unwrap();
    let nobody = FakeCarrier::start().await;
    nobody._stops.abort();
    let _ = nobody._stops.await;
    for base in [format!("http://{silent}"), nobody.base] {
        let settings = CarrierSettings { url: Some(base), timeout_ms: 100, ..CarrierSettings::default() };
        let bank = Settings { carrier: settings, new_device_two_factors: true, ..quick() };
        for world in worlds(bank).await {
            world.customer(PHONE).await;
            assert_eq!(word(&world.enters_anew("192.0.2.1").await), "in", "{}", world.store.name);
        }
    }
}

#[tokio::test]
async fn it_is_asked_as_the_standard_says_with_a_token_that_is_renewed() {
    let carrier = FakeCarrier::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    std::fs::write(&file, "s3cret:/\n").unwrap();
    let settings = CarrierSettings {
        token_url: Some(format!("{}/token", carrier.base)),
        client_id: "bank".to_owned(),
        client_secret: serde_json::from_value(json!(format!("file:{}", file.display()))).unwrap(),
        ..carrier.settings()
    };
    let asking = Carrier::try_new(&settings).unwrap();
    assert_eq!(asking.was_changed("+8613900001234", 24).await, Some(false));
    carrier.says(true);
    assert_eq!(asking.was_changed("+8613900001234", 72).await, Some(true));
    carrier.knows.lock().unwrap().taken_back = 1;
    assert_eq!(asking.was_changed("+8613900001234", 24).await, Some(true), "with another token");
    let knows = carrier.knows.lock().unwrap();
    let phone = "+8613900001234";
    let asked = |age, token| json!({"phoneNumber": phone, "maxAge": age, "token": format!("Bearer {token}")});
    assert_eq!(knows.asked, [asked(24, "t1"), asked(72, "t1"), asked(24, "t1"), asked(24, "t2")]);
    // `bank:s3cret%3A%2F`
    let basic = "Basic YmFuazpzM2NyZXQlM0ElMkY=".to_owned();
    let form = "grant_type=client_credentials&scope=sim-swap%3Acheck".to_owned();
    assert_eq!(knows.tokens, [(basic.clone(), form.clone()), (basic, form)]);
}

#[test]
fn settings_that_cannot_be_meant_are_refused() {
    let carrier = |url: &str| CarrierSettings { url: Some(url.to_owned()), ..CarrierSettings::default() };
    let token = |token: &str, id: &str| CarrierSettings {
        token_url: Some(token.to_owned()),
        client_id: id.to_owned(),
        ..carrier("https://carrier.example/sim-swap/v2")
    };
    for (settings, refused) in [
        (carrier("http://carrier.example/sim-swap/v2"), Some("identity.carrier.url")),
        (carrier("carrier.example"), Some("identity.carrier.url")),
        (carrier("ftp://carrier.example"), Some("identity.carrier.url")),
        (token("http://carrier.example/token", "bank"), Some("identity.carrier.token_url")),
        (token("https://carrier.example/token", "bank"), Some("client_secret")),
        (token("https://carrier.example/token", ""), Some("client_id")),
        (carrier("https://carrier.example/sim-swap/v2"), None),
        (carrier("http://[::1]:9091/sim-swap/v2"), None),
        (carrier("http://localhost:9091"), None),
    ] {
        let made = Carrier::try_new(&settings).err().map(|error| error.to_string());
        assert_eq!(made.is_some(), refused.is_some(), "{settings:?}: {made:?}");
        assert!(made.unwrap_or_default().contains(refused.unwrap_or_default()), "{settings:?}");
    }
}
