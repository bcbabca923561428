//! What is asked beside what was proved, on a device that is new to its owner, and why a code of an app is not taken.

use http::Consequence;

use crate::model::door::{Proof, Wanted};

/// Programs read the member `also`, and `or` where something else is taken in its place.
pub(super) fn more_needed(wanted: Wanted) -> Consequence {
    let (zh, en) = match wanted.also {
        Proof::Code => (
            "这台设备首次登录您的账户，还需要短信验证码。请用手机号登录并获取验证码。",
            "This device is new to your account, so a code sent to your phone is needed, too. Sign in with your phone number.",
        ),
        Proof::Password => (
            "这台设备首次登录您的账户，除验证码外还需要登录密码。",
            "This device is new to your account, so your password is needed beside the code.",
        ),
        Proof::Totp => (
            "这台设备首次登录您的账户，还需要验证器上的动态码。",
            "This device is new to your account, so the code that your authenticator app shows is needed, too.",
        ),
    };
    let needed = Consequence::new(403, "sign_in_more_needed", zh, en).with("also", wanted.also.word());
    match wanted.or {
        Some(other) => needed.with("or", other.word()),
        None => needed,
    }
}

pub(super) fn totp_wrong() -> Consequence {
    Consequence::new(
        403,
        "totp_wrong",
        "动态码不正确或已用过，请等验证器显示下一个后再输入。若一直不对，请检查手机时间是否自动设置。",
        "This code is wrong or was used. Wait for the next one; if none is right, let your phone set its clock itself.",
    )
}

pub(super) fn totp_over() -> Consequence {
    Consequence::new(409, "totp_over", "设置已超时，请重新开始。", "That took too long; please begin again.")
}
