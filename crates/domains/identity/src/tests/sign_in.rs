//! Signing in: every combination of name and password.

use contracts::identity::{Assurance, Channel, Principal};
use contracts::messages::{Content, Language};

use super::world::{PASSWORD, PHONE, caller, quick, secret, worlds};

#[tokio::test]
async fn only_the_right_password_of_an_existing_name_signs_in() {
    let settings = crate::Settings { tries_stranger_max: 100, ..quick() };
    for world in worlds(settings).await {
        let customer = world.customer(PHONE).await;
        world.customer("c0001").await;
        for (name, password, expected) in [
            (PHONE, PASSWORD, "in"),
            ("+86 139 0000 1234", PASSWORD, "in"),
            ("C0001", PASSWORD, "in"),
            (PHONE, "tea-at-4-oclock", "sign_in_refused"),
            (PHONE, "", "sign_in_refused"),
            (PHONE, &"x".repeat(100_000), "sign_in_refused"),
            ("13900009999", PASSWORD, "sign_in_refused"),
            ("", PASSWORD, "sign_in_refused"),
            ("' OR 1=1 --", PASSWORD, "sign_in_refused"),
            (&"1".repeat(100_000), PASSWORD, "sign_in_refused"),
        ] {
            let shown: String = name.chars().take(20).collect();
            assert_eq!(
                world.outcome(name, password, "192.0.2.1").await,
                expected,
                "{} {shown}",
                world.store.name
            );
        }
        let signed_in = world.try_password(PHONE, PASSWORD, "192.0.2.1", None).await.unwrap();
        let session = world.session(&signed_in.token).await.unwrap();
        assert_eq!(session, signed_in.session);
        assert_eq!(session.principal, Principal::Customer(customer));
        assert_eq!((session.channel, session.assurance), (Channel::Web, Assurance::OneFactor));
        for token in ["", "x", &"A".repeat(43), &signed_in.token.expose().to_lowercase()] {
            assert_eq!(world.session(&secret(token)).await, None);
        }
    }
}

#[tokio::test]
async fn an_unknown_name_is_treated_like_a_known_one() {
    for world in worlds(quick()).await {
        world.customer(PHONE).await;
        let mut answers = Vec::new();
        for name in [PHONE, "13900009999"] {
            let mut seen = Vec::new();
            for second in [0, 0, 0, 0, 0, 0, 30, 31, 0] {
                world.pass(second);
                let refused = world.try_password(name, "wrong", "192.0.2.1", None).await.err().unwrap();
                let consequence = http::Refusal::consequence(&refused);
                seen.push((consequence.status, consequence.code, consequence.zh, consequence.retry_after_s));
            }
            answers.push(seen);
        }
        assert_eq!(answers[0], answers[1], "{}", world.store.name);
        assert_eq!(answers[0][5].1, "too_many_tries");
        assert_eq!(answers[0][7].1, "sign_in_refused", "the hold ends");
    }
}

#[tokio::test]
async fn the_owner_hears_of_a_new_device_once() {
    for world in worlds(quick()).await {
        world.customer(PHONE).await;
        let first = world.try_password(PHONE, PASSWORD, "192.0.2.1", None).await.unwrap();
        let mut english = caller("192.0.2.2", None);
        (english.language, english.device_name) = (Language::English, String::new());
        world.identities.sign_in(PHONE, &secret(PASSWORD), None, &english).await.unwrap();
        world.try_password(PHONE, PASSWORD, "192.0.2.3", Some(&first.device_token)).await.unwrap();
        let reaction = crate::reactions::ways_in(std::sync::Arc::clone(&world.identities));
        let events = db::outbox::waiting(&world.store.db, None, 100).await.unwrap();
        let events: Vec<_> =
            events.into_iter().filter(|event| reaction.topics.contains(&event.topic.as_str())).collect();
        reaction.react.react(&events).await.unwrap();
        let sent = world.gateway.all();
        let said: Vec<_> =
            sent.iter().map(|message| (message.to.as_str(), &message.content, message.language)).collect();
        let device = |name: &str| Content::NewDevice { device: name.to_owned() };
        assert_eq!(
            said,
            [
                (PHONE, &device("Chrome · Windows"), Language::Chinese),
                (PHONE, &device("unknown device"), Language::English)
            ]
        );
        reaction.react.react(&events).await.unwrap();
        let again = world.gateway.all();
        assert!(again[2..].iter().zip(&sent).all(|(again, sent)| again.id == sent.id), "the same ids again");
    }
}

#[tokio::test]
async fn a_planted_device_cookie_is_replaced() {
    for world in worlds(quick()).await {
        world.customer(PHONE).await;
        let planted = secret(&"P".repeat(43));
        let signed_in = world.try_password(PHONE, PASSWORD, "192.0.2.1", Some(&planted)).await.unwrap();
        assert_ne!(signed_in.device_token, planted);
        let own = signed_in.device_token;
        let again = world.try_password(PHONE, PASSWORD, "192.0.2.1", Some(&own)).await.unwrap();
        assert_eq!(again.device_token, own);
        assert_eq!(again.session.device, signed_in.session.device);
    }
}
