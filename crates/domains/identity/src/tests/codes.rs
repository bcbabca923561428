//! The life of a one-time code.

use super::world::{PASSWORD, PHONE, World, caller, quick, secret, word, worlds};
use crate::Settings;
use crate::model::code::Purpose;
use crate::service::Caller;

async fn enter(world: &World, code: &str, from: &Caller) -> &'static str {
    word(&world.identities.sign_in_with_code(PHONE, &secret(code), from).await)
}

fn other_than(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[tokio::test]
async fn a_code_is_good_once_for_five_minutes_and_five_tries() {
    for world in worlds(Settings { codes_per_hour_max: 100, ..quick() }).await {
        world.customer(PHONE).await;
        let (code, browser) = world.code(PHONE, Purpose::SignIn, "192.0.2.1").await;
        assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
        for bad in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
            assert_eq!(enter(&world, bad, &browser).await, "code_wrong", "{bad}");
        }
        assert_eq!(enter(&world, &code, &browser).await, "in", "what cannot be a code spends no try");
        assert_eq!(enter(&world, &code, &browser).await, "code_wrong", "used");

        world.pass(60);
        let (code, browser) = world.code(PHONE, Purpose::SignIn, "192.0.2.2").await;
        world.pass(299);
        assert_eq!(enter(&world, &other_than(&code), &browser).await, "code_wrong");
        assert_eq!(enter(&world, &code, &browser).await, "in", "at 299 seconds");

        let (code, browser) = world.code(PHONE, Purpose::SignIn, "192.0.2.3").await;
        world.pass(300);
        assert_eq!(enter(&world, &code, &browser).await, "code_wrong", "at 300 seconds");

        let (code, browser) = world.code(PHONE, Purpose::SignIn, "192.0.2.4").await;
        for _ in 0..5 {
            assert_eq!(enter(&world, &other_than(&code), &browser).await, "code_wrong");
        }
        assert_eq!(enter(&world, &code, &browser).await, "code_wrong", "the sixth try");

        let (code, browser) = world.code(PHONE, Purpose::ResetPassword, "192.0.2.5").await;
        assert_eq!(enter(&world, &code, &browser).await, "code_wrong", "another purpose");
        let (old, browser) = world.code(PHONE, Purpose::SignIn, "192.0.2.6").await;
        world.pass(61);
        world.ask_code(PHONE, Purpose::SignIn, &browser).await.unwrap();
        let new = world.gateway.code(PHONE).await;
        if old != new {
            assert_eq!(enter(&world, &old, &browser).await, "code_wrong", "replaced");
        }
        assert_eq!(enter(&world, &new, &browser).await, "in");
        world.pass(3600);
        crate::jobs::tidy(&world.identities).await.unwrap();
        assert_eq!(world.number("SELECT COUNT(*) FROM identity_code").await, 0);
    }
}

#[tokio::test]
async fn a_code_belongs_to_the_browser_that_asked_for_it() {
    for world in worlds(quick()).await {
        world.customer(PHONE).await;
        let (code, browser) = world.code(PHONE, Purpose::SignIn, "192.0.2.1").await;
        let stranger = caller("198.51.100.9", Some(&secret(&"S".repeat(43))));
        let beside = caller("192.0.2.1", Some(&secret(&"S".repeat(43))));
        for _ in 0..10 {
            assert_eq!(enter(&world, &other_than(&code), &stranger).await, "code_wrong");
            assert_eq!(enter(&world, &other_than(&code), &beside).await, "code_wrong");
        }
        assert_eq!(enter(&world, &code, &stranger).await, "code_wrong", "even the right one");
        assert_eq!(enter(&world, &code, &caller("198.51.100.9", None)).await, "code_wrong");
        let moved = caller("203.0.113.80", browser.device.as_ref());
        assert_eq!(enter(&world, &code, &moved).await, "in", "the browser moved from home to the street");
        let (code, _) = world.code(PHONE, Purpose::SignIn, "192.0.2.2").await;
        assert_eq!(enter(&world, &code, &caller("192.0.2.2", None)).await, "in", "a program without cookies");
    }
}

#[tokio::test]
async fn asking_is_limited_alike_for_everybodys_phone() {
    let settings = Settings {
        codes_per_hour_max: 3,
        codes_per_phone_day_max: 5,
        codes_per_address_hour_max: 7,
        ..quick()
    };
    for world in worlds(settings).await {
        world.customer(PHONE).await;
        let mut answers = Vec::new();
        for (at, phone) in [PHONE, "13900009999"].into_iter().enumerate() {
            let mut seen = Vec::new();
            for (second, host) in
                [(0, 1), (0, 1), (59, 1), (1, 1), (61, 1), (61, 1), (0, 2), (61, 2), (61, 3)]
            {
                world.pass(second);
                let from = caller(&format!("192.0.{at}.{host}"), None);
                let asked = world.ask_code(phone, Purpose::SignIn, &from).await;
                seen.push(match asked {
                    Ok(_) => "sent".to_owned(),
                    Err(refused) => {
                        let consequence = http::Refusal::consequence(&refused);
                        format!("{} {}", consequence.code, consequence.retry_after_s.unwrap())
                    }
                });
            }
            answers.push(seen);
        }
        assert_eq!(answers[0], answers[1], "{}", world.store.name);
        let words: Vec<&str> = answers[0].iter().map(String::as_str).collect();
        let expected = [
            "sent",
            "too_many_tries 60",
            "too_many_tries 1",
            "sent",
            "sent",
            "too_many_tries 3539",
            "sent",
            "sent",
        ];
        assert_eq!(words[..8], expected);
        assert!(words[8].starts_with("too_many_tries 86"), "the phone's day is spent: {}", words[8]);
        for (phone, expected) in
            [("12345", "invalid_field"), ("", "invalid_field"), ("+8613900001234", "too_many_tries")]
        {
            let asked = world.ask_code(phone, Purpose::SignIn, &caller("192.0.0.1", None)).await;
            assert_eq!(word(&asked), expected, "{phone}");
        }
    }
}

#[tokio::test]
async fn strangers_cannot_spend_what_a_known_device_may_ask_for() {
    for world in worlds(Settings { codes_per_phone_day_max: 2, ..quick() }).await {
        world.customer(PHONE).await;
        let own = world.try_password(PHONE, PASSWORD, "192.0.2.1", None).await.unwrap().device_token;
        for at in 0..4 {
            let _ = world.ask_code(PHONE, Purpose::SignIn, &caller(&format!("198.51.100.{at}"), None)).await;
        }
        let stranger = world.ask_code(PHONE, Purpose::SignIn, &caller("198.51.100.77", None)).await;
        assert_eq!(word(&stranger), "too_many_tries");
        let owner = caller("192.0.2.1", Some(&own));
        assert_eq!(word(&world.ask_code(PHONE, Purpose::SignIn, &owner).await), "in");
    }
}

#[tokio::test]
async fn nobody_is_sent_a_code_where_nobody_is_known() {
    for world in worlds(quick()).await {
        world.customer(PHONE).await;
        let unknown = "13900009999";
        for purpose in [Purpose::SignIn, Purpose::ResetPassword] {
            let from = caller("192.0.2.1", None);
            let asked = world.ask_code(unknown, purpose, &from).await;
            assert_eq!(word(&asked), if purpose == Purpose::SignIn { "in" } else { "too_many_tries" });
        }
        world.pass(61);
        world.ask_code(unknown, Purpose::ResetPassword, &caller("192.0.2.1", None)).await.unwrap();
        // Tasks run in the order of their making: what would have been sent, was sent before this one.
        world.code(PHONE, Purpose::SignIn, "192.0.2.9").await;
        assert!(world.gateway.all().is_empty(), "{:?}", world.gateway.all());
        let (code, _) = world.code(unknown, Purpose::SignUp, "192.0.2.8").await;
        assert_eq!(code.len(), 6, "whoever signs up is unknown before");
    }
}
