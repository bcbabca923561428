//! How much is asked of a customer who signs in: one factor where they are known, on a device and at a place that they
//! signed in with before, two where they are not.
//!
//! A password that was read over somebody's shoulder, and a phone number that was taken over, each open nothing on a device
//! that never signed its owner in (decision 0030). A passkey is two factors wherever it is.

use clock::Timestamp;

use super::method::Method;

/// What a customer proves at the door with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// The password.
    Password,
    /// A code sent to the phone.
    Code,
    /// A code of the authenticator app.
    Totp,
}

impl Proof {
    /// As it is written in answers.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
            Self::Totp => "totp",
        }
    }
}

/// What the device of one who signs in is to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It signed them in before.
    Known,
    /// It did, and is another kind of machine now: what it holds may have been copied.
    Changed,
    /// It never did.
    New,
}

/// Why one factor is not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Because {
    /// The device never signed this customer in.
    Device,
    /// The device is another kind of machine than it was.
    Machine,
    /// They were never near the place.
    Place,
    /// They cannot have come to the place since they were seen last.
    Journey,
    /// The SIM of their phone was changed of late.
    Sim,
}

impl Because {
    /// As it is written in answers.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Machine => "machine",
            Self::Place => "place",
            Self::Journey => "journey",
            Self::Sim => "sim",
        }
    }
}

/// What is asked beside what was proved: the one, or the other in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) also: Proof,
    pub(crate) or: Option<Proof>,
    pub(crate) because: Because,
}

/// What a customer could prove with beside password and passkeys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Means {
    /// Whether there is a phone to send a code to; customers who were taken over may have none.
    pub(crate) has_phone: bool,
    /// Until when what comes to it proves nothing, because its SIM was changed of late.
    pub(crate) number_held: Option<Timestamp>,
    /// Whether an authenticator app is in force.
    pub(crate) has_totp: bool,
}

/// What is asked beside what `method` proves. An authenticator app is not taken over with the number, so it comes first.
///
/// # Errors
/// Nothing that they have is enough before that instant.
pub(crate) fn wanted_beside(
    method: Method,
    means: Means,
    because: Because,
) -> Result<Option<Wanted>, Timestamp> {
    let Means { has_phone, number_held, has_totp } = means;
    let totp = |or| Ok(Some(Wanted { also: Proof::Totp, or, because }));
    match (method, number_held) {
        (Method::Password | Method::PasswordAndCode, Some(_)) if has_totp => totp(None),
        (Method::Password | Method::PasswordAndCode, Some(until)) => Err(until),
        (Method::Password, None) if has_totp => totp(if has_phone { Some(Proof::Code) } else { None }),
        (Method::Password, None) if has_phone => Ok(Some(Wanted { also: Proof::Code, or: None, because })),
        (Method::Code, _) => Ok(Some(password_too(because))),
        _ => Ok(None),
    }
}

/// Beside a code sent to the phone, the same is asked of everybody: also of a phone that nobody has.
pub(crate) const fn password_too(because: Because) -> Wanted {
    Wanted { also: Proof::Password, or: None, because }
}
