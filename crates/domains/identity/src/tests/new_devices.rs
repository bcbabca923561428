//! Signing in on a device that never signed the customer in before takes two factors.

use contracts::customers::Profile;
use contracts::identity::{Assurance, Enrollment, Identity};

use super::world::{PASSWORD, PHONE, PIN, World, caller, person, quick, secret, word, worlds};
use crate::Settings;
use crate::error::Refused;
use crate::model::code::Purpose;
use crate::model::door::Because;
use crate::service::{Beside, Caller, SignedIn};

/// Somebody at a device: with the cookie that the bank gave it for asking for a code.
struct Device<'a> {
    world: &'a World,
    caller: Caller,
}

impl<'a> Device<'a> {
    fn new(world: &'a World, address: &str) -> Self {
        Self { world, caller: caller(address, None) }
    }

    /// Has a code sent; the device keeps the cookie that it gets.
    async fn code(&mut self, phone: &str) -> String {
        let cookie = self.world.ask_code(phone, Purpose::SignIn, &self.caller).await.unwrap();
        self.caller.device = Some(cookie);
        self.world.gateway.code(phone).await
    }

    async fn enter(&mut self, password: &str, code: Option<&str>) -> Result<SignedIn, Refused> {
        let (password, code) = (secret(password), code.map(secret));
        let beside = code.as_ref().map(Beside::Code);
        let entered = self.world.identities.sign_in(PHONE, &password, beside, &self.caller).await;
        if let Ok(entered) = &entered {
            self.caller.device = Some(entered.device_token.clone());
        }
        entered
    }

    async fn with_code(&self, phone: &str, code: &str) -> Result<SignedIn, Refused> {
        self.world.identities.sign_in_with_code(phone, &secret(code), &self.caller).await
    }
}

fn careful() -> Settings {
    Settings { new_device_two_factors: true, ..quick() }
}

#[tokio::test]
async fn one_factor_opens_nothing_on_a_new_device_and_two_do() {
    for world in worlds(careful()).await {
        world.customer(PHONE).await;
        let mut own = Device::new(&world, "192.0.2.1");
        assert_eq!(word(&own.enter(PASSWORD, None).await), "sign_in_more_needed");
        assert_eq!(word(&own.enter("wrong", None).await), "sign_in_refused");
        let code = own.code(PHONE).await;
        assert_eq!(word(&own.with_code(PHONE, &code).await), "sign_in_more_needed");
        assert_eq!(
            word(&own.with_code("13900009999", "123456").await),
            "sign_in_more_needed",
            "nobody's phone"
        );
        assert_eq!(word(&own.enter("wrong", Some(&code)).await), "sign_in_refused");
        let wrong = if code == "000000" { "111111" } else { "000000" };
        assert_eq!(word(&own.enter(PASSWORD, Some(wrong)).await), "code_wrong");
        let entered = own.enter(PASSWORD, Some(&code)).await.unwrap();
        assert_eq!(entered.session.assurance, Assurance::TwoFactor);
        assert_eq!(word(&own.enter(PASSWORD, Some(&code)).await), "code_wrong", "a code is good once");

        // From now on the device is known: one factor is enough, whichever.
        let again = own.enter(PASSWORD, None).await.unwrap();
        assert_eq!(again.session.assurance, Assurance::OneFactor);
        world.pass(61);
        let code = own.code(PHONE).await;
        assert_eq!(word(&own.with_code(PHONE, &code).await), "in");
        // Its cookie elsewhere is not the device: there the key is another.
        let key = Some(dpop::testing::Device::new().thumbprint());
        own.caller.device_key = key;
        assert_eq!(word(&own.enter(PASSWORD, None).await), "in", "it had no key, and has one from now on");
        let mut copied = Device { world: &world, caller: own.caller.clone() };
        for key in [None, Some(dpop::testing::Device::new().thumbprint())] {
            copied.caller.device_key = key;
            assert_eq!(word(&copied.enter(PASSWORD, None).await), "sign_in_more_needed");
        }
        assert_eq!(word(&own.enter(PASSWORD, None).await), "in");
        // Another device is new all the same, be it at the same address.
        let mut other = Device::new(&world, "192.0.2.1");
        assert_eq!(word(&other.enter(PASSWORD, None).await), "sign_in_more_needed");
    }
}

#[tokio::test]
async fn a_known_device_that_is_another_kind_of_machine_now_takes_two() {
    for world in worlds(careful()).await {
        world.customer(PHONE).await;
        let mut own = Device::new(&world, "192.0.2.1");
        let code = own.code(PHONE).await;
        own.enter(PASSWORD, Some(&code)).await.unwrap();
        for (name, because) in [
            ("Edge · Windows", None),
            ("Windows", None),
            ("", None),
            ("WeChat", None),
            ("Safari · iPhone", Some(Because::Machine)),
            ("Chrome · Linux", Some(Because::Machine)),
            ("Chrome · Windows", None),
        ] {
            own.caller.device_name = name.to_owned();
            let entered = own.enter(PASSWORD, None).await;
            let asked = match &entered {
                Err(Refused::MoreNeeded(wanted)) => Some(wanted.because),
                _ => None,
            };
            assert_eq!(
                (asked, entered.is_ok()),
                (because, because.is_none()),
                "{name}, {}",
                world.store.name
            );
        }
        // Whoever proves two has it known as what it is now, and the desk's view of it is the same machine.
        own.caller.device_name = "Safari · iPad".to_owned();
        world.pass(61);
        let code = own.code(PHONE).await;
        assert_eq!(word(&own.with_code(PHONE, &code).await), "sign_in_more_needed");
        own.enter(PASSWORD, Some(&code)).await.unwrap();
        own.caller.device_name = "Safari · macOS".to_owned();
        assert_eq!(word(&own.enter(PASSWORD, None).await), "in");
        own.caller.device_name = "Chrome · Windows".to_owned();
        assert_eq!(word(&own.enter(PASSWORD, None).await), "sign_in_more_needed", "{}", world.store.name);
    }
}

#[tokio::test]
async fn a_right_password_that_is_not_enough_counts_as_no_wrong_one_and_is_seen() {
    for world in worlds(Settings { tries_stranger_max: 3, ..careful() }).await {
        let customer = world.customer(PHONE).await;
        let mut device = Device::new(&world, "198.51.100.7");
        for _ in 0..6 {
            assert_eq!(word(&device.enter(PASSWORD, None).await), "sign_in_more_needed");
        }
        let (seen, _) = world.identities.sign_ins_of(customer, None).await.unwrap();
        assert!(seen.iter().all(|row| row.refused), "{}", seen.len());
        assert_eq!(seen.len(), 6, "their owner sees that somebody has the password");
    }
}

#[tokio::test]
async fn whoever_has_no_phone_to_be_sent_a_code_to_is_not_shut_out() {
    for world in worlds(careful()).await {
        let customer = world.customer(PHONE).await;
        let number = Enrollment {
            customer,
            sign_in_name: "88001234".to_owned(),
            password: secret(PASSWORD),
            pin: secret(PIN),
        };
        world.identities.enroll_many(vec![number]).await.unwrap();
        let known = person(PHONE, "110101199003099991");
        let Profile::Person(mut without) = known.clone() else { panic!("a person") };
        without.phone = None;
        world.customers.put(customer, Profile::Person(without));
        let there = caller("192.0.2.3", None);
        let entered = world.identities.sign_in("88001234", &secret(PASSWORD), None, &there).await;
        assert_eq!(word(&entered), "in");
        // With a phone it is no way around: the number of the customer is a name like another.
        world.customers.put(customer, known);
        let there = caller("192.0.2.4", None);
        let entered = world.identities.sign_in("88001234", &secret(PASSWORD), None, &there).await;
        assert_eq!(word(&entered), "sign_in_more_needed");
    }
}
