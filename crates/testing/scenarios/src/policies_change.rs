//! A bank changes its policies while it serves.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use bank::composition::Bank;
use bank::configuration::Configuration;
use bank::serve::Serving;
use clock::SystemClock;
use contracts::identity::Role;
use db::testing::Folder;
use policies::Files;
use secrecy::Secret;
use testkit::{Answer, Client, Failed, enroll};

/// Far longer than any change takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// Customers may not see their payees in the web bank, where the clients of these tests are.
const NO_PAYEES: &str = r#"
@id("own.no_payees")
@says("网页版不显示收款人")
forbid (principal is Customer, action == Action::"payments_payees", resource)
when { context.channel == Channel::"web" };
"#;

const PAYEES: &str = "/api/payments/payees";
const POLICIES: &str = "/api/gateway/console/policies";

/// Asks until the answer is as wanted.
async fn until(client: &Client, path: &str, wanted: impl Fn(&Answer) -> bool) -> Result<Answer, Failed> {
    let asking = async {
        loop {
            let answer = client.get(path).await?;
            if wanted(&answer) {
                return Ok(answer);
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, asking).await?
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changed_policies_hold_within_seconds_and_faulty_ones_never() -> Result<(), Failed> {
    let folder = Folder::try_new()?;
    let own = folder.path().join("policies");
    fs::create_dir(&own)?;
    for file in Files::embedded().policies {
        fs::write(own.join(&file.name), &file.text)?;
    }
    let mut configuration =
        Configuration { data_dir: folder.path().join("data"), ..Configuration::default() };
    "off".clone_into(&mut configuration.telemetry.log_filter);
    configuration.policies.folder = Some(own.clone());
    configuration.identity.staff_passwords = true;
    configuration.identity.new_device_two_factors = false;
    configuration.identity.sealed_passwords = false;
    let bank = Bank::open(&configuration, Arc::new(SystemClock)).await?;
    let books = bank.books()?;
    let someone = enroll(&books, 1, 0).await?.remove(0);
    let password = "Box-administrator-1";
    books.identity.ensure_staff("chief", Secret::new(password.into()), Role::Administrator).await?;
    let serving = Serving::start(bank, "127.0.0.1:0").await?;
    let stranger = Client::new(&format!("http://{}", serving.address()));
    let customer = someone.sign_in(&stranger).await?;
    let chief = stranger.sign_in_staff("chief", password).await?;
    customer.get(PAYEES).await?.expect(200)?;

    fs::write(own.join("own.cedar"), NO_PAYEES)?;
    let denied = until(&customer, PAYEES, |answer| answer.status.as_u16() != 200).await?.expect(403)?;
    assert_eq!(denied.code(), "not_allowed");
    customer.get("/api/accounts").await?.expect(200)?;

    fs::write(own.join("own.cedar"), &NO_PAYEES[..70])?;
    let shown = until(&chief, POLICIES, |answer| answer.body["faults"] != serde_json::json!([])).await?;
    assert_eq!(shown.text("/faults/0/file"), "own.cedar");
    customer.get(PAYEES).await?.expect(403)?;

    fs::remove_file(own.join("own.cedar"))?;
    until(&customer, PAYEES, |answer| answer.status.as_u16() == 200).await?;
    serving.stop().await;
    Ok(())
}
