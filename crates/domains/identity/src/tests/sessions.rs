//! How long a session lives, and that it dies at once.

use contracts::identity::{EndReason, Identity, PinCheck};

use super::world::{PASSWORD, PHONE, caller, quick, secret, word, worlds};
use crate::Settings;
use crate::service::{Identities, PasswordProof};

#[tokio::test]
async fn a_session_ends_by_rest_and_by_age() {
    let settings = Settings { session_idle_s: 600, session_whole_s: 3600, ..quick() };
    for world in worlds(settings).await {
        world.customer(PHONE).await;
        let sign_in = async || world.try_password(PHONE, PASSWORD, "192.0.2.1", None).await.unwrap().token;
        let token = sign_in().await;
        world.pass(599);
        assert!(world.session(&token).await.is_some(), "seen, so it lives on");
        world.pass(599);
        assert!(world.session(&token).await.is_some());
        world.pass(600);
        assert_eq!(world.session(&token).await, None, "rested too long");
        assert_eq!(world.session(&token).await, None, "looking does not wake it");
        let token = sign_in().await;
        for _ in 0..7 {
            world.pass(500);
            assert!(world.session(&token).await.is_some());
        }
        world.pass(100);
        assert_eq!(world.session(&token).await, None, "an hour is an hour");
        world.identities.write_last_seen().await.unwrap();
        assert_eq!(world.identities.sessions.count(), 0, "over ones are forgotten");
    }
}

#[tokio::test]
async fn sessions_survive_a_restart_with_the_time_they_were_last_seen() {
    for mut world in worlds(Settings { session_idle_s: 600, ..quick() }).await {
        world.customer(PHONE).await;
        let kept = world.try_password(PHONE, PASSWORD, "192.0.2.1", None).await.unwrap();
        let ended = world.try_password(PHONE, PASSWORD, "192.0.2.1", None).await.unwrap();
        let principal = ended.session.principal.clone();
        world.identities.end_session(&principal, ended.session.id, EndReason::Revoked).await.unwrap();
        world.pass(500);
        assert!(world.session(&kept.token).await.is_some());
        world.identities.write_last_seen().await.unwrap();
        world.pass(500);
        world.reopen().await;
        assert_eq!(world.session(&kept.token).await, Some(kept.session.clone()));
        assert_eq!(world.session(&ended.token).await, None);
        world.pass(600);
        world.reopen().await;
        assert_eq!(world.session(&kept.token).await, None);
    }
}

#[tokio::test]
async fn the_owner_sees_and_ends_own_sessions_and_nobody_elses() {
    for world in worlds(quick()).await {
        let customer = world.customer(PHONE).await;
        world.customer("13900005678").await;
        let first = world.try_password(PHONE, PASSWORD, "192.0.2.1", None).await.unwrap();
        world.pass(5);
        let second = world.try_password(PHONE, PASSWORD, "192.0.2.2", None).await.unwrap();
        let other = world.try_password("13900005678", PASSWORD, "192.0.2.3", None).await.unwrap();
        world.pass(5);
        world.session(&first.token).await.unwrap();
        let seen = world.identities.sessions_of(customer).await.unwrap();
        let ids: Vec<_> = seen.iter().map(|seen| seen.id).collect();
        assert_eq!(ids, [second.session.id, first.session.id], "the youngest first");
        assert_eq!(seen[1].last_seen_at, world.identities.clock.now());
        assert_eq!(seen[0].device_name, "Chrome · Windows");
        let me = first.session.principal.clone();
        let end = async |id| word(&world.identities.end_session(&me, id, EndReason::Revoked).await);
        assert_eq!(end(other.session.id).await, "not_found");
        assert_eq!(end(ids::SessionId::mint()).await, "not_found");
        assert_eq!(end(second.session.id).await, "in");
        assert_eq!(world.session(&second.token).await, None);
        assert_eq!(end(second.session.id).await, "not_found");
        assert!(world.session(&first.token).await.is_some() && world.session(&other.token).await.is_some());
        let news = world.announced("identity.session_revoked").await;
        assert_eq!(news.len(), 1);
        assert_eq!(
            (&news[0]["session"], &news[0]["reason"]),
            (&second.session.id.to_string().into(), &"revoked".into())
        );
    }
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    for world in worlds(quick()).await {
        let customer = world.customer(PHONE).await;
        let mine = world.try_password(PHONE, PASSWORD, "192.0.2.1", None).await.unwrap();
        let thief = world.try_password(PHONE, PASSWORD, "198.51.100.9", None).await.unwrap();
        let change = async |old: &str, new: &str| {
            let (old, new) = (secret(old), secret(new));
            let (proof, from) = (PasswordProof::Old(&old), caller("192.0.2.1", None));
            word(&world.identities.change_password(customer, &mine.session, proof, &new, &from).await)
        };
        assert_eq!(change("wrong", "Rain-on-monday-7").await, "password_wrong");
        for weak in ["short1", "password123", "tel-00001234"] {
            assert_eq!(change(PASSWORD, weak).await, "invalid_field", "{weak}");
        }
        assert!(world.session(&thief.token).await.is_some());
        assert_eq!(change(PASSWORD, "Rain-on-monday-7").await, "in");
        assert!(world.session(&mine.token).await.is_some());
        assert_eq!(world.session(&thief.token).await, None);
        for _ in 0..10 {
            assert_eq!(change("wrong", "Rain-on-monday-8").await, "password_wrong");
        }
        assert_eq!(
            change("Rain-on-monday-7", "Rain-on-monday-8").await,
            "too_many_tries",
            "a stolen session guesses"
        );
        assert_eq!(
            world.outcome(PHONE, "Rain-on-monday-7", "192.0.2.4").await,
            "in",
            "the owner is not held"
        );
    }
}

#[tokio::test]
async fn an_old_password_opens_nothing_while_it_is_being_changed() {
    for world in worlds(quick()).await {
        let customer = world.customer(PHONE).await;
        let mine = world.try_password(PHONE, PASSWORD, "192.0.2.1", None).await.unwrap();
        let racing = (0..20).map(|_| {
            let identities = std::sync::Arc::clone(&world.identities);
            tokio::spawn(async move {
                identities.sign_in(PHONE, &secret(PASSWORD), None, &caller("198.51.100.9", None)).await
            })
        });
        let racing: Vec<_> = racing.collect();
        let (old, new) = (secret(PASSWORD), secret("Rain-on-monday-7"));
        let (proof, from) = (PasswordProof::Old(&old), caller("192.0.2.1", None));
        world.identities.change_password(customer, &mine.session, proof, &new, &from).await.unwrap();
        for sign_in in racing {
            if let Ok(signed_in) = sign_in.await.unwrap() {
                assert_eq!(world.session(&signed_in.token).await, None, "{}", world.store.name);
            }
        }
        assert_eq!(world.identities.sessions_of(customer).await.unwrap().len(), 1);
        assert_eq!(world.number("SELECT COUNT(*) FROM identity_session WHERE ended_at IS NULL").await, 1);
    }
}

/// Two processes on one PostgreSQL: what one of them does to sessions and PINs holds in the other.
#[tokio::test]
async fn what_another_process_does_holds_here() {
    for world in worlds(quick()).await {
        if world.store.db.kind() == db::Kind::Sqlite {
            continue;
        }
        let other = world.another().await;
        let customer = world.customer(PHONE).await;
        let here = world.try_password(PHONE, PASSWORD, "192.0.2.1", None).await.unwrap();
        let session = async |identities: &Identities, token| identities.session(token).await.unwrap();
        assert!(session(&other, &here.token).await.is_some(), "opened there, known here");
        let me = here.session.principal.clone();
        let there = other.sign_in(PHONE, &secret(PASSWORD), None, &caller("192.0.2.2", None)).await.unwrap();
        assert_eq!(world.identities.sessions_of(customer).await.unwrap().len(), 2);
        assert!(session(&world.identities, &there.token).await.is_some());
        other.end_session(&me, there.session.id, EndReason::Revoked).await.unwrap();
        let began = std::time::Instant::now();
        while session(&world.identities, &there.token).await.is_some() {
            assert!(began.elapsed() < std::time::Duration::from_secs(1), "revoked within a second");
            tokio::task::yield_now().await;
        }
        // Wrong PINs are counted together, however they are spread; and a new PIN is the one everywhere.
        let pin = async |identities: &Identities, pin: &str| {
            identities.check(customer, &secret(pin)).await.map_err(|error| error.to_string()).unwrap()
        };
        let (password, new) = (secret(PASSWORD), secret("836251"));
        let set = world.identities.set_pin(customer, &here.session, &password, &new).await;
        set.map_err(|error| error.to_string()).unwrap();
        assert_eq!(pin(&other, "836251").await, PinCheck::Right);
        let tries = world.identities.settings.pin_tries_max;
        let mut guesses = Vec::new();
        for at in 0..tries + 3 {
            let identities = std::sync::Arc::clone(if at % 2 == 0 { &world.identities } else { &other });
            guesses.push(tokio::spawn(
                async move { identities.check(customer, &secret("111112")).await.is_ok() },
            ));
        }
        for guess in guesses {
            guess.await.unwrap();
        }
        for identities in [&world.identities, &other] {
            assert!(matches!(pin(identities, "836251").await, PinCheck::Locked { .. }));
        }
    }
}
