//! The life of the one who is erased: every personal field holds a word that stands nowhere else.

use contracts::customers::{Kyc, Person, Profile};
use ids::CustomerId;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::{Client, Failed, Someone, Split};
use uuid::Uuid;

pub(super) const NAME: &str = "蒲苇磐石";
pub(super) const PHONE: &str = "19977665544";
pub(super) const PASSWORD: &str = "Reed-and-rock-7";
const PIN: &str = "739150";
const ADDRESS: &str = "无名巷四十二号甲";
const NICKNAME: &str = "远走高飞基金";
const PAYEE_NICKNAME: &str = "老搭档阿帆";
const MEMO: &str = "后会有期的饭钱";
pub(super) const DEVICE: &str = "Firefox · Linux";
const USER_AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// As nobody may read them afterwards. The memo is a word of the transaction to the friend, too, sealed under their key.
pub(super) const MARKERS: [&str; 7] =
    [NAME, PHONE, "11010119880808317", ADDRESS, NICKNAME, PAYEE_NICKNAME, MEMO];

/// A customer at the end of a life at the bank.
pub(super) struct Life {
    pub(super) id: CustomerId,
    /// Signed in.
    pub(super) client: Client,
    /// The account's id.
    pub(super) account: String,
    pub(super) account_number: String,
}

/// A resident identity number with its check character (GB 11643).
pub(super) fn number() -> String {
    let body = "11010119880808317";
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits = body.chars().filter_map(|digit| digit.to_digit(10));
    let sum: u32 = digits.zip(weights).map(|(digit, weight)| digit * weight).sum();
    let check = "10X98765432".chars().nth((sum % 11) as usize).unwrap();
    format!("{body}{check}")
}

pub(super) fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Signs up as them, through the door.
pub(super) async fn sign_up(stranger: &Client, staff: &Client) -> Result<Client, Failed> {
    let stranger = stranger.clone().calling_itself(USER_AGENT);
    let outbox = format!("/api/messages/console/outbox?to={PHONE}");
    let count = async || {
        let answer = staff.get(&outbox).await?.expect(200)?;
        Ok::<_, Failed>(answer.body["messages"].as_array().map(Vec::len).unwrap_or_default())
    };
    let before = count().await?;
    let asked = json!({"phone": PHONE, "purpose": "sign_up"});
    stranger.post("/api/identity/codes", &asked).await?.expect(202)?;
    while count().await? <= before {
        tokio::task::yield_now().await;
    }
    let text = staff.get(&outbox).await?.expect(200)?.text("/messages/0/text").to_owned();
    let digits: Vec<&str> = text.split(|one: char| !one.is_ascii_digit()).collect();
    let code = digits.into_iter().find(|part| part.len() == 6).ok_or("no code")?;
    let mut documents = stranger.get("/api/customers/documents").await?.expect(200)?;
    let form = |agreed: Value| json!({"phone": PHONE, "code": code, "name": NAME, "id_number": number(), "password": PASSWORD, "agreed": agreed});
    let refused = stranger.post("/api/identity/sign-up", &form(json!([]))).await?.expect(409)?;
    assert_eq!(refused.code(), "documents_not_agreed");
    let agreed = documents.body["documents"].take();
    let signed_up = stranger.post("/api/identity/sign-up", &form(agreed)).await?.expect(201)?;
    Ok(stranger.with_token(signed_up.text("/token")))
}

impl Life {
    pub(super) async fn live(bank: &Split, staff: &Client, friend: &Someone) -> Result<Self, Failed> {
        let id = CustomerId::mint();
        // In a branch first, where the address is asked for; then by the phone.
        let person = Person {
            name: NAME.to_owned(),
            id_number: Some(number()),
            foreign_number: None,
            phone: Some(PHONE.to_owned()),
            born_on: None,
            division: Some("110101".to_owned()),
            address: Some(ADDRESS.to_owned()),
        };
        bank.books()?.customers.register(id, Profile::Person(person), Kyc::Verified).await?;
        let client = sign_up(&bank.client(), staff).await?;
        let me = client.get("/api/customers/me").await?.expect(200)?;
        assert_eq!((me.text("/id"), me.text("/address")), (id.to_string().as_str(), ADDRESS));
        let pin = json!({"password": PASSWORD, "pin": PIN});
        client.call(Method::PUT, "/api/identity/pin", Some(&pin), None).await?.expect(204)?;
        let opened = json!({"currency": "CNY", "nickname": NICKNAME});
        let opened = client.post("/api/accounts", &opened).await?.expect(201)?;
        let (account, account_number) = (opened.text("/id").to_owned(), opened.text("/number").to_owned());
        let life = Self { id, client, account, account_number };
        life.pays_and_is_paid(bank, friend).await?;
        for purpose in ["marketing", "sharing"] {
            let path = format!("/api/customers/consents/{purpose}");
            let given = json!({"given": true});
            life.client.call(Method::PUT, &path, Some(&given), None).await?.expect(204)?;
        }
        // In again, on the same device; once from elsewhere, and once with a wrong password.
        bank.client().calling_itself(USER_AGENT).sign_in(PHONE, PASSWORD).await?;
        bank.client().sign_in(PHONE, PASSWORD).await?;
        assert!(bank.client().sign_in(PHONE, "Wrong-password-1").await.is_err());
        let copy = life.client.post("/api/identity/export", &json!(null)).await;
        let copy = match copy {
            Ok(copy) if copy.status == 200 => copy,
            _ => life.client.call(Method::POST, "/api/identity/export", None, None).await?.expect(200)?,
        };
        assert_eq!((copy.text("/profile/phone"), copy.text("/profile/address")), (PHONE, ADDRESS));
        assert_eq!(copy.body["devices"].as_array().map(Vec::len), Some(3));
        bank.wait_for_messages(PHONE, 2).await?;
        Ok(life)
    }

    async fn pays_and_is_paid(&self, bank: &Split, friend: &Someone) -> Result<(), Failed> {
        let other = friend.sign_in(&bank.client()).await?;
        let key = || Uuid::now_v7().to_string();
        let paid = json!({
            "from_account": friend.account.id.to_string(), "to": {"phone": PHONE}, "name": NAME,
            "amount": {"amount": "20.00", "currency": "CNY"}, "memo": MEMO, "pin": friend.pin,
        });
        other.post_keyed("/api/payments/transfers", &paid, &key()).await?.expect(201)?;
        self.pay(friend, "5.00").await?;
        let payee =
            json!({"name": friend.name, "account_number": friend.account.number, "nickname": PAYEE_NICKNAME});
        self.client.post("/api/payments/payees", &payee).await?.expect(201)?;
        let them = json!({"name": NAME, "phone": PHONE, "nickname": "朋友"});
        other.post("/api/payments/payees", &them).await?.expect(201)?;
        let right = json!({"phone": PHONE, "name": NAME, "right": "see"});
        let persons = format!("/api/accounts/{}/authorized-persons", friend.account.id);
        other.post(&persons, &right).await?.expect(201)?;
        let right = json!({"phone": friend.phone, "name": friend.name, "right": "see"});
        let persons = format!("/api/accounts/{}/authorized-persons", self.account);
        self.client.post(&persons, &right).await?.expect(201)?;
        Ok(())
    }

    async fn pay(&self, friend: &Someone, amount: &str) -> Result<(), Failed> {
        let order = json!({
            "from_account": self.account, "to": {"account_number": friend.account.number}, "name": friend.name,
            "amount": {"amount": amount, "currency": "CNY"}, "memo": MEMO, "pin": PIN,
        });
        let key = Uuid::now_v7().to_string();
        self.client.post_keyed("/api/payments/transfers", &order, &key).await?.expect(201)?;
        Ok(())
    }

    /// Takes the money out, closes the account, and asks to be erased: refused before, heard after.
    pub(super) async fn leave(&self, friend: &Someone) -> Result<(), Failed> {
        let ask = async || self.client.call(Method::POST, "/api/identity/erasure", None, None).await;
        let refused = ask().await?.expect(409)?;
        assert_eq!((refused.code(), &refused.body["accounts_open"]), ("accounts_open", &json!(1)));
        self.pay(friend, "15.00").await?;
        let close = format!("/api/accounts/{}/close", self.account);
        self.client.call(Method::POST, &close, None, None).await?.expect(204)?;
        ask().await?.expect(202)?;
        Ok(())
    }
}
