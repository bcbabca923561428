//! How much is asked of a customer who signs in: one factor where they are known, two where they are not.
//!
//! A password that was read over somebody's shoulder, and a phone number that was taken over, each open nothing on a device
//! that never signed its owner in (decision 0030). A passkey is two factors wherever it is.

use super::method::Method;

/// What a customer proves at the door with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// The password.
    Password,
    /// A code sent to the phone.
    Code,
}

impl Proof {
    /// As it is written in answers.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
        }
    }
}

/// What is asked beside what `method` proves, on a device that never signed this customer in. `has_phone`: whether there is
/// one to send a code to; customers who were taken over without one have nothing else.
pub(crate) const fn wanted_beside(method: Method, has_phone: bool) -> Option<Proof> {
    match method {
        Method::Password if has_phone => Some(Proof::Code),
        Method::Code => Some(Proof::Password),
        _ => None,
    }
}
