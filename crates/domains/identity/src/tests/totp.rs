//! Authenticator apps: setting one up, what its codes are good for, and who holds up whom.

use std::sync::Arc;

use contracts::identity::{Assurance, TOTP_CHANGED};
use ids::CustomerId;

use super::world::{PASSWORD, PHONE, World, caller, quick, secret, word, worlds};
use crate::Settings;
use crate::error::Refused;
use crate::model::method::Method;
use crate::model::totp::{SharedSecret, code_at};
use crate::service::{Beside, Caller, Identities, SignedIn, TotpShown};

const OTHER: &str = "13900005678";

/// An app into which a secret was typed.
pub(super) struct App(SharedSecret);

impl App {
    pub(super) fn of(shown: &TotpShown) -> Self {
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let mut bytes = Vec::new();
        for eight in shown.typed.expose().as_bytes().chunks(8) {
            let bits = eight.iter().fold(0_u64, |bits, letter| {
                bits << 5 | letters.iter().position(|known| known == letter).unwrap() as u64
            });
            bytes.extend_from_slice(&bits.to_be_bytes()[3..]);
        }
        Self(SharedSecret::new(bytes.try_into().unwrap()))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.expose()
    }

    /// What it shows now.
    pub(super) fn code(&self, world: &World) -> String {
        self.code_in(world, 0)
    }

    /// What it shows so many steps from now.
    fn code_in(&self, world: &World, steps: i64) -> String {
        let at = world.identities.clock.now().as_second() + 30 * steps;
        code_at(&self.0, clock::Timestamp::from_second(at).unwrap())
    }
}

/// Six digits that are none of those.
fn other_than(codes: &[String]) -> String {
    (0..).map(|n| format!("{n:06}")).find(|code| !codes.contains(code)).unwrap()
}

impl World {
    /// Sets an app up, by the code of this moment.
    pub(super) async fn sets_up(&self, id: CustomerId, on: &SignedIn) -> App {
        let app = App::of(&self.identities.begin_totp(id, &on.session).await.unwrap());
        self.confirms(id, on, &app.code(self)).await.unwrap();
        app
    }

    pub(super) async fn confirms(&self, id: CustomerId, on: &SignedIn, code: &str) -> Result<(), Refused> {
        let from = caller("192.0.2.1", Some(&on.device_token));
        self.identities.confirm_totp(id, &on.session, &secret(code), &from).await.map(|_| ())
    }

    /// A customer with an app, on a device that the bank knows; a step later, so that what the app shows is new.
    pub(super) async fn holder(&self, phone: &str) -> (CustomerId, SignedIn, App) {
        let id = self.customer(phone).await;
        let on = self.try_password(phone, PASSWORD, "192.0.2.1", None).await.unwrap();
        let app = self.sets_up(id, &on).await;
        self.pass(30);
        (id, on, app)
    }

    /// On a device that the bank does not know.
    pub(super) async fn enters(&self, name: &str, password: &str, code: &str) -> Result<SignedIn, Refused> {
        enter(&self.identities, name, password, code, &caller("203.0.113.5", None)).await
    }

    pub(super) async fn answer(&self, name: &str, code: &str) -> &'static str {
        word(&self.enters(name, PASSWORD, code).await)
    }
}

pub(super) async fn enter(
    at: &Identities,
    name: &str,
    password: &str,
    code: &str,
    from: &Caller,
) -> Result<SignedIn, Refused> {
    at.sign_in(name, &secret(password), Some(Beside::Totp(&secret(code))), from).await
}

#[tokio::test]
async fn an_app_is_set_up_signs_in_and_is_removed() {
    for world in worlds(quick()).await {
        let id = world.customer(PHONE).await;
        let on = world.try_password(PHONE, PASSWORD, "192.0.2.1", None).await.unwrap();
        let i = &world.identities;
        let shown = i.begin_totp(id, &on.session).await.unwrap();
        let app = App::of(&shown);
        let name = "otpauth://totp/%E8%BF%9C%E8%A1%8C%E9%93%B6%E8%A1%8C:139****1234?secret=";
        assert!(shown.uri.expose().starts_with(name), "the phone is masked");
        assert!(i.totp_of(id).await.unwrap().is_none(), "nothing is in force before a code came");
        assert_eq!(world.answer(PHONE, &app.code(&world)).await, "totp_wrong");
        world.confirms(id, &on, &app.code(&world)).await.unwrap();
        assert_eq!(
            world.answer(PHONE, &app.code(&world)).await,
            "totp_wrong",
            "what confirmed signs nobody in"
        );
        world.pass(30);
        let entered = world.enters(PHONE, PASSWORD, &app.code(&world)).await.unwrap();
        assert_eq!(entered.session.assurance, Assurance::TwoFactor);
        let row = i.totp_of(id).await.unwrap().unwrap();
        assert_eq!(row.last_used_at, Some(entered.session.started_at));
        assert_eq!(i.export(id, &on.session).await.unwrap().totp.unwrap().added_at, row.added_at);
        let (seen, _) = i.sign_ins_of(id, None).await.unwrap();
        assert_eq!((seen[0].method, seen[0].refused), (Method::PasswordAndTotp, false));

        // Another in its place: the one before it is good until then, and no longer.
        world.pass(30);
        let next = App::of(&i.begin_totp(id, &on.session).await.unwrap());
        assert_eq!(world.answer(PHONE, &app.code(&world)).await, "in");
        world.confirms(id, &on, &next.code(&world)).await.unwrap();
        world.pass(30);
        assert_eq!(world.answer(PHONE, &app.code(&world)).await, "totp_wrong");
        assert_eq!(world.answer(PHONE, &next.code(&world)).await, "in");

        let from = caller("192.0.2.1", None);
        i.remove_totp(id, &on.session, &from).await.unwrap();
        assert_eq!(word(&i.remove_totp(id, &on.session, &from).await), "not_found");
        world.pass(30);
        assert_eq!(world.answer(PHONE, &next.code(&world)).await, "totp_wrong");
        let told = world.announced(TOTP_CHANGED).await;
        let added: Vec<_> = told.iter().map(|news| news["added"].as_bool().unwrap()).collect();
        assert_eq!(added, [true, true, false]);
        let events = db::outbox::waiting(&world.store.db, None, 100).await.unwrap();
        let events: Vec<_> = events.into_iter().filter(|event| event.topic == TOTP_CHANGED).collect();
        crate::reactions::ways_in(Arc::clone(i)).react.react(&events).await.unwrap();
        assert_eq!(world.gateway.all().len(), 3, "the owner hears of each");
    }
}

#[tokio::test]
async fn only_codes_of_this_customer_around_now_are_taken_and_once() {
    for world in worlds(Settings { totp_tries_max: 100, ..quick() }).await {
        let (_, _, app) = world.holder(PHONE).await;
        let (_, _, others) = world.holder(OTHER).await;
        world.pass(300);
        let around: Vec<_> = (-2..=2).map(|steps| app.code_in(&world, steps)).collect();
        let bad = [
            ("two behind", around[0].clone()),
            ("two ahead", around[4].clone()),
            ("no code of it", other_than(&around)),
            ("another customer's", others.code(&world)),
            ("nothing", String::new()),
            ("too short", around[2][1..].to_owned()),
            ("too long", format!("{}0", around[2])),
            ("letters", "abcdef".to_owned()),
            ("digits of another script", "１２３４５６".to_owned()),
            ("with a space", format!("{} {}", &around[2][..3], &around[2][3..])),
        ];
        for (what, code) in &bad {
            assert_eq!(world.answer(PHONE, code).await, "totp_wrong", "{}: {what}", world.store.name);
        }
        for (what, code, expected) in [
            ("one behind", &around[1], "in"),
            ("again", &around[1], "totp_wrong"),
            ("one ahead", &around[3], "in"),
            ("again", &around[3], "totp_wrong"),
            ("before the last", &around[2], "totp_wrong"),
        ] {
            assert_eq!(world.answer(PHONE, code).await, expected, "{}: {what}", world.store.name);
        }
        assert_eq!(world.answer(OTHER, &others.code(&world)).await, "in", "used up for one, not for another");
        let wrong = word(&world.enters(PHONE, "wrong", &app.code_in(&world, 1)).await);
        assert_eq!(wrong, "sign_in_refused");
        assert_eq!(word(&world.enters("13900009999", PASSWORD, "000000").await), "sign_in_refused");
    }
}

#[tokio::test]
async fn only_what_was_shown_here_and_lately_is_confirmed_and_once() {
    for world in worlds(quick()).await {
        let id = world.customer(PHONE).await;
        let on = world.try_password(PHONE, PASSWORD, "192.0.2.1", None).await.unwrap();
        let elsewhere = world.try_password(PHONE, PASSWORD, "192.0.2.2", None).await.unwrap();
        let i = &world.identities;
        let begin = async || App::of(&i.begin_totp(id, &on.session).await.unwrap());
        assert_eq!(word(&world.confirms(id, &on, "123456").await), "totp_over", "nothing was shown");
        let (first, second) = (begin().await, begin().await);
        for (what, code) in [
            ("of the one before", first.code(&world)),
            (
                "wrong",
                other_than(&[second.code_in(&world, -1), second.code(&world), second.code_in(&world, 1)]),
            ),
            ("old", second.code_in(&world, -2)),
            ("letters", "abcdef".to_owned()),
            ("nothing", String::new()),
        ] {
            assert_eq!(word(&world.confirms(id, &on, &code).await), "totp_wrong", "{what}");
        }
        let there = word(&world.confirms(id, &elsewhere, &second.code(&world)).await);
        assert_eq!(there, "totp_over", "in another session");
        // Two at once, in two processes where there can be two.
        let other = world.another().await;
        let other = if world.store.db.kind() == db::Kind::Postgres { other } else { Arc::clone(i) };
        let (code, from) = (secret(&second.code(&world)), caller("192.0.2.1", None));
        let (one, two) = tokio::join!(
            i.confirm_totp(id, &on.session, &code, &from),
            other.confirm_totp(id, &on.session, &code, &from)
        );
        let mut came = [word(&one), word(&two)];
        came.sort_unstable();
        assert_eq!(came, ["in", "totp_over"], "{}", world.store.name);
        assert_eq!(world.announced(TOTP_CHANGED).await.len(), 1);

        let late = begin().await;
        for _ in 0..2 {
            world.pass(299);
            i.step_up_with_password(&on.session, &secret(PASSWORD)).await.unwrap();
        }
        world.pass(2);
        assert_eq!(word(&world.confirms(id, &on, &late.code(&world)).await), "totp_over", "at 600 seconds");
        crate::jobs::tidy(i).await.unwrap();
        assert_eq!(world.number("SELECT COUNT(*) FROM identity_totp_waiting").await, 0);
        assert_eq!(world.number("SELECT COUNT(*) FROM identity_totp").await, 1);
    }
}

#[tokio::test]
async fn one_code_given_twice_at_once_is_taken_once() {
    for world in worlds(quick()).await {
        let (_, _, app) = world.holder(PHONE).await;
        let other = world.another().await;
        let other =
            if world.store.db.kind() == db::Kind::Postgres { other } else { world.identities.clone() };
        let code = app.code(&world);
        let (here, there) = (caller("203.0.113.5", None), caller("203.0.113.6", None));
        let (one, two) = tokio::join!(
            enter(&world.identities, PHONE, PASSWORD, &code, &here),
            enter(&other, PHONE, PASSWORD, &code, &there)
        );
        let mut came = [word(&one), word(&two)];
        came.sort_unstable();
        assert_eq!(came, ["in", "totp_wrong"], "{}", world.store.name);
    }
}

#[tokio::test]
async fn guessing_is_held_and_strangers_without_the_password_hold_nobody() {
    for world in worlds(Settings { tries_address_max: 1000, tries_name_hour_max: 1000, ..quick() }).await {
        let (id, on, app) = world.holder(PHONE).await;
        for host in 0..20 {
            let from = caller(&format!("198.51.100.{host}"), None);
            let refused = enter(&world.identities, PHONE, "wrong", "000000", &from).await;
            assert_eq!(word(&refused), "sign_in_refused");
        }
        assert_eq!(world.answer(PHONE, &app.code(&world)).await, "in", "{}", world.store.name);
        // Whoever has the password guesses five times, from wherever, then waits longer each time.
        for hold_s in [900, 1800] {
            for host in 0..5 {
                let from = caller(&format!("198.51.100.{host}"), None);
                let known: Vec<_> = (-1..=1).map(|steps| app.code_in(&world, steps)).collect();
                let guessed = enter(&world.identities, PHONE, PASSWORD, &other_than(&known), &from).await;
                assert_eq!(word(&guessed), "totp_wrong", "{hold_s} {host}");
            }
            world.pass(hold_s - 1);
            let held = world.enters(PHONE, PASSWORD, &app.code(&world)).await;
            assert_eq!(word(&held), "too_many_tries", "{}: the right one, too", world.store.name);
            world.pass(1);
        }
        // What cannot be a code is no try, and a device that is known is asked for none.
        assert_eq!(world.answer(PHONE, "12345").await, "totp_wrong");
        let own = caller("192.0.2.1", Some(&on.device_token));
        let known = world.identities.sign_in(PHONE, &secret(PASSWORD), None, &own).await;
        assert_eq!(word(&known), "in");
        assert_eq!(world.answer(PHONE, &app.code(&world)).await, "in", "{}", world.store.name);
        let locked = world.announced(contracts::identity::LOCKED).await;
        let own: Vec<_> = locked.iter().filter(|news| news["customer"] == id.to_string()).collect();
        assert!(own.len() >= 2, "that tries are held is told: {locked:?}");
    }
}
