//! The settings of identity.

mod branch;
mod carrier;

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webauthn::{ConfigRefused, RelyingParty};

pub use branch::BranchSettings;
pub use carrier::CarrierSettings;

/// Identity: passwords, payment PINs, one-time codes, sessions, and how many wrong tries are borne.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whether cookies are sent over TLS only. Set it to true wherever the bank is not on loopback.
    pub cookie_secure: bool,
    /// The domain to which passkeys are bound, for example `bank.example`. A passkey is good on this domain and below
    /// it, and on no other for ever: choose it well. `localhost` is for trying the bank out on one machine.
    pub relying_party: String,
    /// What browsers call the bank when they ask for a passkey.
    pub relying_party_name: String,
    /// Where the bank's pages are, for example `https://app.bank.example`. Passkeys are taken from there alone; with
    /// none given and `localhost` above, from this machine at any port.
    pub origins: Vec<String>,
    /// How long a customer may take to unlock a passkey, seconds.
    #[schemars(range(min = 30, max = 3600))]
    pub passkey_ceremony_s: u32,
    /// Passkeys of one customer.
    #[schemars(range(min = 1, max = 100))]
    pub passkeys_max: usize,
    /// For so long after a sign-in or a proof, what needs a proof is done without another, seconds.
    #[schemars(range(min = 0, max = 3600))]
    pub step_up_good_s: u32,
    /// How long a customer may take to approve a transfer, and to use the approval, seconds.
    #[schemars(range(min = 30, max = 3600))]
    pub approval_good_s: u32,
    /// How many days a customer has to think it over after asking to be erased.
    #[schemars(range(min = 0, max = 365))]
    pub erasure_wait_days: u32,
    /// How many years what is sealed of an erased customer who had an account is kept, shown to nobody, before their key
    /// is destroyed. The law on money laundering (反洗钱法, article 34) has banks keep it for ten. 0: not at all.
    #[schemars(range(min = 0, max = 50))]
    pub erasure_kept_years: u32,
    /// How long whoever forgot the password waits for a new one where the device is not known to be theirs, seconds.
    #[schemars(range(min = 1, max = 2592000))]
    pub recovery_wait_s: u32,
    /// The same for customers who have a passkey, or whose SIM was changed of late, seconds.
    #[schemars(range(min = 1, max = 2592000))]
    pub recovery_passkey_wait_s: u32,
    /// How long the new password can then be set, seconds.
    #[schemars(range(min = 60, max = 2592000))]
    pub recovery_good_s: u32,
    /// After a recovery that waited, the new password alone sets no PIN and no passkey for so long, seconds.
    #[schemars(range(min = 0, max = 2592000))]
    pub recovery_hold_s: u32,
    /// Recoveries that can be asked for one customer, per week.
    #[schemars(range(min = 1, max = 100))]
    pub recoveries_per_week_max: u32,
    /// Wrong identity numbers for one customer, per day.
    #[schemars(range(min = 1, max = 100))]
    pub recovery_identity_tries_max: u32,
    /// How long a code to be scanned is good, and then how long the owner of the phone may take to approve, seconds.
    #[schemars(range(min = 30, max = 3600))]
    pub scan_good_s: u32,
    /// Codes to be scanned shown to one network address, per hour.
    #[schemars(range(min = 1, max = 1000000))]
    pub scans_per_address_hour_max: u32,
    /// Whether customers can sign in only from where their device proves with a key of its own to be there (RFC 9449).
    /// The bank's pages always do; programs and old browsers may not.
    pub device_proof_required: bool,
    /// Whether a device that never signed a customer in takes two factors: the password and a one-time code, or a passkey. A
    /// bank that was generated asks for one: its customers have no phones. Whoever has an authenticator app is asked for two
    /// in any case.
    pub new_device_two_factors: bool,
    /// Where addresses are: a file in the MaxMind DB format with places (GeoLite2 City, DB-IP City Lite and others), which
    /// the bank gets and renews. With it, who signs in far from where they ever did, or sooner than anybody travels, is
    /// asked two factors on a known device, too.
    pub places_file: Option<PathBuf>,
    /// Who knows when the SIM of a phone was changed.
    pub carrier: CarrierSettings,
    /// Whether passwords of customers are taken only as a page sealed them (SM2), so that nobody on the way to the bank reads
    /// them. The bank's pages always seal. A bank that was generated takes open ones from programs, too.
    pub sealed_passwords: bool,
    /// Tablets that stand in branches.
    pub branch: BranchSettings,
    /// Mini-programs and embedded pages that the bank's pages open with a session of their own (decision 0035), for example
    /// `[{ id = "life", name = "生活服务" }]`. The id is what pages ask for, the name is what customers see.
    pub mini_programs: Vec<MiniProgram>,
    /// A session of a mini-program ends after so many seconds in any case, and with the session that it was opened in.
    #[schemars(range(min = 60, max = 3600))]
    pub mini_program_whole_s: u32,
    /// How long a call to the telephone system can be signed in, seconds.
    #[schemars(range(min = 30, max = 600))]
    pub call_good_s: u32,
    /// Calls of one number that ask to be signed in, per hour.
    #[schemars(range(min = 1, max = 1000))]
    pub calls_per_number_hour_max: u32,
    /// Calls that ask to be signed in through one telephone system, per hour.
    #[schemars(range(min = 1, max = 10000000))]
    pub calls_per_system_hour_max: u32,
    /// A session of a customer who called ends after so many seconds in any case.
    #[schemars(range(min = 60, max = 3600))]
    pub phone_session_s: u32,
    /// How long a token of a third party is good, seconds.
    #[schemars(range(min = 60, max = 3600))]
    pub third_party_token_s: u32,
    /// Tokens for third parties that one network address may ask for, per hour.
    #[schemars(range(min = 1, max = 1000000))]
    pub third_party_tokens_per_address_hour_max: u32,
    /// Memory of one password hash (argon2id), KiB. The default follows OWASP's second recommendation.
    #[schemars(range(min = 8, max = 1048576))]
    pub password_memory_kib: u32,
    /// Passes of one password hash.
    #[schemars(range(min = 1, max = 64))]
    pub password_passes: u32,
    /// Password hashes computed at the same time; further ones wait. 0: half of the processors.
    #[schemars(range(min = 0, max = 256))]
    pub password_hashes_max: u32,
    /// Password hashes that may wait; beyond it a sign-in is refused as overloaded.
    #[schemars(range(min = 1, max = 100000))]
    pub password_waiting_max: u32,
    /// A customer's session ends after so many seconds without a request.
    #[schemars(range(min = 60, max = 2592000))]
    pub session_idle_s: u32,
    /// A customer's session ends after so many seconds in any case.
    #[schemars(range(min = 60, max = 31536000))]
    pub session_whole_s: u32,
    /// A staff session ends after so many seconds without a request.
    #[schemars(range(min = 60, max = 86400))]
    pub staff_idle_s: u32,
    /// A staff session ends after so many seconds in any case.
    #[schemars(range(min = 60, max = 604800))]
    pub staff_whole_s: u32,
    /// How long what takes two pairs of eyes can be countersigned, and then be done, seconds.
    #[schemars(range(min = 60, max = 2592000))]
    pub countersignature_good_s: u32,
    /// How long a member of staff who declares an emergency may do more than usual, seconds.
    #[schemars(range(min = 60, max = 14400))]
    pub emergency_s: u32,
    /// Emergencies that one member of staff may declare, per day.
    #[schemars(range(min = 1, max = 1000))]
    pub emergencies_per_day_max: u32,
    /// How long a code is good with which a member of staff registers a passkey, seconds.
    #[schemars(range(min = 300, max = 2592000))]
    pub staff_enrollment_s: u32,
    /// Whether staff can sign in with passwords, too. For tests; a bank that was generated lets them anyway.
    pub staff_passwords: bool,
    /// How often the times of last use are written down, seconds.
    #[schemars(range(min = 1, max = 3600))]
    pub last_seen_every_s: u32,
    /// How long a one-time code is good, seconds.
    #[schemars(range(min = 60, max = 3600))]
    pub code_good_s: u32,
    /// How often one code may be tried.
    #[schemars(range(min = 1, max = 10))]
    pub code_tries_max: u32,
    /// Codes are sent to one requester of one phone, per hour.
    #[schemars(range(min = 1, max = 1000))]
    pub codes_per_hour_max: u32,
    /// Codes sent to one phone on request of devices it does not know, per day.
    #[schemars(range(min = 1, max = 10000))]
    pub codes_per_phone_day_max: u32,
    /// Codes sent on request of one network address, per hour.
    #[schemars(range(min = 1, max = 1000000))]
    pub codes_per_address_hour_max: u32,
    /// Seconds before a code may be sent again.
    #[schemars(range(min = 0, max = 3600))]
    pub code_resend_s: u32,
    /// A request for a code is answered no sooner than this, so that its time does not tell who is a customer, ms.
    #[schemars(range(min = 0, max = 1000))]
    pub code_answer_ms: u32,
    /// Wrong passwords of one device that has signed in before, in a quarter of an hour.
    #[schemars(range(min = 1, max = 1000))]
    pub tries_known_device_max: u32,
    /// Wrong passwords for one name from one address without a known device, in a quarter of an hour.
    #[schemars(range(min = 1, max = 1000))]
    pub tries_stranger_max: u32,
    /// Wrong passwords for one name from all strangers together, per hour. Known devices are not held up by it.
    #[schemars(range(min = 1, max = 100000))]
    pub tries_name_hour_max: u32,
    /// Wrong passwords from one address for all names, in a quarter of an hour.
    #[schemars(range(min = 1, max = 1000000))]
    pub tries_address_max: u32,
    /// The first hold after too many wrong passwords, seconds; each further one is twice as long.
    #[schemars(range(min = 1, max = 86400))]
    pub hold_s: u32,
    /// The longest hold after wrong passwords, seconds.
    #[schemars(range(min = 1, max = 604800))]
    pub hold_max_s: u32,
    /// Wrong codes of one customer's authenticator app, in a day or until a right one.
    #[schemars(range(min = 1, max = 100))]
    pub totp_tries_max: u32,
    /// The first hold after too many wrong codes of an authenticator app, seconds; each further one is twice as long.
    #[schemars(range(min = 1, max = 86400))]
    pub totp_hold_s: u32,
    /// The longest hold after wrong codes of an authenticator app, seconds.
    #[schemars(range(min = 1, max = 604800))]
    pub totp_hold_max_s: u32,
    /// Wrong payment PINs before it locks.
    #[schemars(range(min = 1, max = 10))]
    pub pin_tries_max: u32,
    /// The first lock of a payment PIN, seconds; each further one is twice as long.
    #[schemars(range(min = 60, max = 86400))]
    pub pin_lock_s: u32,
    /// The longest lock of a payment PIN, seconds.
    #[schemars(range(min = 60, max = 2592000))]
    pub pin_lock_max_s: u32,
}

/// A mini-program, or an embedded page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MiniProgram {
    /// Lower-case letters, digits and hyphens, at most 40.
    pub id: String,
    /// At most 40 characters.
    pub name: String,
}

/// A mini-program cannot be called so, or two are called alike.
#[derive(Debug, thiserror::Error)]
#[error(
    "the mini-program `{0}` needs an id of its own (a-z, 0-9, hyphens, at most 40) and a name of at most 40 characters"
)]
pub(crate) struct MiniProgramMalformed(String);

/// Characters of the id or the name of a mini-program.
const MINI_PROGRAM_MAX: usize = 40;

/// The relying party of a bank that was not told its own: browsers take passkeys there without a certificate.
const LOCAL: &str = "localhost";

impl Settings {
    /// That each mini-program can be told from the others, and be shown.
    ///
    /// # Errors
    /// [`MiniProgramMalformed`].
    pub(crate) fn check_mini_programs(&self) -> Result<(), MiniProgramMalformed> {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        for MiniProgram { id, name } in &self.mini_programs {
            let alike = self.mini_programs.iter().filter(|other| other.id == *id).count();
            let fits = |text: &str| (1..=MINI_PROGRAM_MAX).contains(&text.trim().chars().count());
            if alike != 1
                || !fits(id)
                || !id.chars().all(is_plain)
                || !fits(name)
                || name.contains(char::is_control)
            {
                return Err(MiniProgramMalformed(id.clone()));
            }
        }
        Ok(())
    }

    /// The bank as browsers know it, at the origins that are set. With none set it is tried out on one machine.
    ///
    /// # Errors
    /// [`ConfigRefused`].
    pub(crate) fn relying_party(&self) -> Result<RelyingParty, ConfigRefused> {
        let local = || vec![format!("http://{LOCAL}")];
        let origins = if self.origins.is_empty() { local() } else { self.origins.clone() };
        RelyingParty::try_new(self.relying_party.as_str(), self.relying_party_name.as_str(), origins)
    }

    /// The same for a page of `origin`: while the bank is tried out on one machine, its pages may be at any port.
    ///
    /// # Errors
    /// [`ConfigRefused`].
    pub(crate) fn relying_party_at(&self, origin: &str) -> Result<RelyingParty, ConfigRefused> {
        if !self.origins.is_empty() || self.relying_party != LOCAL {
            return self.relying_party();
        }
        let (id, name) = (self.relying_party.as_str(), self.relying_party_name.as_str());
        RelyingParty::try_new(id, name, vec![origin.to_owned()])
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            cookie_secure: false,
            relying_party: "localhost".to_owned(),
            relying_party_name: "远行银行".to_owned(),
            origins: Vec::new(),
            passkey_ceremony_s: 5 * 60,
            passkeys_max: 20,
            step_up_good_s: 5 * 60,
            approval_good_s: 180,
            erasure_wait_days: 7,
            erasure_kept_years: 10,
            recovery_wait_s: 24 * 3600,
            recovery_passkey_wait_s: 72 * 3600,
            recovery_good_s: 7 * 24 * 3600,
            recovery_hold_s: 24 * 3600,
            recoveries_per_week_max: 3,
            recovery_identity_tries_max: 5,
            scan_good_s: 120,
            scans_per_address_hour_max: 600,
            device_proof_required: false,
            new_device_two_factors: true,
            places_file: None,
            carrier: CarrierSettings::default(),
            sealed_passwords: true,
            branch: BranchSettings::default(),
            mini_programs: Vec::new(),
            mini_program_whole_s: 3600,
            call_good_s: 120,
            calls_per_number_hour_max: 10,
            calls_per_system_hour_max: 10_000,
            phone_session_s: 900,
            third_party_token_s: 600,
            third_party_tokens_per_address_hour_max: 1_000,
            password_memory_kib: 19_456,
            password_passes: 2,
            password_hashes_max: 0,
            password_waiting_max: 256,
            session_idle_s: 30 * 60,
            session_whole_s: 12 * 3600,
            staff_idle_s: 30 * 60,
            staff_whole_s: 10 * 3600,
            countersignature_good_s: 24 * 3600,
            emergency_s: 900,
            emergencies_per_day_max: 3,
            staff_enrollment_s: 24 * 3600,
            staff_passwords: false,
            last_seen_every_s: 30,
            code_good_s: 5 * 60,
            code_tries_max: 5,
            codes_per_hour_max: 5,
            codes_per_phone_day_max: 20,
            codes_per_address_hour_max: 60,
            code_resend_s: 60,
            code_answer_ms: 40,
            tries_known_device_max: 10,
            tries_stranger_max: 5,
            tries_name_hour_max: 30,
            tries_address_max: 100,
            hold_s: 60,
            hold_max_s: 3600,
            totp_tries_max: 5,
            totp_hold_s: 15 * 60,
            totp_hold_max_s: 24 * 3600,
            pin_tries_max: 5,
            pin_lock_s: 15 * 60,
            pin_lock_max_s: 24 * 3600,
        }
    }
}
