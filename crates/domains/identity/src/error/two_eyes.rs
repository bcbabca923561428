//! Why something is not countersigned, or no emergency begins or ends.

use http::Consequence;

/// A refusal about two pairs of eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TwoEyesRefused {
    /// Nobody countersigns what they asked themselves.
    #[error("nobody countersigns what they asked themselves")]
    Own,
    /// Whoever countersigns must be allowed to do it.
    #[error("the policies do not allow them what they would countersign")]
    NotAllowed,
    /// Another has decided, it was taken back, or its time is over.
    #[error("it no longer waits for anybody")]
    Over,
    /// What is said to be a digest is none.
    #[error("the digest of the body is not one")]
    Digest,
    /// An emergency of theirs is under way.
    #[error("the emergency is under way")]
    UnderWay,
    /// They have declared as many as may be in a day.
    #[error("there are as many emergencies as there may be in a day")]
    TooManyEmergencies,
    /// It has ended, or another has looked at it.
    #[error("the emergency is over")]
    EmergencyOver,
    /// Nobody judges their own.
    #[error("nobody reviews their own emergency")]
    OwnEmergency,
}

impl TwoEyesRefused {
    pub(super) fn consequence(self) -> Consequence {
        let row = |status, code, zh: &str, en: &str| Consequence::new(status, code, zh, en);
        match self {
            Self::Own => row(
                409,
                "countersignature_own",
                "不能复核自己提交的业务，请由另一位员工复核。",
                "You cannot countersign what you asked yourself. Another member of staff has to.",
            ),
            Self::NotAllowed => row(
                403,
                "not_allowed",
                "您没有办理此项业务的权限，也不能复核。",
                "You are not allowed to do this, and so not to countersign it.",
            ),
            Self::Over => row(
                409,
                "countersignature_over",
                "这项业务已有人处理、已撤回或已过期。",
                "This was decided, taken back, or has expired.",
            ),
            Self::Digest => row(422, "invalid_field", "摘要不正确。", "The digest is not valid."),
            Self::UnderWay => {
                row(409, "emergency_under_way", "紧急授权正在进行中。", "The emergency is still under way.")
            }
            Self::TooManyEmergencies => row(
                429,
                "too_many_emergencies",
                "您今天启用紧急授权的次数已达上限，请联系其他同事。",
                "You have declared as many emergencies as you may in a day. Ask a colleague.",
            ),
            Self::EmergencyOver => row(
                409,
                "emergency_over",
                "这次紧急授权已结束，或已有人检查过。",
                "The emergency has ended, or another has looked at it.",
            ),
            Self::OwnEmergency => row(
                409,
                "emergency_own",
                "不能检查自己的紧急授权，请由另一位管理员检查。",
                "You cannot judge your own emergency. Another administrator has to.",
            ),
        }
    }
}
