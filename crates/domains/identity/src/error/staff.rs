//! Why somebody of the bank's people is not added, removed, enrolled or let in.

use http::Consequence;

/// A refusal about staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StaffRefused {
    /// A member of staff has this name.
    #[error("the staff name is taken")]
    NameTaken,
    /// Nobody removes themselves.
    #[error("staff cannot remove themselves")]
    RemoveSelf,
    /// Nobody takes their own passkey away.
    #[error("staff cannot enroll themselves again")]
    EnrollSelf,
    /// Somebody must be left who can add others.
    #[error("the last administrator cannot be removed")]
    LastAdministrator,
    /// Staff of this bank sign in with passkeys.
    #[error("staff do not sign in with passwords here")]
    PasswordsOff,
    /// Name and enrollment code do not belong together, or the code is used or too old. Never says which.
    #[error("enrollment refused")]
    Enrollment,
}

impl StaffRefused {
    pub(super) fn consequence(self) -> Consequence {
        let row = |status, code, zh: &str, en: &str| Consequence::new(status, code, zh, en);
        match self {
            Self::NameTaken => {
                row(409, "staff_name_taken", "该登录名已被使用。", "A member of staff has this name already.")
            }
            Self::RemoveSelf => {
                row(409, "staff_is_self", "不能移除自己的账号。", "You cannot remove yourself.")
            }
            Self::EnrollSelf => row(
                409,
                "staff_is_self",
                "不能重新登记自己的账号，请由另一位管理员办理。",
                "You cannot enroll yourself again. Have another administrator do it.",
            ),
            Self::LastAdministrator => row(
                409,
                "last_administrator",
                "至少须保留一名管理员。",
                "At least one administrator must be left.",
            ),
            Self::PasswordsOff => row(
                403,
                "staff_passwords_off",
                "本行员工不使用密码登录，请使用通行密钥；尚未登记的，请用登记码办理首次登录。",
                "Staff of this bank do not sign in with passwords. Use your passkey, or, the first time, your \
                 enrollment code.",
            ),
            Self::Enrollment => row(
                403,
                "enrollment_refused",
                "员工账号与登记码不符，或登记码已使用、已过期。请核对，或请管理员重新登记。",
                "The name and the enrollment code do not belong together, or the code was used or is too old. Check \
                 them, or ask an administrator for another code.",
            ),
        }
    }
}
