//! With what somebody signs in.

use contracts::identity::Assurance;
use serde::{Deserialize, Serialize};

/// What was proved at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Method {
    /// By becoming a customer: code, name and identity number.
    SignUp,
    /// The password.
    Password,
    /// A one-time code.
    Code,
    /// The password and a one-time code.
    PasswordAndCode,
    /// The password and a code of the authenticator app.
    PasswordAndTotp,
    /// The password, and not what was asked beside it on a new device.
    PasswordAlone,
    /// A passkey.
    Passkey,
    /// A phone that is signed in scanned the page's code, and its owner approved.
    Scan,
    /// The payment PIN, keyed in during a call from the customer's number.
    CallPin,
    /// A call from the customer's number, approved in the app.
    CallApproval,
    /// Nothing: a page of the bank's was opened in a session.
    Exchange,
    /// A third party signed an assertion with a key that is registered.
    Assertion,
    /// A member of staff made a passkey, by an enrollment code.
    Enrollment,
}

impl Method {
    /// Whether what was proved is enough to make the key of the device a factor from then on.
    pub(crate) const fn makes_trust(self) -> bool {
        matches!(self, Self::SignUp | Self::Passkey | Self::Enrollment)
    }

    /// Whether it shows that its owner needs no new password.
    pub(crate) const fn needs_no_recovery(self) -> bool {
        matches!(self, Self::Password | Self::PasswordAndCode | Self::PasswordAndTotp | Self::Passkey)
    }

    /// Whether it proves something that is not taken over with the phone's number, or its owner has nothing yet to be taken.
    pub(crate) const fn stands_without_number(self) -> bool {
        matches!(self, Self::SignUp | Self::PasswordAndTotp | Self::Passkey)
    }

    /// Whether a code of the authenticator app proves something else than what was proved before.
    pub(crate) const fn is_strengthened_by_totp(self) -> bool {
        matches!(self, Self::Password)
    }

    /// How sure the bank is of who is there. A password and a phone are two factors, as are a password and an authenticator
    /// app; so is a passkey: the device that holds its key, and the finger, face or code with which its owner unlocks it
    /// (user verification is required).
    pub(crate) const fn assurance(self) -> Assurance {
        match self {
            Self::SignUp
            | Self::Password
            | Self::PasswordAlone
            | Self::Code
            | Self::Scan
            | Self::CallPin
            | Self::CallApproval
            | Self::Exchange
            | Self::Assertion => Assurance::OneFactor,
            Self::PasswordAndCode | Self::PasswordAndTotp | Self::Passkey | Self::Enrollment => {
                Assurance::TwoFactor
            }
        }
    }
}
