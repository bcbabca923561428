//! Signing in by scanning a code: as its owner does it, and as whoever sends a code to somebody.

use contracts::identity::{Assurance, EndReason, Principal, Session};
use dpop::Thumbprint;
use ids::{CustomerId, ScanId};
use secrecy::Secret;

use super::world::{PASSWORD, PHONE, World, caller, quick, secret, word, worlds};
use crate::Settings;
use crate::error::Refused;
use crate::service::{Caller, ScanSeen, SignedIn};

const KEY: [u8; 32] = [1; 32];

/// The page at the desk.
fn desk(cookie: Option<&Secret<String>>) -> Caller {
    Caller { device_key: Some(Thumbprint::new(KEY)), ..caller("192.0.2.2", cookie) }
}

/// A code on a page.
struct Shown {
    id: ScanId,
    code: Secret<String>,
}

/// A customer's phone, signed in.
struct Phone {
    id: CustomerId,
    session: Session,
    from: Caller,
}

impl World {
    async fn phone(&self, number: &str) -> Phone {
        let id = self.customer(number).await;
        let from = caller("192.0.2.2", None);
        let session = self.identities.sign_in(number, &secret(PASSWORD), None, &from).await.unwrap().session;
        Phone { id, session, from }
    }

    /// A page shows a code: the code, and the page.
    async fn shown(&self) -> (Shown, Caller) {
        let begun = self.identities.begin_scan(&desk(None)).await.unwrap();
        let page = desk(Some(&begun.device_token));
        (Shown { id: begun.id, code: begun.code }, page)
    }

    async fn take(&self, phone: &Phone, code: &Secret<String>) -> Result<ScanId, Refused> {
        let taken = self.identities.take_scan(phone.id, &phone.session, code, &phone.from).await;
        taken.map(|asked| asked.id)
    }

    /// What the page sees: a number, a session, or nothing yet.
    async fn seen(&self, id: ScanId, page: &Caller) -> Result<(Option<u8>, Option<SignedIn>), Refused> {
        Ok(match self.identities.enter_by_scan(id, page).await? {
            ScanSeen::Open => (None, None),
            ScanSeen::Scanned(number) => (Some(number), None),
            ScanSeen::SignedIn(signed_in) => (None, Some(*signed_in)),
        })
    }

    async fn number_on(&self, id: ScanId, page: &Caller) -> u8 {
        self.seen(id, page).await.unwrap().0.unwrap()
    }
}

#[tokio::test]
async fn the_page_is_signed_in_once_the_phone_has_its_number() {
    for world in worlds(quick()).await {
        let phone = world.phone(PHONE).await;
        let (begun, page) = world.shown().await;
        assert!(matches!(world.seen(begun.id, &page).await.unwrap(), (None, None)));
        let asked =
            world.identities.take_scan(phone.id, &phone.session, &begun.code, &phone.from).await.unwrap();
        assert_eq!((asked.device_name.as_str(), asked.same_network), ("Chrome · Windows", true));
        assert_eq!(world.take(&phone, &begun.code).await.unwrap(), begun.id, "read twice by the same phone");
        let number = world.number_on(begun.id, &page).await;
        assert!((10..=99).contains(&number));
        world.identities.approve_scan(&phone.session, begun.id, number).await.unwrap();
        let (_, signed_in) = world.seen(begun.id, &page).await.unwrap();
        let signed_in = signed_in.unwrap();
        assert_eq!(signed_in.session.principal, Principal::Customer(phone.id));
        assert_eq!(signed_in.session.device_key, Some(Thumbprint::new(KEY).to_string()));
        assert_eq!(signed_in.session.assurance, Assurance::OneFactor, "no surer than the phone");
        assert_eq!(world.session(&signed_in.token).await.unwrap(), signed_in.session);
        assert_eq!(word(&world.seen(begun.id, &page).await), "scan_over", "good once");
        let (sign_ins, _) = world.identities.sign_ins_of(phone.id, None).await.unwrap();
        assert_eq!(sign_ins[0].method, crate::model::method::Method::Scan);
    }
}

#[tokio::test]
async fn nobody_else_gets_the_session() {
    for world in worlds(quick()).await {
        let phone = world.phone(PHONE).await;
        let thief = world.phone("13900005678").await;
        let (begun, page) = world.shown().await;
        let (other, other_page) = world.shown().await;
        world.take(&phone, &begun.code).await.unwrap();
        assert_eq!(word(&world.take(&thief, &begun.code).await), "scan_over", "the phone that read it first");
        assert_eq!(word(&world.take(&thief, &secret("made up")).await), "scan_over");
        let number = world.number_on(begun.id, &page).await;
        let foreign = world.identities.approve_scan(&thief.session, begun.id, number).await;
        assert_eq!(word(&foreign), "scan_over", "who did not read it does not approve");
        world.identities.approve_scan(&phone.session, begun.id, number).await.unwrap();
        for (id, from, why) in [
            (begun.id, &other_page, "another page"),
            (begun.id, &desk(None), "no cookie"),
            (other.id, &page, "another scan"),
            (begun.id, &Caller { device_key: None, ..page.clone() }, "the cookie without its key"),
            (
                begun.id,
                &Caller { device_key: Some(Thumbprint::new([2; 32])), ..page.clone() },
                "the cookie with another key",
            ),
            (ScanId::mint(), &page, "no scan"),
        ] {
            assert_eq!(word(&world.seen(id, from).await), "not_found", "{why}: {}", world.store.name);
        }
        assert!(world.seen(begun.id, &page).await.unwrap().1.is_some());
    }
}

#[tokio::test]
async fn whoever_does_not_see_the_page_signs_nobody_in() {
    for world in worlds(quick()).await {
        let phone = world.phone(PHONE).await;
        let (begun, page) = world.shown().await;
        world.take(&phone, &begun.code).await.unwrap();
        let number = world.number_on(begun.id, &page).await;
        let guess = if number == 99 { 10 } else { number + 1 };
        let wrong = world.identities.approve_scan(&phone.session, begun.id, guess).await;
        assert_eq!(word(&wrong), "scan_number");
        let again = world.identities.approve_scan(&phone.session, begun.id, number).await;
        assert_eq!(word(&again), "scan_over", "one guess");
        assert_eq!(word(&world.seen(begun.id, &page).await), "scan_refused", "{}", world.store.name);

        let (begun, page) = world.shown().await;
        world.take(&phone, &begun.code).await.unwrap();
        world.identities.refuse_scan(&phone.session, begun.id).await.unwrap();
        assert_eq!(word(&world.seen(begun.id, &page).await), "scan_refused");
        let late = world.identities.refuse_scan(&phone.session, begun.id).await;
        assert_eq!(word(&late), "scan_over");
    }
}

#[tokio::test]
async fn a_code_is_good_for_a_while_and_its_owner_must_be_there() {
    for world in worlds(quick()).await {
        let phone = world.phone(PHONE).await;
        let (begun, page) = world.shown().await;
        world.pass(119);
        world.take(&phone, &begun.code).await.unwrap();
        world.pass(119);
        let number = world.number_on(begun.id, &page).await;
        world.pass(1);
        let late = world.identities.approve_scan(&phone.session, begun.id, number).await;
        assert_eq!(word(&late), "scan_over", "the time begins anew when it is read, and ends");
        assert_eq!(word(&world.seen(begun.id, &page).await), "scan_over");
        let (stale, _) = world.shown().await;
        world.pass(120);
        assert_eq!(word(&world.take(&phone, &stale.code).await), "scan_over");

        let (begun, page) = world.shown().await;
        world.take(&phone, &begun.code).await.unwrap();
        let number = world.number_on(begun.id, &page).await;
        let silent = world.identities.approve_scan(&phone.session, begun.id, number).await;
        assert_eq!(word(&silent), "step_up_needed", "signed in more than five minutes ago");
        let (id, session) = (phone.id, &phone.session);
        world.identities.step_up_with_password(session, &secret(PASSWORD)).await.unwrap();
        world.identities.approve_scan(session, begun.id, number).await.unwrap();
        // Whoever signs the phone out after approving takes the approval back.
        world
            .identities
            .end_session(&Principal::Customer(id), session.id, EndReason::SignedOut)
            .await
            .unwrap();
        assert_eq!(word(&world.seen(begun.id, &page).await), "scan_over", "{}", world.store.name);
    }
}

#[tokio::test]
async fn codes_of_one_network_are_bounded_and_tidied_away() {
    for world in worlds(Settings { scans_per_address_hour_max: 2, ..quick() }).await {
        world.shown().await;
        world.shown().await;
        assert_eq!(word(&world.identities.begin_scan(&desk(None)).await), "too_many_tries");
        assert_eq!(world.number("SELECT COUNT(*) FROM identity_scan").await, 2);
        world.pass(121);
        crate::jobs::tidy(&world.identities).await.unwrap();
        assert_eq!(world.number("SELECT COUNT(*) FROM identity_scan").await, 0);
    }
}
