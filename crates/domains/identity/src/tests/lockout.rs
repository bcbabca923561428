//! Too many wrong passwords hold the guesser, never the owner.

use std::sync::Arc;

use super::world::{PASSWORD, PHONE, caller, quick, secret, word, worlds};
use crate::Settings;
use crate::model::code::Purpose;

#[tokio::test]
async fn a_stranger_who_guesses_is_held_and_the_owner_is_not() {
    for world in worlds(quick()).await {
        let customer = world.customer(PHONE).await;
        let owner = world.try_password(PHONE, PASSWORD, "192.0.2.1", None).await.unwrap().device_token;
        for _ in 0..5 {
            assert_eq!(world.outcome(PHONE, "guess", "198.51.100.9").await, "sign_in_refused");
        }
        for (what, answer, expected) in [
            (
                "the guesser, guessing on",
                world.outcome(PHONE, "guess", "198.51.100.9").await,
                "too_many_tries",
            ),
            (
                "the guesser, at last right",
                world.outcome(PHONE, PASSWORD, "198.51.100.9").await,
                "too_many_tries",
            ),
            ("the owner at home", world.outcome_on(PHONE, PASSWORD, "192.0.2.1", &owner).await, "in"),
            (
                "the owner beside the guesser",
                world.outcome_on(PHONE, PASSWORD, "198.51.100.9", &owner).await,
                "in",
            ),
            ("the owner elsewhere, new device", world.outcome(PHONE, PASSWORD, "192.0.2.77").await, "in"),
            (
                "somebody else beside the guesser",
                world.outcome("13900005678", "x", "198.51.100.9").await,
                "sign_in_refused",
            ),
        ] {
            assert_eq!(answer, expected, "{} {what}", world.store.name);
        }
        let locked = world.announced("identity.locked").await;
        assert_eq!(locked.len(), 1);
        assert_eq!(locked[0]["customer"], customer.to_string());
        world.pass(61);
        assert_eq!(world.outcome(PHONE, PASSWORD, "198.51.100.9").await, "in", "the hold ends");
    }
}

#[tokio::test]
async fn guesses_from_everywhere_hold_strangers_and_leave_the_owner_two_ways() {
    for world in worlds(Settings { tries_name_hour_max: 8, hold_s: 600, ..quick() }).await {
        world.customer(PHONE).await;
        let owner = world.try_password(PHONE, PASSWORD, "192.0.2.1", None).await.unwrap().device_token;
        for at in 0..8 {
            assert_eq!(world.outcome(PHONE, "guess", &format!("198.51.100.{at}")).await, "sign_in_refused");
        }
        assert_eq!(world.outcome(PHONE, "guess", "198.51.100.99").await, "too_many_tries");
        assert_eq!(world.outcome_on(PHONE, PASSWORD, "192.0.2.1", &owner).await, "in", "a known device");
        assert_eq!(world.outcome(PHONE, PASSWORD, "192.0.2.50").await, "too_many_tries", "a new device");
        let (code, browser) = world.code(PHONE, Purpose::SignIn, "192.0.2.50").await;
        let by_code = world.identities.sign_in_with_code(PHONE, &secret(&code), &browser).await;
        assert_eq!(word(&by_code), "in", "a new device with a code");
        let device = by_code.unwrap().device_token;
        assert_eq!(world.outcome_on(PHONE, PASSWORD, "192.0.2.50", &device).await, "in", "it is known now");
    }
}

#[tokio::test]
async fn a_device_known_to_one_customer_is_a_stranger_to_another() {
    for world in worlds(quick()).await {
        world.customer(PHONE).await;
        world.customer("13900005678").await;
        let mine =
            world.try_password("13900005678", PASSWORD, "198.51.100.9", None).await.unwrap().device_token;
        for _ in 0..5 {
            assert_eq!(world.outcome_on(PHONE, "guess", "198.51.100.9", &mine).await, "sign_in_refused");
        }
        assert_eq!(world.outcome_on(PHONE, "guess", "198.51.100.9", &mine).await, "too_many_tries");
        for at in 0..60 {
            // A made-up cookie buys no further tries.
            let invented = secret(&format!("{at:0>43}"));
            assert_eq!(world.outcome_on(PHONE, "guess", "198.51.100.9", &invented).await, "too_many_tries");
        }
        assert_eq!(world.outcome_on("13900005678", PASSWORD, "198.51.100.9", &mine).await, "in");
    }
}

#[tokio::test]
async fn a_known_device_has_tries_of_its_own_and_they_end_too() {
    for world in worlds(quick()).await {
        world.customer(PHONE).await;
        let stolen = world.try_password(PHONE, PASSWORD, "192.0.2.1", None).await.unwrap().device_token;
        let other = world.try_password(PHONE, PASSWORD, "192.0.2.2", None).await.unwrap().device_token;
        for _ in 0..9 {
            assert_eq!(world.outcome_on(PHONE, "guess", "192.0.2.1", &stolen).await, "sign_in_refused");
        }
        assert_eq!(world.outcome_on(PHONE, PASSWORD, "192.0.2.1", &stolen).await, "in", "a right one clears");
        for _ in 0..10 {
            assert_eq!(world.outcome_on(PHONE, "guess", "192.0.2.1", &stolen).await, "sign_in_refused");
        }
        assert_eq!(world.outcome_on(PHONE, PASSWORD, "192.0.2.1", &stolen).await, "too_many_tries");
        assert_eq!(world.outcome_on(PHONE, PASSWORD, "192.0.2.2", &other).await, "in", "the other device");
    }
}

#[tokio::test]
async fn one_address_may_not_try_all_names() {
    for world in worlds(Settings { tries_address_max: 20, ..quick() }).await {
        world.customer(PHONE).await;
        for at in 0..20 {
            assert_eq!(
                world.outcome(&format!("1390001{at:04}"), "guess", "198.51.100.9").await,
                "sign_in_refused"
            );
        }
        assert_eq!(world.outcome(PHONE, PASSWORD, "198.51.100.9").await, "too_many_tries");
        assert_eq!(world.outcome(PHONE, PASSWORD, "192.0.2.1").await, "in");
        // Right ones are given back: an office behind one address signs in all day.
        for at in 0..50 {
            assert_eq!(world.outcome(PHONE, PASSWORD, "203.0.113.5").await, "in", "{at}");
        }
    }
}

#[tokio::test]
async fn guesses_at_once_count_like_guesses_in_a_row() {
    for world in worlds(quick()).await {
        world.customer(PHONE).await;
        let identities = Arc::clone(&world.identities);
        let guesses = (0..40).map(|at| {
            let identities = Arc::clone(&identities);
            tokio::spawn(async move {
                let password = if at == 39 { PASSWORD.to_owned() } else { format!("guess {at}") };
                word(
                    &identities.sign_in(PHONE, &secret(&password), None, &caller("198.51.100.9", None)).await,
                )
            })
        });
        let mut checked = 0;
        for guess in guesses.collect::<Vec<_>>() {
            checked += u32::from(guess.await.unwrap() != "too_many_tries");
        }
        assert_eq!(checked, 5, "{}", world.store.name);
    }
}

#[tokio::test]
async fn holds_survive_a_restart() {
    for mut world in worlds(quick()).await {
        world.customer(PHONE).await;
        for _ in 0..5 {
            world.outcome(PHONE, "guess", "198.51.100.9").await;
        }
        world.reopen().await;
        assert_eq!(world.outcome(PHONE, PASSWORD, "198.51.100.9").await, "too_many_tries");
        crate::jobs::tidy(&world.identities).await.unwrap();
        assert_eq!(
            world.outcome(PHONE, PASSWORD, "198.51.100.9").await,
            "too_many_tries",
            "tidying keeps holds"
        );
        world.pass(9 * 24 * 3600);
        crate::jobs::tidy(&world.identities).await.unwrap();
        assert_eq!(world.number("SELECT COUNT(*) FROM identity_tries").await, 0);
    }
}
