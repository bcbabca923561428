//! A customer opens a mini-program in the app: its token is good with the key of its page, for what policies leave it, and
//! as long as the app is signed in.

use dpop::testing::Device;
use reqwest::Method;
use serde_json::json;
use testkit::{BankBox, Client, Failed, Someone, enroll};
use uuid::Uuid;

use crate::third_parties::Program;

const EXCHANGE: &str = "/api/identity/token-exchange";
const SESSION: &str = "/api/identity/session";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mini_program_asks_with_a_key_of_its_own() -> Result<(), Failed> {
    for bank in BankBox::on_each_store().await? {
        let people = enroll(&bank.books()?, 2, 100_000).await?;
        story(&bank.client(), &people).await?;
        bank.close().await;
    }
    Ok(())
}

async fn story(stranger: &Client, people: &[Someone]) -> Result<(), Failed> {
    let [owner, payee] = people else { return Err("two people".into()) };
    let app = owner.sign_in(stranger).await?;
    let key = Device::new();
    let asked = json!({
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "audience": "life",
        "dpop_jkt": key.thumbprint().to_string(),
    });
    let given = app.post(EXCHANGE, &asked).await?.expect(200)?;
    let token = given.text("/access_token");

    // Whoever reads the token on its way has nothing.
    let stolen = Client::new(app.base()).with_token(token);
    assert_eq!(stolen.get(SESSION).await?.code(), "proof_missing");
    let mut thief = Program::holding(app.base(), token, Device::new());
    assert_eq!(thief.get(SESSION).await?, (401, "proof_key_other".to_owned()));

    let mut page = Program::holding(app.base(), token, key);
    assert_eq!(page.get(SESSION).await?.0, 200);
    assert_eq!(page.get("/api/accounts").await?.0, 200);
    for path in ["/api/identity/sessions", "/api/identity/approvals", "/api/customers/consents"] {
        assert_eq!(page.get(path).await?, (403, "not_allowed".to_owned()), "{path}");
    }
    let again = page.call(Method::POST, EXCHANGE, Some(&asked)).await?;
    assert_eq!(again.code(), "not_allowed", "no token makes another");

    // One yuan needs no approval in the app, and one here that this customer has nothing to give with.
    let order = owner.order(payee, "1.00", "");
    let refused = page.ordering(&order, &Uuid::now_v7().to_string()).await?;
    assert_eq!((refused.status.as_u16(), refused.code()), (403, "approval_impossible"));
    app.post_keyed("/api/payments/transfers", &order, &Uuid::now_v7().to_string()).await?.expect(201)?;

    app.post("/api/identity/sign-out", &json!({})).await?.expect(204)?;
    assert_eq!(page.get(SESSION).await?, (401, "not_signed_in".to_owned()));
    Ok(())
}
