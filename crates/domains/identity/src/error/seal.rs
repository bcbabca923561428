//! Why passwords are not taken as they came.

use http::Consequence;

/// A refusal about how passwords travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SealRefused {
    /// They came open, and this bank takes sealed ones alone.
    #[error("the passwords were not sealed")]
    Missing,
    /// The envelope was used, is too old or is none of ours, or does not hold what was sealed to it.
    #[error("what was sealed cannot be opened")]
    Broken,
}

impl SealRefused {
    pub(super) fn consequence(self) -> Consequence {
        let row = |code, zh: &str, en: &str| Consequence::new(422, code, zh, en);
        match self {
            Self::Missing => row(
                "password_unsealed",
                "本行只接受加密后的密码，请使用本行页面，或更新您的应用。",
                "This bank takes sealed passwords only. Use the bank's own pages, or update your application.",
            ),
            Self::Broken => row(
                "password_seal_broken",
                "密码的加密信息已失效或不完整，请重新提交。",
                "What the password was sealed with is used, too old or damaged. Please send it again.",
            ),
        }
    }
}
