//! All SQL of identity. Functions that take a transaction are parts of one unit of work; the rest read.

mod approval;
mod call;
mod code;
mod countersignature;
mod credential;
mod device;
mod emergency;
mod enrollment;
mod erasure;
mod passkey;
mod recovery;
mod row;
mod scan;
mod session;
mod sign_in;
mod sim;
mod staff;
mod tablet;
mod third_party;
mod totp;
mod tries;

use clock::Timestamp;
use sea_orm::DbErr;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use approval::{
    ApprovalRow, approval, decide_approval, insert_approval, use_approval, waiting_approvals,
};
pub(crate) use call::{
    CallRow, call, count_call_pin, decide_call, insert_call, open_calls_of, remove_expired_calls, use_call,
};
pub(crate) use code::{NewCode, code_of, keep_code, remove_code, remove_expired_codes, write_code_try};
pub(crate) use countersignature::{
    CountersignatureRow, close_countersignature, countersignature, decide_countersignature,
    forget_countersigned_bodies, insert_countersignature, open_countersignature, recent_countersignatures,
};
pub(crate) use credential::{
    NewCredential, credential, customer_of_name, enroll, insert_credential, pin_of, write_password, write_pin,
};
pub(crate) use device::{
    Arriving, KnownDevice, Owner, device_of_token, forget_device, know_device, known_device, known_devices,
    knows, trust_device,
};
pub(crate) use emergency::{
    EmergencyRow, emergencies, emergencies_begun, emergency, end_emergency, insert_emergency,
    review_emergency,
};
pub(crate) use enrollment::{
    EnrollmentRow, enrollment_of, enrollments, keep_enrollment, remove_enrollment,
    remove_expired_enrollments, use_enrollment,
};
pub(crate) use erasure::{
    ErasureRow, due_erasures, erasure_of, forget_customer, insert_erasure, names_of, remove_erasure,
};
pub(crate) use passkey::{
    Holder, PasskeyRow, answer_challenge, insert_passkey, passkey_of, passkeys_of, remove_old_challenges,
    remove_passkey, remove_staff_passkeys, staff_passkeys, was_answered, write_passkey_use,
};
pub(crate) use recovery::{
    RecoveryRow, confirm, end_expired_recoveries, end_recovery, held_until, hold_until, insert_recovery,
    open_recoveries, remove_old_recoveries, vouch,
};
pub(crate) use scan::{
    ScanRow, approve_scan, insert_scan, remove_expired_scans, scan, scan_of_code, take_scan, use_scan,
};
pub(crate) use session::{
    SessionRow, Whose, end_sessions, insert_session, live_session, live_sessions, live_sessions_of,
    remove_ended_sessions, session_of_token, write_emergency, write_last_seen, write_proof,
};
pub(crate) use sign_in::{SignInRow, insert_sign_in, remove_old_sign_ins, sign_ins_of, visits_of};
pub(crate) use sim::{write_sim, write_sim_changed, write_sim_unchanged};
pub(crate) use staff::{
    StaffRow, insert_staff, remove_staff, staff_by_id, staff_by_name, staff_list, write_staff,
};
pub(crate) use tablet::{
    TabletRow, give_tablet_key, insert_tablet, remove_tablet, tablet_of_code, tablet_of_key, tablets,
};
pub(crate) use third_party::{
    ThirdPartyKeyRow, ThirdPartyRow, insert_third_party, insert_third_party_key, remove_third_party,
    remove_third_party_key, third_parties, third_party, third_party_keys,
};
pub(crate) use totp::{
    TotpRow, WaitingTotpRow, keep_waiting_totp, put_totp, remove_expired_totps, remove_totp,
    remove_waiting_totp, take_totp_step, totp_of, use_waiting_totp, waiting_totp,
};
pub(crate) use tries::{TriesKey, clear_tries, refund_tries, remove_old_tries, take_tries};

/// A keyed hash.
pub(crate) type Hash = [u8; 32];

/// Something in a row is not what this program writes.
fn damaged(what: &str) -> DbErr {
    DbErr::Type(format!("`{what}` in an identity table is not readable"))
}

fn array<const N: usize>(bytes: &[u8], what: &str) -> Result<[u8; N], DbErr> {
    bytes.try_into().map_err(|_| damaged(what))
}

fn instant(micros: i64) -> Result<Timestamp, DbErr> {
    Timestamp::from_microsecond(micros).map_err(|_| damaged("instant"))
}

/// Choices of the contract are stored by the word they have there.
fn word<T: Serialize>(choice: T) -> Result<String, DbErr> {
    match serde_json::to_value(choice) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(damaged("choice")),
    }
}

fn of_word<T: DeserializeOwned>(word: String) -> Result<T, DbErr> {
    serde_json::from_value(serde_json::Value::String(word)).map_err(|_| damaged("choice"))
}

macro_rules! id_of {
    ($name:ident, $id:ty) => {
        fn $name(bytes: &[u8]) -> Result<$id, DbErr> {
            <$id>::try_from_bytes(bytes).map_err(|error| DbErr::Type(error.to_string()))
        }
    };
}
id_of!(approval_id, ids::ApprovalId);
id_of!(call_id, ids::CallId);
id_of!(countersignature_id, ids::CountersignatureId);
id_of!(customer_id, ids::CustomerId);
id_of!(device_id, ids::DeviceId);
id_of!(emergency_id, ids::EmergencyId);
id_of!(passkey_id, ids::PasskeyId);
id_of!(recovery_id, ids::RecoveryId);
id_of!(scan_id, ids::ScanId);
id_of!(session_id, ids::SessionId);
id_of!(sign_in_id, ids::SignInId);
id_of!(staff_id, ids::StaffId);
id_of!(third_party_id, ids::ThirdPartyId);
