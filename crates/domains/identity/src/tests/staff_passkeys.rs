//! Staff register a passkey with a code, sign in with it, and lose both when they are enrolled again.

use contracts::identity::{
    Assurance, Channel, EndReason, Identity, Principal, Role, SESSION_REVOKED, STAFF_ENROLLED, Session,
};
use ids::StaffId;
use secrecy::Secret;
use serde_json::{Value, json};
use webauthn::testing::Authenticator;

use super::passkeys::{PAGE, browser, made, signed};
use super::world::{PHONE, World, caller, quick, secret, word, worlds};
use crate::Settings;
use crate::error::{Refused, Way};
use crate::model::method::Method;
use crate::service::{NewStaff, SignedIn, StaffEntry};
use crate::store;

const ADDRESS: &str = "192.0.2.1";
const DAY_S: u64 = 24 * 3600;

/// Staff of a bank in which nobody has a password.
fn keyed() -> Settings {
    Settings { staff_passwords: false, ..quick() }
}

impl World {
    async fn hire(&self, name: &str) -> (StaffId, Secret<String>) {
        let new = NewStaff { name: name.to_owned(), role: Role::Operator };
        let (row, given) = self.identities.add_staff(StaffId::mint(), &new).await.unwrap();
        (row.id, given.code)
    }

    async fn enrolling(&self, name: &str, code: &Secret<String>, address: &str) -> Result<Value, Refused> {
        Ok(json!(self.identities.begin_enrollment(name, code, &browser(address)).await?))
    }

    async fn register(
        &self,
        name: &str,
        code: &Secret<String>,
        device: &mut Authenticator,
    ) -> Result<SignedIn, Refused> {
        let answer = device.create(&self.enrolling(name, code, ADDRESS).await?);
        self.identities.enroll(name, code, &made(answer), &browser(ADDRESS)).await
    }

    fn asked_at_console(&self) -> Value {
        json!(self.identities.begin_staff_passkey_sign_in(&browser(ADDRESS)).unwrap())
    }

    async fn at_console(&self, answer: Value) -> Result<SignedIn, Refused> {
        self.identities.staff_sign_in_with_passkey(&signed(answer), &browser(ADDRESS)).await
    }

    /// How everybody comes in, by name.
    async fn entries(&self) -> Vec<StaffEntry> {
        self.identities.staff().await.unwrap().iter().map(|seen| seen.entry).collect()
    }
}

#[tokio::test]
async fn a_code_makes_a_passkey_and_the_passkey_signs_in() {
    for mut world in worlds(keyed()).await {
        let (id, code) = world.hire("li.wei").await;
        assert!(matches!(world.entries().await[..], [StaffEntry::Code(_)]));
        let options = world.enrolling(" Li.Wei", &code, ADDRESS).await.unwrap();
        assert_eq!(options["user"]["name"], "li.wei");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");

        let mut device = Authenticator::new(PAGE);
        let first = world.register("li.wei", &code, &mut device).await.unwrap();
        assert_eq!(first.session.principal, Principal::Staff(id, Role::Operator));
        assert_eq!(
            (first.session.channel, first.session.assurance),
            (Channel::Console, Assurance::TwoFactor)
        );
        assert_eq!(world.entries().await, [StaffEntry::Passkey]);
        assert_eq!(world.number("SELECT COUNT(*) FROM identity_staff_enrollment").await, 0);

        world.reopen().await;
        assert_eq!(world.session(&first.token).await, Some(first.session));
        let again = world.at_console(device.get(&world.asked_at_console())).await.unwrap();
        assert_eq!(again.session.principal, Principal::Staff(id, Role::Operator));
        assert_eq!(
            (again.session.channel, again.session.assurance),
            (Channel::Console, Assurance::TwoFactor)
        );
        let seen = store::sign_ins_of(world.store.db.reader(), id.to_bytes(), None, 9).await.unwrap();
        let seen: Vec<_> = seen.iter().map(|row| (row.method, row.refused)).collect();
        assert_eq!(seen, [(Method::Passkey, false), (Method::Enrollment, false)]);
    }
}

#[tokio::test]
async fn a_code_that_is_wrong_old_used_or_anothers_is_refused_in_one_word() {
    for world in worlds(keyed()).await {
        let (id, code) = world.hire("li.wei").await;
        let (_, other) = world.hire("wang.fang").await;
        let wrong = secret("00000-00000-00000-00000");
        let tried = async |name: &str, code: &Secret<String>| {
            // From elsewhere each time, so that no try is held for those before it.
            word(&world.enrolling(name, code, &format!("198.51.100.{}", rand::random::<u8>())).await)
        };
        for (name, code, came) in [
            ("li.wei", &wrong, "enrollment_refused"),
            ("li.wei", &secret(""), "enrollment_refused"),
            ("li.wei", &other, "enrollment_refused"),
            ("nobody", &code, "enrollment_refused"),
            ("", &code, "enrollment_refused"),
            ("li.wei", &secret(&code.expose().to_lowercase().replace('-', " ")), "in"),
            ("wang.fang", &other, "in"),
        ] {
            assert_eq!(tried(name, code).await, came, "{name}");
        }
        // What is made for one is not another's: the challenge is bound to who enrolls.
        let mut device = Authenticator::new(PAGE);
        let answer = made(device.create(&world.enrolling("wang.fang", &other, ADDRESS).await.unwrap()));
        let refused = world.identities.enroll("li.wei", &code, &answer, &browser(ADDRESS)).await;
        assert_eq!(word(&refused), "passkey_challenge");

        let mut device = Authenticator::new(PAGE);
        world.register("li.wei", &code, &mut device).await.unwrap();
        assert_eq!(tried("li.wei", &code).await, "enrollment_refused", "it was used");
        world.pass(DAY_S);
        assert_eq!(tried("wang.fang", &other).await, "enrollment_refused", "it is too old");
        assert_eq!(world.entries().await, [StaffEntry::Passkey, StaffEntry::None]);
        crate::jobs::tidy(&world.identities).await.unwrap();
        assert_eq!(world.number("SELECT COUNT(*) FROM identity_staff_enrollment").await, 0);
        let refused = store::sign_ins_of(world.store.db.reader(), id.to_bytes(), None, 9).await.unwrap();
        assert_eq!(refused.iter().filter(|row| row.refused).count(), 4, "each is on record");
    }
}

#[tokio::test]
async fn whoever_guesses_codes_is_held() {
    for world in worlds(keyed()).await {
        let (_, code) = world.hire("li.wei").await;
        let options =
            async |code: &Secret<String>, address| word(&world.enrolling("li.wei", code, address).await);
        for _ in 0..20 {
            assert_eq!(options(&code, "192.0.2.7").await, "in", "a right code is no wrong try");
        }
        for _ in 0..5 {
            assert_eq!(options(&secret("1"), "192.0.2.7").await, "enrollment_refused");
        }
        assert_eq!(options(&code, "192.0.2.7").await, "too_many_tries");
        let answer =
            made(Authenticator::new(PAGE).create(&world.enrolling("li.wei", &code, ADDRESS).await.unwrap()));
        let held = world.identities.enroll("li.wei", &code, &answer, &browser("192.0.2.7")).await;
        assert_eq!(word(&held), "too_many_tries", "the second step counts as the first");
        assert_eq!(options(&code, ADDRESS).await, "in", "others are not held for it");
    }
}

#[tokio::test]
async fn of_two_who_use_one_code_at_once_one_gets_in() {
    for world in worlds(keyed()).await {
        let (_, code) = world.hire("li.wei").await;
        let mut answers = Vec::new();
        for _ in 0..2 {
            let options = world.enrolling("li.wei", &code, ADDRESS).await.unwrap();
            answers.push(made(Authenticator::new(PAGE).create(&options)));
        }
        let from = browser(ADDRESS);
        let (one, two) = tokio::join!(
            world.identities.enroll("li.wei", &code, &answers[0], &from),
            world.identities.enroll("li.wei", &code, &answers[1], &from),
        );
        let mut came = [word(&one), word(&two)];
        came.sort_unstable();
        assert_eq!(came, ["enrollment_refused", "in"], "{}", world.store.name);
        assert_eq!(world.number("SELECT COUNT(*) FROM identity_passkey").await, 1);
        assert_eq!(world.number("SELECT COUNT(*) FROM identity_session").await, 1);
    }
}

#[tokio::test]
async fn customers_and_staff_have_a_door_each() {
    for world in worlds(keyed()).await {
        let (id, code) = world.hire("li.wei").await;
        let mut clerk = Authenticator::new(PAGE);
        world.register("li.wei", &code, &mut clerk).await.unwrap();
        let mut customer = world.owner(PHONE).await.device;
        for (who, came) in [
            ("a customer at the console", world.at_console(customer.get(&world.asked_at_console())).await),
            ("staff at the customers' door", world.enter(clerk.get(&world.asked())).await),
        ] {
            assert_eq!(word(&came), "passkey_unknown", "{who}");
        }
        for (who, came) in [
            ("asked at the customers' door", world.at_console(clerk.get(&world.asked())).await),
            ("asked at the console", world.enter(customer.get(&world.asked_at_console())).await),
        ] {
            assert_eq!(word(&came), "passkey_challenge", "{who}");
        }
        assert_eq!(word(&world.enter(customer.get(&world.asked())).await), "in");
        assert_eq!(word(&world.at_console(clerk.get(&world.asked_at_console())).await), "in");

        let answer = clerk.get(&world.asked_at_console());
        assert_eq!(word(&world.at_console(answer.clone()).await), "in");
        assert_eq!(word(&world.at_console(answer).await), "passkey_replayed");
        clerk.sign_count = Some(0);
        assert_eq!(
            word(&world.at_console(clerk.get(&world.asked_at_console())).await),
            "passkey_counter_regressed"
        );
        let seen = store::sign_ins_of(world.store.db.reader(), id.to_bytes(), None, 1).await.unwrap();
        assert_eq!((seen[0].method, seen[0].refused), (Method::Passkey, true));
    }
}

#[tokio::test]
async fn whoever_is_enrolled_again_or_removed_is_out_at_once() {
    for world in worlds(keyed()).await {
        let chief = world.hire("chief").await.0;
        let (id, code) = world.hire("li.wei").await;
        let mut lost = Authenticator::new(PAGE);
        let session = world.register("li.wei", &code, &mut lost).await.unwrap();
        let again = async |by, id| world.identities.enroll_again(by, id).await;
        assert_eq!(word(&again(id, id).await), "staff_is_self");
        assert_eq!(word(&again(chief, StaffId::mint()).await), "not_found");

        let given = again(chief, id).await.unwrap().1;
        assert_eq!(world.session(&session.token).await, None);
        let ended = world.announced(SESSION_REVOKED).await.pop().unwrap();
        assert_eq!(ended["reason"], json!(EndReason::StaffChanged));
        assert_eq!(word(&world.at_console(lost.get(&world.asked_at_console())).await), "passkey_unknown");
        let newer = again(chief, id).await.unwrap().1;
        let refused = world.enrolling("li.wei", &given.code, ADDRESS).await;
        assert_eq!(word(&refused), "enrollment_refused", "there is a newer one");

        let mut found = Authenticator::new(PAGE);
        let session = world.register("li.wei", &newer.code, &mut found).await.unwrap();
        assert_eq!(word(&world.at_console(found.get(&world.asked_at_console())).await), "in");
        world.identities.remove_staff(chief, id).await.unwrap();
        assert_eq!(world.session(&session.token).await, None);
        assert_eq!(word(&world.at_console(found.get(&world.asked_at_console())).await), "passkey_unknown");
        assert_eq!(world.number("SELECT COUNT(*) FROM identity_passkey").await, 0);
    }
}

#[tokio::test]
async fn passwords_are_refused_where_the_bank_has_none() {
    for mut world in worlds(keyed()).await {
        world.identities.ensure_staff("chief", secret("Desk-lamp-42"), Role::Administrator).await.unwrap();
        let sign_in = async |world: &World, password: &str| {
            let from = caller(ADDRESS, None);
            word(&world.identities.staff_sign_in("chief", &secret(password), &from).await)
        };
        for password in ["Desk-lamp-42", "guess"] {
            assert_eq!(sign_in(&world, password).await, "staff_passwords_off");
        }
        assert_eq!(world.entries().await, [StaffEntry::None]);
        world.settings.staff_passwords = true;
        world.reopen().await;
        assert_eq!(sign_in(&world, "Desk-lamp-42").await, "in");
        assert_eq!(world.entries().await, [StaffEntry::Password]);
        let by = StaffId::mint();
        let id = world.identities.staff().await.unwrap()[0].row.id;
        world.identities.enroll_again(by, id).await.unwrap();
        assert_eq!(
            sign_in(&world, "Desk-lamp-42").await,
            "sign_in_refused",
            "what signed in before does not"
        );
    }
}

#[tokio::test]
async fn whoever_operates_the_bank_enrolls_by_name() {
    for world in worlds(keyed()).await {
        let enroll = async |name: &str, role| world.identities.enroll_staff(name, role).await.unwrap();
        assert!(enroll("a b", Role::Viewer).await.is_none(), "nobody can be called so");
        let given = enroll(" Chief", Role::Administrator).await.unwrap();
        let mut device = Authenticator::new(PAGE);
        let session = world.register("chief", &given.code, &mut device).await.unwrap();
        let Principal::Staff(id, Role::Administrator) = session.session.principal else { panic!("no chief") };
        let given = enroll("chief", Role::Viewer).await.unwrap();
        assert_eq!(world.session(&session.token).await, None);
        assert_eq!(word(&world.at_console(device.get(&world.asked_at_console())).await), "passkey_unknown");
        let session = world.register("chief", &given.code, &mut Authenticator::new(PAGE)).await.unwrap();
        assert_eq!(
            session.session.principal,
            Principal::Staff(id, Role::Viewer),
            "the same, in another role"
        );
        let told = world.announced(STAFF_ENROLLED).await;
        let told: Vec<_> = told.iter().map(|news| (&news["role"], &news["by"])).collect();
        let by_command = &Value::Null;
        assert_eq!(told, [(&json!("administrator"), by_command), (&json!("viewer"), by_command)]);
    }
}

#[tokio::test]
async fn staff_prove_to_be_there_with_their_own_passkey_alone() {
    for world in worlds(keyed()).await {
        let (mut device, mut others) = (Authenticator::new(PAGE), Authenticator::new(PAGE));
        let (_, code) = world.hire("li.wei").await;
        let session = world.register("li.wei", &code, &mut device).await.unwrap().session;
        let (_, code) = world.hire("wang.fang").await;
        let other = world.register("wang.fang", &code, &mut others).await.unwrap().session;
        let mut customer = world.owner(PHONE).await.device;
        world.pass(301);
        let Err(Refused::StepUp(ways)) = world.identities.proved_of_late(&session).await else {
            panic!("nothing was proved for five minutes");
        };
        assert_eq!(ways, [Way::Passkey], "nobody has a password here");
        let from = browser(ADDRESS);
        let options = async |session: &Session| -> Value {
            json!(world.identities.begin_step_up(session, &from).await.unwrap())
        };
        let tried = async |answer: Value| {
            word(&world.identities.step_up_with_passkey(&session, &signed(answer), &from).await)
        };
        assert_eq!(tried(others.get(&options(&session).await)).await, "passkey_other");
        assert_eq!(tried(customer.get(&options(&session).await)).await, "passkey_other");
        assert_eq!(tried(device.get(&options(&other).await)).await, "passkey_challenge");
        assert_eq!(tried(device.get(&world.asked_at_console())).await, "passkey_challenge");
        let password = world.identities.step_up_with_password(&session, &secret("Desk-lamp-42")).await;
        assert_eq!(word(&password), "staff_passwords_off");
        assert!(world.identities.proved_of_late(&session).await.is_err());
        assert_eq!(tried(device.get(&options(&session).await)).await, "in");
        assert!(world.identities.proved_of_late(&session).await.is_ok());
        assert!(world.identities.proved_of_late(&other).await.is_err(), "of one session");
    }
}
