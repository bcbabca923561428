//! No secret in any log line, any error, any file.

use std::io::Write;
use std::sync::{Arc, Mutex};

use super::totp::App;
use super::world::{PHONE, PIN, applicant, caller, quick, secret, worlds};
use crate::model::code::Purpose;
use crate::service::{Beside, PasswordProof};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const CANARY: &str = "Canary-pa55word-Q";
const NEW_CANARY: &str = "Canary-n3w-word-Z";
const WRONG_CANARY: &str = "Canary-wr0ng-word";
const ID: &str = "110101199003074477";

#[tokio::test]
async fn secrets_reach_neither_log_nor_store() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .without_time()
        .with_writer(move || writer.clone())
        .finish();
    // For the whole process: a subscriber of one thread misses lines that another thread came to first. What the other
    // tests log must hold none of these secrets either.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    for world in worlds(quick()).await {
        let (code, browser) = world.code(PHONE, Purpose::SignUp, "192.0.2.1").await;
        let mut application = applicant(PHONE, &code, ID);
        application.password = secret(CANARY);
        let signed_in = world.identities.sign_up(&application, &browser).await.unwrap();
        let customer = match signed_in.session.principal {
            contracts::identity::Principal::Customer(customer) => customer,
            ref other => panic!("{other:?}"),
        };
        let session = &signed_in.session;
        for _ in 0..6 {
            let refused = world.try_password(PHONE, WRONG_CANARY, "198.51.100.9", None).await.err().unwrap();
            assert!(!format!("{refused:?} {refused}").contains("Canary"));
        }
        let i = &world.identities;
        i.set_pin(customer, session, &secret(CANARY), &secret(PIN)).await.unwrap();
        for pin in [PIN, "862042", "862042", "862042", "862042", "862042"] {
            i.check(customer, &secret(pin)).await.unwrap();
        }
        let (old, new, from) = (secret(CANARY), secret(NEW_CANARY), caller("192.0.2.1", None));
        i.change_password(customer, session, PasswordProof::Old(&old), &new, &from).await.unwrap();
        let shown = i.begin_totp(customer, session).await.unwrap();
        let app = App::of(&shown);
        let app_code = app.code(&world);
        i.confirm_totp(customer, session, &secret(&app_code), &from).await.unwrap();
        tracing::info!(uri = ?shown.uri, typed = ?shown.typed, "and another");
        world.pass(30);
        let code_used = secret(&app.code(&world));
        let beside = Some(Beside::Totp(&code_used));
        let again = i.sign_in(PHONE, &secret(NEW_CANARY), beside, &caller("192.0.2.1", None)).await.unwrap();
        tracing::info!(session = ?again.session, token = ?again.token, "what a careless line would say");
        let tokens = [&signed_in.token, &signed_in.device_token, &again.token, &again.device_token];
        let mut canaries: Vec<&str> = tokens.iter().map(|token| token.expose().as_str()).collect();
        canaries.extend(["Canary", PHONE, ID, PIN, "862042"]);
        // Six digits may stand in a random number by chance; a code is looked for with its quotes.
        let quoted = [&code, &app_code, code_used.expose()].map(|code| format!("\"{code}\""));
        canaries.extend(quoted.iter().map(String::as_str));
        canaries.extend([shown.typed.expose().as_str(), shown.uri.expose().as_str()]);
        let sealed = crate::store::totp_of(world.store.db.reader(), customer).await.unwrap().unwrap().secret;
        assert!(!sealed.windows(20).any(|part| part == app.bytes()), "the secret is sealed");
        world.store.db.close().await;
        // How long a statement took is a random number, in which six digits may stand by chance.
        let logged = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
        let lines: Vec<&str> = logged.lines().filter(|line| !line.contains("elapsed")).collect();
        let mut everything = lines.join("\n");
        assert!(
            everything.contains("careless") && everything.contains("too many wrong"),
            "the log was listened to"
        );
        for file in std::fs::read_dir(world.store.folder.path()).unwrap() {
            everything.push_str(&String::from_utf8_lossy(&std::fs::read(file.unwrap().path()).unwrap()));
        }
        if world.store.name == "sqlite" {
            assert!(everything.contains("$argon2id$"), "the store was read");
        }
        for canary in canaries {
            assert!(!everything.contains(canary), "{} holds {canary}", world.store.name);
        }
    }
}

#[test]
fn requests_with_secrets_print_none() {
    use crate::http::debugged;
    for printed in debugged("Canary") {
        assert!(!printed.contains("Canary"), "{printed}");
    }
}
