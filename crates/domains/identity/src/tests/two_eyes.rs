//! What takes two pairs of eyes, and what is done in emergencies.

use contracts::identity::{Identity, Role};
use serde_json::{Value, json};

use super::routes::{call, code_of};
use super::world::{World, quick, secret, worlds};
use crate::Settings;

const PASSWORD: &str = "Desk-lamp-42";
const ASK: &str = "POST /api/identity/console/third-parties";
const INBOX: &str = "/api/identity/console/countersignatures";
const PROVE: &str = "POST /api/identity/console/step-up";
const EMERGENCIES: &str = "/api/identity/console/emergencies";

/// Staff at their desks: two administrators, an operator and a viewer.
struct Desk {
    world: World,
    tokens: Vec<(&'static str, String)>,
}

impl Desk {
    async fn of(world: World) -> Self {
        let mut tokens = Vec::new();
        for (name, role) in [
            ("chief", Role::Administrator),
            ("deputy", Role::Administrator),
            ("clerk", Role::Operator),
            ("looker", Role::Viewer),
        ] {
            world.identities.ensure_staff(name, secret(PASSWORD), role).await.unwrap();
            tokens.push((name, String::new()));
        }
        let mut desk = Self { world, tokens };
        desk.sign_in().await;
        desk
    }

    async fn sign_in(&mut self) {
        for (name, token) in &mut self.tokens {
            let body = json!({"name": name, "password": PASSWORD});
            let answer = call(&self.world, "POST /api/identity/console/sign-in", body, "", "").await;
            *token = answer.body["token"].as_str().unwrap().to_owned();
        }
    }

    /// Status, code and body of what `who` is answered.
    async fn ask(&self, who: &str, line: &str, body: Value) -> (u16, String, Value) {
        let token = self.tokens.iter().find(|(name, _)| *name == who).map_or("", |(_, token)| token);
        let answer = call(&self.world, line, body, token, "").await;
        let (status, code) = code_of(&answer);
        (status, code, answer.body)
    }

    async fn answered(&self, who: &str, line: &str, body: Value) -> (u16, String) {
        let (status, code, _) = self.ask(who, line, body).await;
        (status, code)
    }

    /// `who` proves to be there, with `password`.
    async fn prove(&self, who: &str, password: &str) -> (u16, String) {
        self.answered(who, PROVE, json!({"password": password})).await
    }

    /// Asks for something that takes two pairs of eyes; the id that it waits under.
    async fn wait(&self, who: &str, body: Value) -> String {
        let (status, code, answer) = self.ask(who, ASK, body).await;
        assert_eq!((status, code.as_str()), (403, "countersignature_needed"), "{answer}");
        answer["countersignature"].as_str().unwrap().to_owned()
    }

    /// What `who` sees of the inbox: state, whether it is theirs to decide, and whether it is their own.
    async fn inbox(&self, who: &str) -> Vec<(String, bool, bool)> {
        let (_, _, list) = self.ask(who, &format!("GET {INBOX}"), Value::Null).await;
        let seen = |one: &Value| {
            let state = one["state"].as_str().unwrap().to_owned();
            (state, one["can_decide"].as_bool().unwrap(), one["own"].as_bool().unwrap())
        };
        list["countersignatures"].as_array().unwrap().iter().map(seen).collect()
    }
}

/// A third party with a key that nobody has yet.
fn third_party(name: &str) -> Value {
    let key = Value::Object(dpop::testing::Device::new().jwk()).to_string();
    json!({"name": name, "scopes": ["rates"], "key": key})
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn what_one_asks_another_countersigns_and_the_first_does() {
    for world in worlds(quick()).await {
        let desk = Desk::of(world).await;
        let (first, second) = (third_party("甲"), third_party("乙"));
        let id = desk.wait("chief", first.clone()).await;
        assert_eq!(desk.wait("chief", first.clone()).await, id, "the same again asks for nothing new");
        let (give, refuse) = (format!("POST {INBOX}/{id}"), format!("POST {INBOX}/{id}/refuse"));

        // Who may not do it does not even see it, and nobody is their own second.
        for (who, status) in [("looker", 403), ("clerk", 404)] {
            for line in [&give, &refuse, &format!("DELETE {INBOX}/{id}"), &format!("GET {INBOX}/{id}")] {
                assert_eq!(desk.ask(who, line, Value::Null).await.0, status, "{who} {line}");
            }
        }
        assert_eq!(desk.inbox("clerk").await, []);
        assert_eq!(desk.answered("chief", &give, Value::Null).await, refused(409, "countersignature_own"));
        assert_eq!(desk.answered("chief", &refuse, Value::Null).await, refused(409, "countersignature_own"));
        assert_eq!(desk.inbox("chief").await, [("waiting".to_owned(), false, true)]);
        assert_eq!(desk.inbox("deputy").await, [("waiting".to_owned(), true, false)]);
        let (_, _, seen) = desk.ask("deputy", &format!("GET {INBOX}/{id}"), Value::Null).await;
        assert_eq!(
            (&seen["action"], &seen["asked_by"], &seen["method"], &seen["path"]),
            (
                &json!("identity_console_add_third_party"),
                &json!("chief"),
                &json!("POST"),
                &json!("/api/identity/console/third-parties")
            )
        );
        let body: Value = serde_json::from_str(seen["body"].as_str().unwrap()).unwrap();
        assert_eq!(body, first, "what is countersigned is what is seen");

        assert_eq!(desk.answered("deputy", &give, Value::Null).await.0, 204);
        for line in [&give, &refuse] {
            let again = desk.answered("deputy", line, Value::Null).await;
            assert_eq!(again, refused(409, "countersignature_over"));
        }
        // What is wrong is said to whoever asks, and nobody else sees it: here a private key.
        let mut private: Value = serde_json::from_str(first["key"].as_str().unwrap()).unwrap();
        private["d"] = json!("AAAA");
        let wrong = json!({"name": "丙", "scopes": ["rates"], "key": private.to_string()});
        assert_eq!(desk.answered("chief", ASK, wrong).await, refused(422, "invalid_field"));
        assert_eq!(desk.inbox("deputy").await.len(), 1);

        // It is good for this request of this member of staff, once.
        let other = desk.wait("chief", second.clone()).await;
        assert_ne!(other, id, "another body is another request");
        let of_deputy = desk.wait("deputy", first.clone()).await;
        assert_ne!(of_deputy, id, "whoever countersigned still needs a second for the same");
        assert_eq!(desk.ask("chief", ASK, first.clone()).await.0, 201);
        let anew = desk.wait("chief", first.clone()).await;
        assert!(anew != id && anew != other);
        let (_, _, used) = desk.ask("deputy", &format!("GET {INBOX}/{id}"), Value::Null).await;
        assert_eq!((&used["state"], &used["decided_by"]), (&json!("used"), &json!("deputy")));
    }
}

#[tokio::test]
async fn a_countersignature_is_refused_taken_back_or_comes_too_late() {
    let settings = Settings { countersignature_good_s: 600, ..quick() };
    for world in worlds(settings).await {
        let mut desk = Desk::of(world).await;
        let asked = third_party("甲");
        // A refusal is said once; then it can be asked anew.
        let id = desk.wait("chief", asked.clone()).await;
        assert_eq!(desk.answered("deputy", &format!("POST {INBOX}/{id}/refuse"), Value::Null).await.0, 204);
        let told = desk.answered("chief", ASK, asked.clone()).await;
        assert_eq!(told, refused(403, "countersignature_refused"));
        // Taken back by whoever asked, and by nobody else.
        let id = desk.wait("chief", asked.clone()).await;
        let (give, back) = (format!("POST {INBOX}/{id}"), format!("DELETE {INBOX}/{id}"));
        assert_eq!(desk.answered("deputy", &back, Value::Null).await, refused(404, "not_found"));
        assert_eq!(desk.answered("chief", &back, Value::Null).await.0, 204);
        assert_eq!(desk.answered("chief", &back, Value::Null).await, refused(409, "countersignature_over"));
        assert_eq!(desk.answered("deputy", &give, Value::Null).await, refused(409, "countersignature_over"));
        // Not countersigned in time; countersigned, but not used in time.
        let late = desk.wait("chief", asked.clone()).await;
        assert_ne!(late, id);
        desk.world.pass(600);
        let give = format!("POST {INBOX}/{late}");
        assert_eq!(desk.answered("deputy", &give, Value::Null).await, refused(409, "countersignature_over"));
        let id = desk.wait("chief", asked.clone()).await;
        assert_ne!(id, late);
        assert_eq!(desk.prove("deputy", PASSWORD).await.0, 204);
        assert_eq!(desk.answered("deputy", &format!("POST {INBOX}/{id}"), Value::Null).await.0, 204);
        desk.world.pass(600);
        let id = desk.wait("chief", asked.clone()).await;
        // Whoever countersigned is of the staff no longer.
        assert_eq!(desk.prove("deputy", PASSWORD).await.0, 204);
        assert_eq!(desk.answered("deputy", &format!("POST {INBOX}/{id}"), Value::Null).await.0, 204);
        let staff = desk.world.identities.staff().await.unwrap();
        let of = |name: &str| staff.iter().find(|one| one.row.name == name).unwrap().row.id;
        desk.world.identities.remove_staff(of("chief"), of("deputy")).await.unwrap();
        let anew = desk.wait("chief", asked.clone()).await;
        assert_ne!(anew, id);
        // A month later it is known what was asked, not what stood in it.
        desk.world.pass(31 * 86_400);
        desk.tokens.retain(|(name, _)| *name != "deputy");
        desk.sign_in().await;
        crate::jobs::tidy(&desk.world.identities).await.unwrap();
        let (status, _, seen) = desk.ask("chief", &format!("GET {INBOX}/{anew}"), Value::Null).await;
        assert_eq!((status, &seen["state"], seen.get("body")), (200, &json!("expired"), None));
        assert_eq!(seen["body_sha256"].as_str().unwrap().len(), 64);
    }
}

#[tokio::test]
async fn in_an_emergency_one_acts_alone_and_another_looks_at_it() {
    let settings = Settings { emergency_s: 300, emergencies_per_day_max: 2, ..quick() };
    for world in worlds(settings).await {
        let another = world.another().await;
        let desk = Desk::of(world).await;
        let begin = format!("POST {EMERGENCIES}");
        let why = json!({"reason": "security_incident", "reference": "CASE-7"});
        assert_eq!(desk.answered("looker", &begin, why.clone()).await, refused(403, "not_allowed"));
        for (body, status) in [
            (json!({"reason": "security_incident", "reference": "13800138000"}), 422),
            (json!({"reason": "curiosity", "reference": "CASE-7"}), 400),
            (json!({"reason": "outage"}), 400),
        ] {
            assert_eq!(desk.ask("clerk", &begin, body.clone()).await.0, status, "{body}");
        }
        // An operator stops somebody at once, which they may not otherwise, and lets nobody in.
        let staff = desk.world.identities.staff().await.unwrap();
        let deputy = staff.iter().find(|one| one.row.name == "deputy").unwrap().row.id;
        let remove = format!("DELETE /api/identity/console/staff/{deputy}");
        assert_eq!(desk.answered("clerk", &remove, Value::Null).await, refused(403, "not_allowed"));
        let (status, _, begun) = desk.ask("clerk", &begin, why.clone()).await;
        assert_eq!((status, &begun["over"], &begun["here"]), (201, &json!(false), &json!(true)));
        let id = begun["id"].as_str().unwrap().to_owned();
        let again = desk.answered("clerk", &begin, why.clone()).await;
        assert_eq!(again, refused(409, "emergency_under_way"));
        let token = &desk.tokens[2].1;
        if desk.world.store.db.kind() == db::Kind::Postgres {
            let session = Identity::session(&*another, &secret(token)).await.unwrap();
            assert!(session.unwrap().emergency_until.is_some(), "another process knows of it");
        }
        assert_eq!(desk.answered("clerk", ASK, third_party("甲")).await, refused(403, "not_allowed"));
        assert_eq!(desk.answered("clerk", &remove, Value::Null).await.0, 204);
        assert_eq!(desk.ask("deputy", &format!("GET {INBOX}"), Value::Null).await.0, 401);

        // Another looks at it, once it is over; nobody at their own, and nobody twice.
        let review = format!("POST {EMERGENCIES}/{id}/review");
        let found = json!({"justified": true});
        assert_eq!(desk.answered("clerk", &review, found.clone()).await, refused(403, "not_allowed"));
        assert_eq!(desk.answered("chief", &review, found.clone()).await, refused(409, "emergency_under_way"));
        let end = format!("DELETE {EMERGENCIES}/{id}");
        assert_eq!(desk.answered("chief", &end, Value::Null).await, refused(404, "not_found"));
        let (status, _, ended) = desk.ask("clerk", &end, Value::Null).await;
        assert_eq!((status, &ended["over"], &ended["here"]), (200, &json!(true), &json!(false)));
        assert_eq!(desk.answered("clerk", &end, Value::Null).await, refused(409, "emergency_over"));
        assert_eq!(desk.answered("clerk", &remove, Value::Null).await, refused(403, "not_allowed"));
        let (status, _, reviewed) = desk.ask("chief", &review, found.clone()).await;
        assert_eq!(
            (status, &reviewed["reviewed_by"], &reviewed["justified"]),
            (200, &json!("chief"), &json!(true))
        );
        assert_eq!(desk.answered("chief", &review, found.clone()).await, refused(409, "emergency_over"));

        // It ends by itself, and there are only so many in a day.
        assert_eq!(desk.answered("clerk", &begin, why.clone()).await.0, 201);
        desk.world.pass(300);
        let runs = desk.answered("clerk", "GET /api/identity/console/third-parties", Value::Null).await;
        assert_eq!(runs, refused(403, "not_allowed"));
        assert_eq!(desk.prove("clerk", PASSWORD).await.0, 204);
        let third = desk.answered("clerk", &begin, why.clone()).await;
        assert_eq!(third, refused(429, "too_many_emergencies"));

        // An administrator alone does in one what else takes two, and has to answer for it to another.
        assert_eq!(desk.prove("chief", PASSWORD).await.0, 204);
        let (_, _, own) = desk.ask("chief", &begin, why.clone()).await;
        let id = own["id"].as_str().unwrap();
        assert_eq!(desk.ask("chief", ASK, third_party("乙")).await.0, 201);
        desk.world.pass(300);
        let review = format!("POST {EMERGENCIES}/{id}/review");
        assert_eq!(desk.answered("chief", &review, found).await, refused(409, "emergency_own"));
        let (_, _, list) = desk.ask("chief", &format!("GET {EMERGENCIES}"), Value::Null).await;
        let unseen = |one: &&Value| one.get("reviewed_by").is_none();
        assert_eq!(list["emergencies"].as_array().unwrap().iter().filter(unseen).count(), 2);
    }
}

#[tokio::test]
async fn a_desk_that_was_left_neither_countersigns_nor_declares_an_emergency() {
    let settings = Settings { step_up_good_s: 300, tries_known_device_max: 5, ..quick() };
    for world in worlds(settings).await {
        let desk = Desk::of(world).await;
        let id = desk.wait("chief", third_party("甲")).await;
        let (give, begin) = (format!("POST {INBOX}/{id}"), format!("POST {EMERGENCIES}"));
        let why = json!({"reason": "outage", "reference": "CASE-8"});
        desk.world.pass(300);
        for (line, body) in [(&give, Value::Null), (&begin, why.clone())] {
            let (status, code, answer) = desk.ask("deputy", line, body).await;
            assert_eq!((status, code.as_str()), (403, "step_up_needed"), "{line}");
            assert_eq!(answer["ways"], json!(["password"]), "{line}");
        }
        // Whose proof is wrong has proved nothing, and may try so often.
        for _ in 0..5 {
            assert_eq!(desk.prove("deputy", "Desk-lamp-43").await, refused(403, "password_wrong"));
        }
        assert_eq!(desk.prove("deputy", PASSWORD).await, refused(429, "too_many_tries"));
        assert_eq!(desk.answered("deputy", PROVE, json!({})).await, refused(422, "invalid_field"));
        assert_eq!(desk.answered("deputy", &give, Value::Null).await, refused(403, "step_up_needed"));
        desk.world.pass(900);
        assert_eq!(desk.prove("deputy", PASSWORD).await.0, 204);
        assert_eq!(desk.answered("deputy", &give, Value::Null).await.0, 204);
        assert_eq!(desk.answered("deputy", &begin, why).await.0, 201);
        // Refusing takes no proof: it does no harm.
        let id = desk.wait("chief", third_party("乙")).await;
        desk.world.pass(300);
        assert_eq!(desk.answered("deputy", &format!("POST {INBOX}/{id}/refuse"), Value::Null).await.0, 204);
    }
}
