//! Approvals: what is signed is what is shown, once, in time, by its payer alone.

use contracts::identity::{APPROVAL_DECIDED, ApprovalUse, Session, Terms};
use ids::{ApprovalId, CustomerId};
use serde_json::{Value, json};
use webauthn::testing::Authenticator;

use super::world::{PASSWORD, PHONE, World, caller, quick, word, worlds};
use crate::error::Refused;
use crate::model::approval::State;
use crate::service::{ApprovalSeen, Caller};

const PAGE: &str = "http://localhost:8300";
const KEY: [u8; 16] = [6; 16];

fn browser() -> Caller {
    Caller { origin: Some(PAGE.to_owned()), ..caller("192.0.2.1", None) }
}

fn terms() -> Terms {
    Terms {
        payee: "测试乙".to_owned(),
        account: "6230580000000000025".to_owned(),
        amount: "1200.00".to_owned(),
        currency: "CNY".to_owned(),
        from: "6230580000000000017".to_owned(),
        order: "a1".repeat(32),
    }
}

/// A payer who ordered something in one session and has a phone with a passkey.
struct Payer {
    id: CustomerId,
    session: Session,
    phone: Authenticator,
}

impl World {
    async fn payer(&self, phone: &str) -> Payer {
        let id = self.customer(phone).await;
        let session = self.try_password(phone, PASSWORD, "192.0.2.1", None).await.unwrap().session;
        let mut device = Authenticator::new(PAGE);
        let options = json!(self.identities.begin_passkey(id, &session, &browser()).await.unwrap());
        let made = serde_json::from_value(device.create(&options)).unwrap();
        self.identities.add_passkey(id, &session, &made, &browser()).await.unwrap();
        Payer { id, session, phone: device }
    }

    async fn ordered(&self, payer: &Payer) -> ApprovalId {
        self.identities.ask(payer.id, payer.session.id, &terms()).await.unwrap().unwrap().id
    }

    async fn options(&self, payer: &Payer, id: ApprovalId) -> Value {
        json!(self.identities.begin_approval(payer.id, id, &browser()).await.unwrap())
    }

    async fn approve(&self, payer: &Payer, id: ApprovalId, answer: &Value) -> Result<ApprovalSeen, Refused> {
        let signed = serde_json::from_value(answer.clone()).unwrap();
        let kept = answer.to_string();
        self.identities.approve(payer.id, &payer.session, id, (&signed, kept.as_bytes()), &browser()).await
    }

    async fn worth(&self, payer: &Payer, id: ApprovalId, order: &str, key: [u8; 16]) -> ApprovalUse {
        self.identities.use_up(payer.id, id, order, key).await.unwrap()
    }
}

#[tokio::test]
async fn a_payer_approves_what_the_phone_shows() {
    for world in worlds(quick()).await {
        let mut payer = world.payer(PHONE).await;
        let order = terms().order;
        let id = world.ordered(&payer).await;
        assert_eq!(world.ordered(&payer).await, id, "the same order is asked for once");
        let waiting = world.identities.approvals_of(payer.id).await.unwrap();
        assert_eq!(waiting.len(), 1);
        let act: Value = serde_json::from_str(&waiting[0].act).unwrap();
        for (member, shown) in [
            ("what", "transfer"),
            ("payee", "测试乙"),
            ("account", "6230580000000000025"),
            ("amount", "1200.00"),
            ("currency", "CNY"),
            ("from", "6230580000000000017"),
            ("order", &order),
            ("expires_at", "2026-11-22T08:03:00Z"),
        ] {
            assert_eq!(act[member], shown);
        }
        let options = world.options(&payer, id).await;
        use base64::Engine;
        let digest = webauthn::sha256(waiting[0].act.as_bytes());
        let challenge = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest);
        assert_eq!(options["challenge"], challenge, "what is shown is what is signed");
        assert_eq!(world.worth(&payer, id, &order, KEY).await, ApprovalUse::Waiting);

        let answer = payer.phone.get(&options);
        let seen = world.approve(&payer, id, &answer).await.unwrap();
        assert_eq!(seen.row.state, State::Approved);
        assert_eq!(word(&world.approve(&payer, id, &answer).await), "approval_over");
        assert!(world.identities.approvals_of(payer.id).await.unwrap().is_empty());
        assert_eq!(world.worth(&payer, id, &"b2".repeat(32), KEY).await, ApprovalUse::Other);
        for _ in 0..2 {
            assert_eq!(world.worth(&payer, id, &order, KEY).await, ApprovalUse::Approved, "also asked again");
        }
        assert_eq!(world.worth(&payer, id, &order, [7; 16]).await, ApprovalUse::Other, "used up");
        assert_eq!(world.announced(APPROVAL_DECIDED).await.len(), 1);
        let kept = world.number("SELECT COUNT(*) FROM identity_approval WHERE evidence IS NOT NULL").await;
        assert_eq!(kept, 1);
    }
}

#[tokio::test]
async fn another_text_or_another_hand_approves_nothing() {
    for world in worlds(quick()).await {
        let mut payer = world.payer(PHONE).await;
        let mut stranger = world.payer("13900005678").await;
        let id = world.ordered(&payer).await;
        let act = world.identities.approval_of(payer.id, id).await.unwrap().act;
        use base64::Engine;
        // Each member altered: a phone that was shown it signs another text.
        for (from, to) in [
            ("测试乙", "测试丙"),
            ("6230580000000000025", "6230580000000000033"),
            ("1200.00", "9200.00"),
            ("CNY", "USD"),
            ("6230580000000000017", "6230580000000000041"),
            ("\"nonce\":\"", "\"nonce\":\"0"),
            ("2026-11-22T08:03", "2026-11-23T08:03"),
        ] {
            let altered = act.replacen(from, to, 1);
            assert_ne!(altered, act);
            let digest = webauthn::sha256(altered.as_bytes());
            let challenge = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest);
            let answer = payer.phone.get(&json!({"challenge": challenge, "rpId": "localhost"}));
            assert_eq!(word(&world.approve(&payer, id, &answer).await), "passkey_challenge", "{to}");
        }
        let options = world.options(&payer, id).await;
        let foreign = stranger.phone.get(&options);
        assert_eq!(word(&world.approve(&payer, id, &foreign).await), "passkey_other");
        let own = payer.phone.get(&options);
        let elsewhere = world.approve(&stranger, id, &own).await;
        assert_eq!(word(&elsewhere), "not_found");
        assert_eq!(word(&world.identities.begin_approval(stranger.id, id, &browser()).await), "not_found");
        assert_eq!(world.worth(&stranger, id, &terms().order, KEY).await, ApprovalUse::Unknown);
        // A challenge of the door signs no transfer, and an approval opens no door.
        let door = json!(world.identities.begin_passkey_sign_in(&browser()).unwrap());
        let of_the_door = payer.phone.get(&door);
        assert_eq!(word(&world.approve(&payer, id, &of_the_door).await), "passkey_challenge");
        let signed = serde_json::from_value(payer.phone.get(&options)).unwrap();
        let entered = world.identities.sign_in_with_passkey(&signed, &browser()).await;
        assert_eq!(word(&entered), "passkey_challenge");
        let own = payer.phone.get(&options);
        let approved = world.approve(&payer, id, &own).await;
        assert_eq!(word(&approved), "in", "all this did not hurt it");
    }
}

#[tokio::test]
async fn approvals_end_and_are_decided_once() {
    for world in worlds(quick()).await {
        let mut payer = world.payer(PHONE).await;
        let order = terms().order;
        let id = world.ordered(&payer).await;
        let answer = payer.phone.get(&world.options(&payer, id).await);
        world.pass(180);
        assert_eq!(word(&world.approve(&payer, id, &answer).await), "approval_expired");
        assert_eq!(world.worth(&payer, id, &order, KEY).await, ApprovalUse::Expired);

        let id = world.ordered(&payer).await;
        let answer = payer.phone.get(&world.options(&payer, id).await);
        world.approve(&payer, id, &answer).await.unwrap();
        world.pass(180);
        assert_eq!(
            world.worth(&payer, id, &order, KEY).await,
            ApprovalUse::Expired,
            "approved, and not used"
        );

        let id = world.ordered(&payer).await;
        world.identities.refuse(payer.id, &payer.session, id).await.unwrap();
        assert_eq!(word(&world.identities.refuse(payer.id, &payer.session, id).await), "approval_over");
        assert_eq!(world.worth(&payer, id, &order, KEY).await, ApprovalUse::Refused);

        // Yes and no at once: one of them counts.
        let id = world.ordered(&payer).await;
        let answer = payer.phone.get(&world.options(&payer, id).await);
        let refusing = world.identities.refuse(payer.id, &payer.session, id);
        let (yes, no) = tokio::join!(world.approve(&payer, id, &answer), refusing);
        let came = [word(&yes), word(&no)];
        assert!(came.contains(&"in") && came.contains(&"approval_over"), "{came:?}");

        let bare = world.customer("13900007777").await;
        let session = world.try_password("13900007777", PASSWORD, "192.0.2.1", None).await.unwrap().session;
        let asked = world.identities.ask(bare, session.id, &terms()).await.unwrap();
        assert_eq!(asked, None, "who has nothing to approve with is not asked");
    }
}
