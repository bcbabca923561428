//! Staff come in with passkeys: the first with a code from the command line, and with a password in a demonstration alone.

use std::sync::Arc;

use bank::composition::Bank;
use contracts::identity::Role;
use secrecy::Secret;
use serde_json::json;
use testkit::{Child, Client, Failed, Place, SystemClock};

const PASSWORD: &str = "Box-clerk-12";

/// Runs `yuanhang staff …` on the bank at `place`: whether it could, and what it said.
async fn staff(place: &Place, words: &[&str]) -> Result<(bool, String), Failed> {
    let output = Child::command(place)?.arg("staff").args(words).output().await?;
    Ok((output.status.success(), String::from_utf8([output.stdout, output.stderr].concat())?))
}

/// A code for `chief`.
async fn enrolled(place: &Place) -> Result<String, Failed> {
    let (_, said) = staff(place, &["enroll", "Chief", "--role", "administrator"]).await?;
    let code = said.lines().find_map(|line| line.strip_prefix("code ")).map(|code| code.trim().to_owned());
    code.ok_or_else(|| said.into())
}

async fn open(place: &Place) -> Result<Bank, Failed> {
    Ok(Bank::open(&place.configuration, Arc::new(SystemClock)).await?)
}

/// What the console's page is answered to a code.
async fn begun(page: &Client, code: &str) -> Result<(u16, String), Failed> {
    let body = json!({"name": "chief", "code": code});
    let answer = page.post("/api/identity/console/enrollment/options", &body).await?;
    Ok((answer.status.as_u16(), answer.code().to_owned()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_administrator_is_enrolled_by_a_command() -> Result<(), Failed> {
    for mut place in Child::places().await? {
        place.configuration.identity.staff_passwords = false;
        let (first, second) = (enrolled(&place).await?, enrolled(&place).await?);
        let (done, said) = staff(&place, &["enroll", "a b", "--role", "viewer"]).await?;
        assert!(!done && said.contains("`a b` is no staff name"), "{said}");
        let bank = open(&place).await?;
        let password = Secret::new(PASSWORD.to_owned());
        bank.books()?.identity.ensure_staff("clerk", password, Role::Viewer).await?;
        bank.close().await;

        let child = Child::serve(&place).await?;
        // Browsers take passkeys from pages of a name, not of an address.
        let home = child.client.base().replace("127.0.0.1", "localhost");
        let page = Client::new(&home).with_header("origin", &home);
        assert_eq!(begun(&page, &second).await?, (200, String::new()), "{}", place.store);
        assert_eq!(
            begun(&page, &first).await?,
            (403, "enrollment_refused".to_owned()),
            "there is a newer one"
        );
        let (done, said) = staff(&place, &["enroll", "chief", "--role", "viewer"]).await?;
        assert!(!done && said.contains("in use"), "{said}");
        let refused = child.client.sign_in_staff("clerk", PASSWORD).await.map(|_| ()).unwrap_err();
        assert!(refused.to_string().contains("staff_passwords_off"), "{refused}");
        child.kill().await?;

        let bank = open(&place).await?;
        bank.mark_as_demonstration().await?;
        bank.close().await;
        let child = Child::serve(&place).await?;
        child.client.sign_in_staff("clerk", PASSWORD).await?;
        child.kill().await?;
    }
    Ok(())
}
