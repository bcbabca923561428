//! Mini-programs and embedded pages: sessions that live in another one.

use contracts::identity::{Assurance, Channel, EndReason, Identity, Principal, Session};
use dpop::Thumbprint;
use secrecy::Secret;
use serde_json::{Value, json};

use super::routes::{call, code_of};
use super::world::{PASSWORD, PHONE, PIN, World, caller, quick, secret, word, worlds};
use crate::Settings;
use crate::config::MiniProgram;
use crate::error::Refused;
use crate::service::{ACCESS_TOKEN, Caller, PasswordProof, SignedIn, TokenExchange};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const PAGE: [u8; 32] = [7; 32];
const EXCHANGE: &str = "POST /api/identity/token-exchange";

fn offering() -> Settings {
    let mini_program = |id: &str, name: &str| MiniProgram { id: id.to_owned(), name: name.to_owned() };
    Settings {
        mini_programs: vec![mini_program("life", "生活服务"), mini_program("shop", "商城")],
        ..quick()
    }
}

/// An app whose device proves a key.
fn app(cookie: Option<&Secret<String>>) -> Caller {
    Caller {
        channel: Channel::App,
        device_key: Some(Thumbprint::new([1; 32])),
        ..caller("192.0.2.1", cookie)
    }
}

impl World {
    async fn host(&self) -> SignedIn {
        self.identities.sign_in(PHONE, &secret(PASSWORD), None, &app(None)).await.unwrap()
    }

    async fn exchange(&self, host: &Session, audience: &str) -> Result<Secret<String>, Refused> {
        let dpop_jkt = &Thumbprint::new(PAGE).to_string();
        let asked = TokenExchange { grant_type: GRANT, requested_token_type: None, audience, dpop_jkt };
        self.identities.exchange(host, &asked).await.map(|exchanged| exchanged.token)
    }

    async fn embedded(&self, host: &Session) -> (Secret<String>, Session) {
        let token = self.exchange(host, "life").await.unwrap();
        let session = self.session(&token).await.unwrap();
        (token, session)
    }
}

#[tokio::test]
async fn a_page_gets_a_session_that_is_less_than_the_one_around_it() {
    for mut world in worlds(offering()).await {
        let customer = world.customer(PHONE).await;
        let host = world.host().await;
        let (token, session) = world.embedded(&host.session).await;
        assert_eq!(session.principal, Principal::Customer(customer));
        assert_eq!((session.channel, session.device), (Channel::MiniProgram, host.session.device));
        assert_eq!(
            session.device_key,
            Some(Thumbprint::new(PAGE).to_string()),
            "good with the page's key alone"
        );
        assert_eq!(session.assurance, Assurance::OneFactor);
        assert_eq!(session.expires_at, "2026-11-22T09:00:00Z".parse().unwrap(), "an hour at the longest");

        // Its owner sees it by its name, and sees how the bank was entered, but no sign-in: nothing was proved.
        let seen = world.identities.sessions_of(customer).await.unwrap();
        let shown: Vec<_> = seen.iter().map(|seen| (seen.channel, seen.device_name.as_str())).collect();
        assert!(shown.contains(&(Channel::MiniProgram, "生活服务")), "{shown:?}");
        assert_eq!(world.identities.sign_ins_of(customer, None).await.unwrap().0.len(), 1);
        assert_eq!(world.announced("identity.signed_in").await.len(), 2);

        // Whoever is signed in a moment ago proved nothing here, and cannot.
        let late = world.identities.proved_of_late(&session).await;
        assert_eq!(word(&late.map(|_| ())), "step_up_needed");
        let proved = world.identities.step_up_with_password(&session, &secret(PASSWORD)).await;
        assert_eq!(word(&proved), "only_in_app");
        assert_eq!(word(&world.exchange(&session, "life").await), "only_in_app", "no token makes another");

        world.reopen().await;
        assert_eq!(world.session(&token).await.unwrap(), session, "{}", world.store.name);
        world.identities.end_session(&session.principal, session.id, EndReason::Revoked).await.unwrap();
        assert!(world.session(&token).await.is_none());
        assert!(world.session(&host.token).await.is_some(), "the app goes on");
    }
}

#[tokio::test]
async fn what_is_asked_wrongly_is_refused() {
    let jkt = Thumbprint::new(PAGE).to_string();
    for world in worlds(offering()).await {
        world.customer(PHONE).await;
        let host = world.host().await.session;
        let other = "urn:ietf:params:oauth:token-type:refresh_token";
        for (grant_type, requested, audience, dpop_jkt, code) in [
            (GRANT, Some(ACCESS_TOKEN), "life", jkt.as_str(), "in"),
            ("client_credentials", None, "life", &jkt, "grant_type_unsupported"),
            (GRANT, Some(other), "life", &jkt, "token_type_unsupported"),
            (GRANT, None, "bank", &jkt, "mini_program_unknown"),
            (GRANT, None, "", &jkt, "mini_program_unknown"),
            (GRANT, None, "生活服务", &jkt, "mini_program_unknown"),
            (GRANT, None, "life", "", "key_malformed"),
            (GRANT, None, "life", &jkt[1..], "key_malformed"),
            (GRANT, None, "life", &format!("{jkt}="), "key_malformed"),
        ] {
            let asked = TokenExchange { grant_type, requested_token_type: requested, audience, dpop_jkt };
            assert_eq!(word(&world.identities.exchange(&host, &asked).await), code, "{audience} {dpop_jkt}");
        }
        for channel in [Channel::Phone, Channel::Branch, Channel::OpenApi] {
            let host = Session { channel, ..host.clone() };
            assert_eq!(word(&world.exchange(&host, "life").await), "only_in_app");
        }
        let customer = host.principal.clone();
        world.identities.end_session(&customer, host.id, EndReason::SignedOut).await.unwrap();
        assert_eq!(word(&world.exchange(&host, "life").await), "not_signed_in", "{}", world.store.name);
    }
    let world = worlds(quick()).await.remove(0);
    world.customer(PHONE).await;
    let host = world.host().await.session;
    assert_eq!(word(&world.exchange(&host, "life").await), "mini_program_unknown", "none is offered");
}

#[tokio::test]
async fn it_ends_with_what_is_around_it() {
    for mut world in worlds(offering()).await {
        let customer = world.customer(PHONE).await;
        let kept = world.host().await;
        for way in ["signed out", "device removed", "password changed"] {
            let host = world.host().await;
            let (token, session) = world.embedded(&host.session).await;
            let other = world.another().await;
            assert!(other.session(&token).await.unwrap().is_some(), "{way}: known elsewhere");
            match way {
                "signed out" => {
                    let owner = &session.principal;
                    world.identities.end_session(owner, host.session.id, EndReason::SignedOut).await.unwrap();
                }
                "device removed" => {
                    let device = host.session.device;
                    world.identities.remove_device(customer, &kept.session, device).await.unwrap();
                }
                _ => {
                    let (old, new) = (secret(PASSWORD), secret("Rain-on-monday-7"));
                    let (proof, from) = (PasswordProof::Old(&old), app(None));
                    let changing = &world.identities;
                    changing.change_password(customer, &kept.session, proof, &new, &from).await.unwrap();
                }
            }
            assert!(world.session(&token).await.is_none(), "{way}: {}", world.store.name);
            let sql = "SELECT COUNT(*) FROM identity_session WHERE parent IS NOT NULL AND ended_at IS NULL";
            assert_eq!(world.number(sql).await, 0, "{way}: its row, too");
            if world.store.db.kind() == db::Kind::Postgres {
                let began = std::time::Instant::now();
                while other.session(&token).await.unwrap().is_some() {
                    assert!(began.elapsed() < std::time::Duration::from_secs(1), "{way}: elsewhere");
                    tokio::task::yield_now().await;
                }
            }
            world.reopen().await;
            assert!(world.session(&token).await.is_none() && world.session(&kept.token).await.is_some());
        }
        let ended = world.announced("identity.session_revoked").await;
        assert_eq!(ended.len(), 6, "both of each pair: {ended:?}");
    }
}

#[tokio::test]
async fn who_uses_the_page_uses_the_app() {
    for world in worlds(Settings { session_idle_s: 600, mini_program_whole_s: 1800, ..offering() }).await {
        world.customer(PHONE).await;
        let host = world.host().await;
        let (token, _) = world.embedded(&host.session).await;
        for _ in 0..2 {
            world.pass(599);
            assert!(world.session(&token).await.is_some());
        }
        assert!(world.session(&host.token).await.is_some(), "who uses the page uses the app");
        world.pass(602);
        assert!(world.session(&token).await.is_none(), "over after its time: {}", world.store.name);
        assert!(world.session(&host.token).await.is_none(), "idle by then");

        let host = world.host().await;
        let (token, _) = world.embedded(&host.session).await;
        world.pass(600);
        assert!(world.session(&token).await.is_none() && world.session(&host.token).await.is_none());
    }
    // Never longer than the one around it.
    for world in worlds(Settings { session_whole_s: 100, ..offering() }).await {
        world.customer(PHONE).await;
        let host = world.host().await;
        world.pass(40);
        let (token, session) = world.embedded(&host.session).await;
        assert_eq!(session.expires_at, host.session.expires_at);
        world.pass(60);
        assert!(world.session(&token).await.is_none());
    }
}

#[tokio::test]
async fn so_many_are_open_at_a_time_and_no_more_an_hour() {
    for world in worlds(offering()).await {
        let customer = world.customer(PHONE).await;
        let host = world.host().await;
        let (first, _) = world.embedded(&host.session).await;
        let mut last = first.clone();
        for _ in 0..20 {
            world.pass(1);
            last = world.exchange(&host.session, "shop").await.unwrap();
        }
        assert_eq!(world.identities.sessions_of(customer).await.unwrap().len(), 21, "twenty, and the app");
        assert!(world.session(&first).await.is_none(), "the oldest made room");
        assert!(world.session(&last).await.is_some());
        for _ in 0..39 {
            world.exchange(&host.session, "shop").await.unwrap();
        }
        assert_eq!(word(&world.exchange(&host.session, "shop").await), "too_many_tries");
    }
}

#[tokio::test]
async fn routes_keep_what_decides_over_the_customer_in_the_app() {
    let world = worlds(offering()).await.remove(0);
    world.customer(PHONE).await;
    let host = world.host().await;
    let body =
        json!({"grant_type": GRANT, "audience": "life", "dpop_jkt": Thumbprint::new(PAGE).to_string()});
    let given = call(&world, EXCHANGE, body.clone(), host.token.expose(), "").await;
    assert_eq!((given.status, given.body["expires_in"].as_u64()), (200, Some(3600)));
    assert_eq!(
        (given.body["issued_token_type"].as_str(), given.body["token_type"].as_str()),
        (Some(ACCESS_TOKEN), Some("DPoP"))
    );
    let token = given.body["access_token"].as_str().unwrap();
    for line in [
        EXCHANGE,
        "POST /api/identity/step-up",
        "POST /api/identity/step-up/options",
        "PUT /api/identity/pin",
        "GET /api/identity/sessions",
        "GET /api/identity/approvals",
        "POST /api/identity/scans/taken",
        "POST /api/identity/export",
    ] {
        let refused = call(&world, line, body.clone(), token, "").await;
        assert_eq!(code_of(&refused), (403, "not_allowed".into()), "{line}");
    }
    let seen = call(&world, "GET /api/identity/session", Value::Null, token, "").await;
    assert_eq!((seen.status, seen.body["channel"].as_str()), (200, Some("mini_program")));
    let out = call(&world, "POST /api/identity/sign-out", Value::Null, token, "").await;
    assert_eq!(out.status, 204);
    assert!(out.cookies.is_empty(), "the cookie is the app's: {:?}", out.cookies);
    assert!(world.session(&host.token).await.is_some());
    let pin = json!({"password": PASSWORD, "pin": PIN});
    assert_eq!(call(&world, "PUT /api/identity/pin", pin, host.token.expose(), "").await.status, 204);
}

#[test]
fn mini_programs_are_told_apart_and_can_be_shown() {
    let check = |all: &[(&str, &str)]| {
        let of = |(id, name): &(&str, &str)| MiniProgram { id: (*id).to_owned(), name: (*name).to_owned() };
        Settings { mini_programs: all.iter().map(of).collect(), ..quick() }.check_mini_programs().is_ok()
    };
    let long = "生".repeat(41);
    for (all, fits) in [
        (&[("life", "生活服务"), ("shop-2", "商城")][..], true),
        (&[("life", "生活服务"), ("life", "商城")], false),
        (&[("Life", "生活服务")], false),
        (&[("", "生活服务")], false),
        (&[("life", " ")], false),
        (&[("life", "生\n活")], false),
        (&[("life", &long)], false),
    ] {
        assert_eq!(check(all), fits, "{all:?}");
    }
}
