//! Samples of what the other domains are asked, answer and announce.

use clock::{BusinessDate, Timestamp};
use ids::{AccountId, CustomerId, DeviceId, SessionId, StaffId, ThirdPartyId, TransferId};

use super::{Sampled, all, sampled};
use crate::Unavailable;
use crate::accounts::{
    Account, AccountOpened, Class, Ends, Narrative, OpenRefused, OpenRequest, Reach, Right, State,
    StateChanged,
};
use crate::audit::{Act, Actor, Detail, Field, Purpose, Reference, Subject};
use crate::customers::{
    Agreement, Business, ConsentChanged, ConsentPurpose, Document, Erased, Kyc, Person, Profile,
    RegisterRefused, Registered, TakenOver,
};
use crate::identity::{
    ApprovalAsked, ApprovalDecided, ApprovalUse, Assurance, Channel, CountersignatureChanged,
    CountersignatureOrder, CountersignatureStage, CountersignatureUse, DataExported, DeviceAdded,
    EmergencyChanged, EmergencyReason, EmergencyStage, EndReason, Enrollment, ErasureAsked, ErasureWithdrawn,
    Locked, PasskeyChanged, PinCheck, Principal, RecoveryChanged, RecoveryStage, Role, Scope, Session,
    SessionRevoked, SignedIn, SignedUp, SimChanged, StaffCode, StaffEnrolled, Terms, TotpChanged,
};
use crate::messages::{Content, Language, Message};
use crate::payments::{StandingOrder, TransferPosted};

/// As macros want it.
type Scopes = Vec<Scope>;

/// Given and not given.
fn maybe(text: &str) -> [Option<String>; 2] {
    [Some(text.to_owned()), None]
}

const NUMBER: [&str; 1] = ["6230580000000000017"];
const PHONE: [&str; 1] = ["19900000001"];
const TAIL: [&str; 1] = ["0017"];

sampled! {
    struct Account { id, customer, number: NUMBER, currency, class, state, nickname: ["工资卡", ""], opened_on }
    struct OpenRequest {
        id, customer, currency, class, number: maybe("6230580000000000017"), nickname: ["工资卡", ""], opened_on,
        overdraft_minor,
    }
    struct Narrative {
        account, transfer, counterparty_name: ["*帆", ""], counterparty_account: ["6230 **** 0025", ""],
        counterparty_bank: ["样例银行", ""], memo: ["午饭", ""],
    }
    struct Ends { from, to }
    struct Act { id, at, actor, session, action: ["payments.transfer_posted"], subjects, outcome: ["done"], detail }
    struct AccountOpened { account, customer, currency, class }
    struct StateChanged { account, customer, from, to: [State::Frozen, State::Active] }
    struct Person {
        name: ["样例甲"], id_number: maybe("110101199001010015"), foreign_number: maybe("T-1"),
        phone: maybe("19900000001"), born_on: [BusinessDate::from_ymd(1990, 1, 1).ok(), None],
        division: maybe("110101"), address: maybe("样例路 1 号"),
    }
    struct Business {
        name: ["样例贸易有限公司"], credit_code: ["91110000000000000A"], phone: maybe("19900000002"),
        representative: ["样例乙"], division: maybe("110101"), address: maybe("样例路 2 号"),
    }
    struct Registered { customer, kyc }
    struct TakenOver { count }
    struct Erased {
        customer, kept_until,
        recipient: maybe("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    }
    struct Agreement { document, version: ["1"] }
    struct ConsentChanged { customer, purpose, given }
    struct ErasureAsked { customer, due_at, staff, english }
    struct ErasureWithdrawn { customer, by_bank, english }
    struct DataExported { customer, session }
    struct Session {
        id, principal, channel, device, assurance, started_at, expires_at,
        device_key: maybe("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"),
        emergency_until: [UNTIL.parse::<Timestamp>().ok(), None],
    }
    struct CountersignatureOrder {
        staff, session, action: ["identity_console_add_third_party"], service: ["identity"], subjects,
        line: ["POST /api/identity/console/third-parties"],
        body_sha256: ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"], body_bytes,
        body: maybe("{}"),
    }
    struct CountersignatureChanged {
        countersignature, stage, staff, session, action: ["identity_console_remove_staff"], subjects,
    }
    struct EmergencyChanged { emergency, stage, staff, session, by, reason, reference, until }
    struct Enrollment { customer, sign_in_name: PHONE, password, pin }
    struct StaffCode { code, expires_at }
    struct SignedUp { customer, channel }
    struct SignedIn { session, principal, channel, device }
    struct StaffEnrolled { staff, role, by }
    struct DeviceAdded { customer, device, device_name: ["Chrome · Windows", ""], english }
    struct PasskeyChanged { customer, passkey, name: ["Apple · Safari · iPhone", ""], added, english }
    struct TotpChanged { customer, added, english }
    struct SimChanged { customer, until }
    struct RecoveryChanged { customer, stage, ready_at: [UNTIL.parse::<Timestamp>().ok(), None], english }
    struct ApprovalDecided { customer, approval, approved, session }
    struct ApprovalAsked { id, expires_at }
    struct Terms {
        payee: ["样例甲"], account: NUMBER, amount: ["1200.00"], currency: ["CNY"], from: NUMBER,
        order: ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    }
    struct SessionRevoked { session, principal, reason }
    struct Locked { customer, pin, until }
    struct Message { id, to: PHONE, content, language }
    struct StandingOrder {
        id, account, payee_bank: ["样例银行"], payee_account: ["6230580000000000025"], amount, code, from,
    }
    struct TransferPosted { transfer, debit, credit, amount_minor: [1_230_i64], currency, payer, payee }
}

sampled! {
    enum Class { I, II, III }
    enum State { Active, Frozen, Dormant, Closed }
    enum Right { See, Move, Own }
    enum Reach { Own(AccountId), Number(String) }
    enum Actor { Customer(CustomerId), Staff(StaffId), ThirdParty(ThirdPartyId), Bank }
    enum Subject {
        Customer(CustomerId), Account(AccountId), Transfer(TransferId), Session(SessionId), Device(DeviceId),
        Staff(StaffId), ThirdParty(ThirdPartyId),
    }
    enum Detail { Unmasked { field, purpose, reference }, Countersigned { countersignature, by }, Emergency }
    enum CountersignatureUse {
        Countersigned { id, by }, Waiting { id, expires_at }, Refused { id, by },
    }
    enum CountersignatureStage { Asked, Countersigned, Refused, Withdrawn, Used }
    enum EmergencyReason { Outage, SecurityIncident, CustomerHarm, AuthorityOrder }
    enum EmergencyStage { Begun, Ended, Justified, Unjustified }
    enum Field {
        Name, IdNumber, Phone, BornOn, Address, Representative, AccountNumber, CounterpartyName, Memo,
    }
    enum Purpose { IdentityCheck, Complaint, FraudInvestigation, AuthorityRequest, DataCorrection }
    enum OpenRefused { CustomerNotEligible, NumberInvalid, TooMany, Unavailable(Unavailable) }
    enum Profile { Person(Person), Business(Business) }
    enum Kyc { Declared, Verified, Suspended }
    enum RegisterRefused {
        Invalid { field: ["phone"] }, AlreadyKnown, PhoneTaken, TooYoung, Unavailable(Unavailable),
    }
    enum Channel { App, Web, MiniProgram, Phone, Branch, OpenApi, Console }
    enum Assurance { OneFactor, TwoFactor, BoundDevice }
    enum Role { Viewer, Operator, Administrator }
    enum Principal { Customer(CustomerId), Staff(StaffId, Role), ThirdParty(ThirdPartyId, Scopes) }
    enum Scope { PayeeCheck, Rates, PhoneChannel }
    enum PinCheck { Right, Wrong { tries_left }, Locked { until: [UNTIL.parse::<Timestamp>().unwrap()] }, NotSet }
    enum ApprovalUse { Approved, Waiting, Refused, Expired, Other, Unknown }
    enum Document { Terms, Privacy }
    enum ConsentPurpose { Marketing, Personalization, Sharing }
    enum RecoveryStage { Asked, Refused, Done }
    enum EndReason { SignedOut, Revoked, PasswordChanged, StaffChanged, ThirdPartyChanged, Erased }
    enum Content {
        OneTimeCode { code: ["123456"], purpose: ["sign_in"], minutes },
        Movement { account_tail: TAIL, incoming, amount: ["12.30 CNY"], balance: ["100.00 CNY"] },
        FreezeChanged { account_tail: TAIL, frozen },
        NewDevice { device: ["Chrome · Windows"] },
        PasskeyChanged { passkey: ["Apple · Safari · iPhone"], added },
        TotpChanged { added },
        ErasureAsked { on: ["2026-01-12"] },
        ErasureWithdrawn { by_bank },
        Recovery { stage, ready_at: maybe("2026-01-06 10:00") },
    }
    enum Language { Chinese, English }
}

impl Sampled for Reference {
    fn samples() -> Vec<Self> {
        vec![Self::parse("CASE-20260105-0001").unwrap()]
    }
}

/// A whole second: written without a fraction.
const UNTIL: &str = "2026-01-05T02:00:00Z";
