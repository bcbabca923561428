//! What is asked beside what was proved, where its owner is not known, and why a code of an app is not taken.

use clock::Timestamp;
use http::Consequence;

use crate::model::door::{Because, Proof, Wanted};

/// Programs read the members `also`, `or` where something else is taken in its place, and `because`.
pub(super) fn more_needed(wanted: Wanted) -> Consequence {
    let (zh, en) = match wanted.because {
        Because::Device => ("这台设备首次登录您的账户", "This device is new to your account"),
        Because::Machine => (
            "这台设备与您上次登录时不是同一类设备",
            "This device is of another kind than when it last signed you in",
        ),
        Because::Place => ("这次登录的地点您以前没有用过", "You have not signed in around here before"),
        Because::Journey => (
            "这次登录的地点离上次太远，这么短的时间内到不了",
            "This is farther from where you last signed in than anybody travels in that time",
        ),
        Because::Sim => ("您手机号的 SIM 卡近期更换过", "The SIM of your phone was changed lately"),
    };
    let (and_zh, and_en) = match wanted.also {
        Proof::Code => (
            "还需要短信验证码。请用手机号登录并获取验证码。",
            "so a code sent to your phone is needed, too. Sign in with your phone number.",
        ),
        Proof::Password => ("除验证码外还需要登录密码。", "so your password is needed beside the code."),
        Proof::Totp => {
            ("还需要验证器上的动态码。", "so the code that your authenticator app shows is needed, too.")
        }
    };
    let (zh, en) = (format!("{zh}，{and_zh}"), format!("{en}, {and_en}"));
    let needed = Consequence::new(403, "sign_in_more_needed", zh, en)
        .with("also", wanted.also.word())
        .with("because", wanted.because.word());
    match wanted.or {
        Some(other) => needed.with("or", other.word()),
        None => needed,
    }
}

/// The member `until` says when it is over.
pub(super) fn number_held(until: Timestamp) -> Consequence {
    let at = clock::minute(until);
    let zh = format!(
        "您手机号的 SIM 卡近期更换过。为防号码被他人冒用，{at} 前，短信验证码和登录密码不足以办理此项。请用通行密钥或验证器登录，或在已绑定的设备上操作。"
    );
    let en = format!(
        "The SIM of your phone was changed lately. Lest somebody took the number over, a code by message and the password are not enough for this until {at}. Sign in with a passkey or an authenticator app, or use a device that you bound."
    );
    Consequence::new(403, "number_held", zh, en).with("until", until.to_string())
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
