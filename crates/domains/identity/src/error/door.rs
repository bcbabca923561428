//! What is asked beside what was proved, on a device that is new to its owner.

use http::Consequence;

use crate::model::door::Proof;

/// Programs read the member `also`.
pub(super) fn more_needed(more: Proof) -> Consequence {
    let (zh, en) = match more {
        Proof::Code => (
            "这台设备首次登录您的账户，还需要短信验证码。请用手机号登录并获取验证码。",
            "This device is new to your account, so a code sent to your phone is needed, too. Sign in with your phone number.",
        ),
        Proof::Password => (
            "这台设备首次登录您的账户，除验证码外还需要登录密码。",
            "This device is new to your account, so your password is needed beside the code.",
        ),
    };
    Consequence::new(403, "sign_in_more_needed", zh, en).with("also", more.word())
}
