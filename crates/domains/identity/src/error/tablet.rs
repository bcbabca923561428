//! Why a tablet of a branch is not registered, or does not get its key.

use http::Consequence;

/// A refusal about tablets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TabletRefused {
    /// Another one is called so.
    #[error("the name of the tablet is taken")]
    NameTaken,
    /// Nobody was given this code, or it was used or is too old.
    #[error("the code of the tablet is wrong")]
    Code,
    /// The page is that of a tablet already.
    #[error("the page is that of a tablet already")]
    Another,
}

impl TabletRefused {
    pub(super) fn consequence(self) -> Consequence {
        let row = |status, code, zh: &str, en: &str| Consequence::new(status, code, zh, en);
        match self {
            Self::NameTaken => row(
                409,
                "tablet_name_taken",
                "已有平板使用这个名称。",
                "Another tablet is called so already.",
            ),
            Self::Code => row(
                403,
                "tablet_code_wrong",
                "登记码不正确，或已使用、已过期。请核对，或请管理员重新登记这台平板。",
                "The code is wrong, was used, or is too old. Check it, or have an administrator register this tablet again.",
            ),
            Self::Another => row(
                409,
                "tablet_known",
                "这台平板已登记。如需改名，请管理员先停用，再重新登记。",
                "This tablet is registered already. To rename it, have an administrator remove it and register it again.",
            ),
        }
    }
}
