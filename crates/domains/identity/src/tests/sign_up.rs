//! Becoming a customer, once, whatever happens on the way.

use std::sync::Arc;

use contracts::customers::{Customers, Kyc};
use contracts::identity::Principal;
use ids::CustomerId;

use super::world::{PASSWORD, PHONE, World, applicant, caller, person, quick, secret, word, worlds};
use crate::model::code::Purpose;
use crate::service::Caller;

const ID: &str = "110101199003074477";

async fn apply(world: &World, phone: &str, code: &str, id_number: &str, from: &Caller) -> &'static str {
    word(&world.identities.sign_up(&applicant(phone, code, id_number), from).await)
}

#[tokio::test]
async fn a_newcomer_becomes_a_customer_and_is_signed_in() {
    for world in worlds(quick()).await {
        let (code, browser) = world.code(PHONE, Purpose::SignUp, "192.0.2.1").await;
        let signed_in = world.identities.sign_up(&applicant(PHONE, &code, ID), &browser).await.unwrap();
        let Principal::Customer(customer) = signed_in.session.principal else { panic!("not a customer") };
        assert_eq!(world.customers.by_phone(PHONE).await.unwrap(), Some(customer));
        assert_eq!(world.session(&signed_in.token).await, Some(signed_in.session.clone()));
        assert_eq!(world.outcome(PHONE, PASSWORD, "192.0.2.1").await, "in");
        let news = world.announced("identity.signed_up").await;
        assert_eq!((news.len(), news[0]["customer"].clone()), (1, customer.to_string().into()));
        let told = world.announced("identity.device_added").await;
        assert_eq!(told.len(), 1, "the later sign-in was from another device, the sign-up tells of none");
    }
}

#[tokio::test]
async fn the_same_request_again_means_the_same_customer() {
    for world in worlds(quick()).await {
        let (code, browser) = world.code(PHONE, Purpose::SignUp, "192.0.2.1").await;
        let first = world.identities.sign_up(&applicant(PHONE, &code, ID), &browser).await.unwrap();
        let again = world.identities.sign_up(&applicant(PHONE, &code, ID), &browser).await.unwrap();
        assert_eq!(first.session.principal, again.session.principal);
        assert_ne!(first.session.id, again.session.id);
        assert_eq!(world.customers.count(), 1);
        assert_eq!(world.announced("identity.signed_up").await.len(), 1);
        let mut other = applicant(PHONE, &code, ID);
        other.password = secret("Another-pass-1");
        let refused = world.identities.sign_up(&other, &browser).await;
        assert_eq!(word(&refused), "already_customer", "the password is not replaced");
        assert_eq!(apply(&world, PHONE, &code, "110101199105061239", &browser).await, "already_customer");
        assert_eq!(world.customers.count(), 1);
    }
}

#[tokio::test]
async fn two_at_once_with_one_code_make_one_customer() {
    for world in worlds(quick()).await {
        let (code, browser) = world.code(PHONE, Purpose::SignUp, "192.0.2.1").await;
        let tries = (0..4).map(|_| {
            let (identities, code, browser) = (Arc::clone(&world.identities), code.clone(), browser.clone());
            tokio::spawn(async move {
                identities
                    .sign_up(&applicant(PHONE, &code, ID), &browser)
                    .await
                    .map(|done| done.session.principal)
            })
        });
        let mut principals = Vec::new();
        for done in tries.collect::<Vec<_>>() {
            principals.push(done.await.unwrap().unwrap());
        }
        assert!(principals.iter().all(|principal| *principal == principals[0]), "{}", world.store.name);
        assert_eq!(world.customers.count(), 1);
        assert_eq!(world.number("SELECT COUNT(*) FROM identity_credential").await, 1);
        assert_eq!(world.announced("identity.signed_up").await.len(), 1);
    }
}

#[tokio::test]
async fn who_is_a_customer_is_told_only_to_one_who_proved_the_phone() {
    for world in worlds(quick()).await {
        world.customers.put(CustomerId::mint(), person("13900007777", ID));
        let stranger = caller("198.51.100.9", None);
        for (phone, id_number) in [(PHONE, ID), ("13900007777", ID), (PHONE, "110101201503071235")] {
            assert_eq!(apply(&world, phone, "000000", id_number, &stranger).await, "code_wrong");
        }
        let (code, browser) = world.code(PHONE, Purpose::SignUp, "192.0.2.1").await;
        for (id_number, expected) in [
            ("110101199003074470", "invalid_field"),
            ("110101201503071235", "too_young"),
            (ID, "already_customer"),
            ("110101199105061239", "in"),
        ] {
            assert_eq!(apply(&world, PHONE, &code, id_number, &browser).await, expected, "{id_number}");
        }
    }
}

#[tokio::test]
async fn one_code_does_not_search_the_register() {
    for world in worlds(quick()).await {
        world.customers.put(CustomerId::mint(), person("13900007777", ID));
        let (code, browser) = world.code(PHONE, Purpose::SignUp, "192.0.2.1").await;
        for _ in 0..5 {
            assert_eq!(apply(&world, PHONE, &code, ID, &browser).await, "already_customer");
        }
        assert_eq!(apply(&world, PHONE, &code, ID, &browser).await, "code_wrong");
    }
}

#[tokio::test]
async fn a_taken_phone_is_refused_and_a_customer_without_credentials_is_taken_in() {
    for world in worlds(quick()).await {
        // Somebody else's phone.
        world.customers.put(CustomerId::mint(), person(PHONE, "110101198001011239"));
        let (code, browser) = world.code(PHONE, Purpose::SignUp, "192.0.2.1").await;
        assert_eq!(apply(&world, PHONE, &code, ID, &browser).await, "phone_taken");
        // Known to the bank from a branch, or left by a sign-up that was cut off between its two steps.
        let known = CustomerId::mint();
        let profile = person("13900005678", ID);
        world.customers.register(known, profile, Kyc::Verified).await.unwrap();
        let (code, browser) = world.code("13900005678", Purpose::SignUp, "192.0.2.2").await;
        let done = world.identities.sign_up(&applicant("13900005678", &code, ID), &browser).await.unwrap();
        assert_eq!(done.session.principal, Principal::Customer(known));
        assert_eq!(world.customers.count(), 2);
        // Signed up, and trying again a day later.
        world.pass(24 * 3600 + 1);
        let (code, browser) = world.code("13900005678", Purpose::SignUp, "192.0.2.2").await;
        assert_eq!(apply(&world, "13900005678", &code, ID, &browser).await, "already_customer");
    }
}

#[tokio::test]
async fn a_malformed_application_is_refused_before_its_code_is_looked_at() {
    for world in worlds(quick()).await {
        let (code, browser) = world.code(PHONE, Purpose::SignUp, "192.0.2.1").await;
        let good = || applicant(PHONE, &code, ID);
        let mut bad = [good(), good(), good(), good(), good(), good(), good()];
        bad[0].phone = "1390000123".into();
        bad[1].name = "  ".into();
        bad[2].name = "名".repeat(61);
        bad[3].id_number = "1234".into();
        bad[4].password = secret("password123");
        bad[5].password = secret("xx00001234xx");
        bad[6].password = secret("xx-03074477-xx");
        let fields = ["phone", "name", "name", "id_number", "password", "password", "password"];
        for (application, field) in bad.iter().zip(fields) {
            let refused = world.identities.sign_up(application, &browser).await.err().unwrap();
            let consequence = http::Refusal::consequence(&refused);
            assert_eq!((consequence.status, consequence.code), (422, "invalid_field"));
            assert_eq!(consequence.fields, [("field", field.into())]);
        }
        assert_eq!(word(&world.identities.sign_up(&good(), &browser).await), "in", "no try was spent");
    }
}
