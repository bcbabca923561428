//! One-time codes: what each is for and what came of a try.

use clock::Timestamp;
use ids::CustomerId;

/// What a code is for. A code for one purpose is none for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    SignUp,
    SignIn,
    ResetPassword,
}

impl Purpose {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::SignIn => "sign_in",
            Self::ResetPassword => "reset_password",
        }
    }
}

/// What is kept of a code that was sent, or would have been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) hash: [u8; 32],
    pub(crate) tries: u32,
    pub(crate) expires_at: Timestamp,
    /// Under which id the one who proved it is signed up; kept so that a repeated request means the same person.
    pub(crate) customer: Option<CustomerId>,
}

impl Code {
    /// Whether it may be tried at all.
    pub(crate) fn is_open(&self, tries_max: u32, now: Timestamp) -> bool {
        now < self.expires_at && self.tries < tries_max
    }
}

/// Six digits, or not: what cannot be a code is not worth a look-up.
pub(crate) fn is_code(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit())
}
