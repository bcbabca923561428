//! The rows of identity's tables.
#![expect(unreachable_pub, reason = "the derive of an entity makes public items; the migrations explain")]

macro_rules! row {
    ($module:ident, $table:literal, { $($(#[$attribute:meta])* $field:ident: $kind:ty),* $(,)? }) => {
        pub(super) mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model { $($(#[$attribute])* pub $field: $kind),* }

            // INVARIANT: rows hold hashes of secrets; none is ever printed.
            impl std::fmt::Debug for Model {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(concat!($table, " [hidden]"))
                }
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}
            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

row!(name, "identity_name", {
    #[sea_orm(primary_key, auto_increment = false)]
    name_index: Vec<u8>,
    customer: Vec<u8>,
});

row!(credential, "identity_credential", {
    #[sea_orm(primary_key, auto_increment = false)]
    customer: Vec<u8>,
    password: String,
    changed_at: i64,
    pin_salt: Option<Vec<u8>>,
    pin_verifier: Option<Vec<u8>>,
    pin_count: i64,
    pin_level: i64,
    pin_first_at: i64,
    pin_last_at: i64,
    pin_version: i64,
    held_until: i64,
    sim_asked_at: i64,
    sim_held_until: i64,
});

row!(device, "identity_device", {
    #[sea_orm(primary_key, auto_increment = false)]
    token_hash: Vec<u8>,
    id: Vec<u8>,
    made_at: i64,
});

row!(known_device, "identity_known_device", {
    #[sea_orm(primary_key, auto_increment = false)]
    owner: Vec<u8>,
    #[sea_orm(primary_key, auto_increment = false)]
    device: Vec<u8>,
    name: String,
    first_at: i64,
    last_at: i64,
    device_key: Option<Vec<u8>>,
    trusted_at: Option<i64>,
});

row!(session, "identity_session", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Vec<u8>,
    token_hash: Vec<u8>,
    customer: Option<Vec<u8>>,
    staff: Option<Vec<u8>>,
    role: Option<String>,
    channel: String,
    device: Vec<u8>,
    device_name: String,
    assurance: String,
    started_at: i64,
    last_seen_at: i64,
    expires_at: i64,
    ended_at: Option<i64>,
    method: String,
    proved_at: i64,
    device_key: Option<Vec<u8>>,
    third_party: Option<Vec<u8>>,
    scopes: Option<String>,
    emergency_until: Option<i64>,
    parent: Option<Vec<u8>>,
});

row!(passkey, "identity_passkey", {
    #[sea_orm(primary_key, auto_increment = false)]
    credential: Vec<u8>,
    id: Vec<u8>,
    owner: Vec<u8>,
    public_key: Vec<u8>,
    sign_count: i64,
    aaguid: Vec<u8>,
    transports: String,
    backup_eligible: i64,
    backed_up: i64,
    name: String,
    added_at: i64,
    last_used_at: Option<i64>,
    of_staff: i64,
});

row!(totp, "identity_totp", {
    #[sea_orm(primary_key, auto_increment = false)]
    customer: Vec<u8>,
    secret: Vec<u8>,
    step: i64,
    added_at: i64,
    last_used_at: Option<i64>,
});

row!(totp_waiting, "identity_totp_waiting", {
    #[sea_orm(primary_key, auto_increment = false)]
    customer: Vec<u8>,
    secret: Vec<u8>,
    session: Vec<u8>,
    expires_at: i64,
});

row!(approval, "identity_approval", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Vec<u8>,
    customer: Vec<u8>,
    session: Vec<u8>,
    channel: String,
    device_name: String,
    order_hash: String,
    act: Vec<u8>,
    digest: Vec<u8>,
    state: String,
    asked_at: i64,
    expires_at: i64,
    decided_at: Option<i64>,
    evidence: Option<Vec<u8>>,
    used_by: Option<Vec<u8>>,
});

row!(recovery, "identity_recovery", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Vec<u8>,
    customer: Vec<u8>,
    requester: Vec<u8>,
    channel: String,
    device_name: String,
    asked_at: i64,
    ready_at: i64,
    expires_at: i64,
    vouched_by: Option<Vec<u8>>,
    confirmed_by: Option<Vec<u8>>,
    ended_at: Option<i64>,
    outcome: Option<String>,
});

row!(call, "identity_call", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Vec<u8>,
    third_party: Vec<u8>,
    device_key: Vec<u8>,
    customer: Option<Vec<u8>>,
    number: i64,
    state: String,
    pins: i64,
    session: Option<Vec<u8>>,
    assurance: Option<String>,
    asked_at: i64,
    expires_at: i64,
});

row!(scan, "identity_scan", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Vec<u8>,
    code_hash: Vec<u8>,
    requester: Vec<u8>,
    device_key: Option<Vec<u8>>,
    network: Vec<u8>,
    channel: String,
    device_name: String,
    number: i64,
    state: String,
    customer: Option<Vec<u8>>,
    session: Option<Vec<u8>>,
    assurance: Option<String>,
    asked_at: i64,
    expires_at: i64,
});

row!(answered, "identity_answered", {
    #[sea_orm(primary_key, auto_increment = false)]
    challenge: Vec<u8>,
    expires_at: i64,
});

row!(sign_in, "identity_sign_in", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Vec<u8>,
    owner: Vec<u8>,
    at: i64,
    method: String,
    refused: i64,
    channel: String,
    device_name: String,
    latitude: Option<i16>,
    longitude: Option<i16>,
});

row!(code, "identity_code", {
    #[sea_orm(primary_key, auto_increment = false)]
    phone_index: Vec<u8>,
    #[sea_orm(primary_key, auto_increment = false)]
    purpose: String,
    #[sea_orm(primary_key, auto_increment = false)]
    requester: Vec<u8>,
    network: Vec<u8>,
    code_hash: Vec<u8>,
    tries: i64,
    sent_at: i64,
    expires_at: i64,
    customer: Option<Vec<u8>>,
});

row!(tries, "identity_tries", {
    #[sea_orm(primary_key, auto_increment = false)]
    tries_key: Vec<u8>,
    count: i64,
    level: i64,
    first_at: i64,
    last_at: i64,
});

row!(erasure, "identity_erasure", {
    #[sea_orm(primary_key, auto_increment = false)]
    customer: Vec<u8>,
    asked_at: i64,
    due_at: i64,
    staff: Option<Vec<u8>>,
    english: i64,
});

row!(staff, "identity_staff", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Vec<u8>,
    name: String,
    password: String,
    role: String,
    added_at: i64,
    removed_at: Option<i64>,
});

row!(staff_enrollment, "identity_staff_enrollment", {
    #[sea_orm(primary_key, auto_increment = false)]
    staff: Vec<u8>,
    code_hash: Vec<u8>,
    given_at: i64,
    expires_at: i64,
});

row!(tablet, "identity_tablet", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Vec<u8>,
    name: String,
    device_key: Option<Vec<u8>>,
    code_hash: Option<Vec<u8>>,
    code_expires_at: i64,
    added_at: i64,
    added_by: Vec<u8>,
    removed_at: Option<i64>,
});

row!(third_party, "identity_third_party", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Vec<u8>,
    name: String,
    scopes: String,
    added_at: i64,
    added_by: Vec<u8>,
    removed_at: Option<i64>,
});

row!(third_party_key, "identity_third_party_key", {
    #[sea_orm(primary_key, auto_increment = false)]
    thumbprint: Vec<u8>,
    third_party: Vec<u8>,
    jwk: String,
    added_at: i64,
    removed_at: Option<i64>,
});

row!(countersignature, "identity_countersignature", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Vec<u8>,
    staff: Vec<u8>,
    session: Vec<u8>,
    action: String,
    service: String,
    subjects: String,
    line: String,
    body_sha256: Vec<u8>,
    body_bytes: i64,
    body: Option<Vec<u8>>,
    state: String,
    asked_at: i64,
    expires_at: i64,
    decided_at: Option<i64>,
    decided_by: Option<Vec<u8>>,
    closed_at: Option<i64>,
});

row!(emergency, "identity_emergency", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Vec<u8>,
    staff: Vec<u8>,
    session: Vec<u8>,
    reason: String,
    reference: String,
    begun_at: i64,
    until_at: i64,
    ended_at: Option<i64>,
    reviewed_by: Option<Vec<u8>>,
    reviewed_at: Option<i64>,
    justified: Option<i64>,
});
