//! Payment PINs: tries, locks, restarts, and that a right one writes nothing.

use std::sync::Arc;

use contracts::identity::{Enrollment, Identity, PinCheck};
use ids::CustomerId;

use super::world::{PASSWORD, PHONE, PIN, World, quick, secret, word, worlds};

async fn check(world: &World, customer: CustomerId, pin: &str) -> String {
    match world.identities.check_pin(customer, &secret(pin)).await.unwrap() {
        PinCheck::Right => "right".into(),
        PinCheck::Wrong { tries_left } => format!("wrong {tries_left}"),
        PinCheck::Locked { until } => {
            format!("locked {}", crate::model::seconds_until(world.identities.clock.now(), until))
        }
        PinCheck::NotSet => "not set".into(),
    }
}

#[tokio::test]
async fn five_wrong_ones_lock_and_each_lock_is_longer() {
    for mut world in worlds(quick()).await {
        let customer = world.customer(PHONE).await;
        let other = world.customer("13900005678").await;
        assert_eq!(check(&world, customer, PIN).await, "right");
        assert_eq!(check(&world, customer, "000000").await, "wrong 4");
        assert_eq!(check(&world, customer, "").await, "wrong 3");
        assert_eq!(check(&world, customer, PIN).await, "right");
        for expected in ["wrong 4", "wrong 3", "wrong 2"] {
            assert_eq!(check(&world, customer, "000000").await, expected);
        }
        world.reopen().await;
        for expected in ["wrong 1", "locked 900", "locked 900"] {
            assert_eq!(check(&world, customer, "000000").await, expected, "counted across a restart");
        }
        assert_eq!(check(&world, customer, PIN).await, "locked 900", "even the right one");
        assert_eq!(check(&world, other, PIN).await, "right", "nobody else");
        world.pass(899);
        world.reopen().await;
        assert_eq!(check(&world, customer, PIN).await, "locked 1");
        world.pass(1);
        for expected in ["wrong 4", "wrong 3", "wrong 2", "wrong 1", "locked 1800"] {
            assert_eq!(check(&world, customer, "000000").await, expected);
        }
        world.pass(1800);
        assert_eq!(check(&world, customer, PIN).await, "right");
        assert_eq!(
            world.announced("identity.locked").await.iter().filter(|news| news["pin"] == true).count(),
            2
        );
        assert_eq!(check(&world, CustomerId::mint(), PIN).await, "not set");
    }
}

#[tokio::test]
async fn a_thousand_guesses_at_once_are_five() {
    for world in worlds(quick()).await {
        let customer = world.customer(PHONE).await;
        assert_eq!(check(&world, customer, PIN).await, "right");
        let guesses: Vec<_> = (0..1000)
            .map(|at| {
                let identities = Arc::clone(&world.identities);
                let pin = if at >= 500 { secret(PIN) } else { secret(&format!("{at:06}")) };
                tokio::spawn(async move { identities.check_pin(customer, &pin).await.unwrap() })
            })
            .collect();
        let (mut wrong, mut right) = (0, 0);
        for guess in guesses {
            match guess.await.unwrap() {
                PinCheck::Wrong { .. } => wrong += 1,
                PinCheck::Right => right += 1,
                _ => {}
            }
        }
        assert_eq!(
            (wrong, right),
            (4, 0),
            "{}: the fifth locks before any right one comes",
            world.store.name
        );
        assert_eq!(world.number("SELECT pin_count FROM identity_credential").await, 5);
    }
}

#[tokio::test]
async fn a_right_pin_writes_nothing() {
    for world in worlds(quick()).await {
        let customer = world.customer(PHONE).await;
        let before = world.number("SELECT pin_version FROM identity_credential").await;
        for _ in 0..100 {
            assert_eq!(check(&world, customer, PIN).await, "right");
        }
        assert_eq!(world.number("SELECT pin_version FROM identity_credential").await, before);
        if world.store.db.kind() == db::Kind::Postgres {
            // Another process may have changed it: it is read.
            continue;
        }
        world.store.db.close().await;
        assert_eq!(check(&world, customer, PIN).await, "right", "not even the store is needed");
        let counted = world.identities.check_pin(customer, &secret("000000")).await;
        assert!(counted.is_err(), "a wrong one that cannot be counted is not answered");
        assert!(world.identities.check_pin(customer, &secret(PIN)).await.is_err(), "and is not forgotten");
    }
}

#[tokio::test]
async fn a_pin_is_set_with_the_password_and_not_too_simple() {
    for mut world in worlds(quick()).await {
        let customer = world.customer(PHONE).await;
        let session = world.try_password(PHONE, PASSWORD, "192.0.2.1", None).await.unwrap().session;
        for _ in 0..5 {
            check(&world, customer, "000000").await;
        }
        for (password, pin, expected) in [
            ("wrong", "482915", "password_wrong"),
            (PASSWORD, "123456", "invalid_field"),
            (PASSWORD, "900300", "invalid_field"),
            (PASSWORD, "48291", "invalid_field"),
        ] {
            let set = world.identities.set_pin(customer, &session, &secret(password), &secret(pin)).await;
            assert_eq!(word(&set), expected, "{pin}");
        }
        assert_eq!(check(&world, customer, PIN).await, "locked 900");
        let set = world.identities.set_pin(customer, &session, &secret(PASSWORD), &secret("482915")).await;
        assert_eq!(word(&set), "in");
        for _ in 0..2 {
            assert_eq!(check(&world, customer, "482915").await, "right", "the lock ended with the old PIN");
            assert_eq!(check(&world, customer, PIN).await, "wrong 4");
            assert_eq!(check(&world, customer, "482915").await, "right");
            world.reopen().await;
        }
        let again = Enrollment {
            customer,
            sign_in_name: PHONE.into(),
            password: secret("Migrated-2026"),
            pin: secret("739151"),
        };
        world.identities.enroll_many(vec![again]).await.unwrap();
        assert_eq!(check(&world, customer, "739151").await, "right", "taken over anew");
        assert_eq!(world.outcome(PHONE, "Migrated-2026", "192.0.2.1").await, "in");
    }
}

#[tokio::test]
async fn thousands_are_enrolled_at_once() {
    for world in worlds(quick()).await {
        let enrollments: Vec<Enrollment> = (0..3000)
            .map(|at| Enrollment {
                customer: CustomerId::mint(),
                sign_in_name: format!("138{at:08}"),
                password: secret(if at % 2 == 0 { PASSWORD } else { "Rain-on-monday-7" }),
                pin: secret(&format!("{:06}", 100_000 + at)),
            })
            .collect();
        let last = enrollments.last().unwrap().customer;
        world.identities.enroll_many(enrollments).await.unwrap();
        assert_eq!(world.number("SELECT COUNT(*) FROM identity_credential").await, 3000);
        assert_eq!(world.number("SELECT COUNT(DISTINCT password) FROM identity_credential").await, 2);
        assert_eq!(world.number("SELECT COUNT(DISTINCT pin_verifier) FROM identity_credential").await, 3000);
        assert_eq!(world.outcome("13800002999", "Rain-on-monday-7", "192.0.2.1").await, "in");
        assert_eq!(check(&world, last, "102999").await, "right");
    }
}
