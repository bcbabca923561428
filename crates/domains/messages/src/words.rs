//! What messages say: the words of each kind in each language.

use contracts::identity::RecoveryStage;
use contracts::messages::{Content, Language};
use secrecy::mask;

use crate::config::Settings;

/// The most characters of a device's own name that are repeated.
const DEVICE_MAX: usize = 40;

/// The kind of a message, stable.
pub(crate) const fn kind(content: &Content) -> &'static str {
    match content {
        Content::OneTimeCode { .. } => "one_time_code",
        Content::Movement { .. } => "movement",
        Content::FreezeChanged { .. } => "freeze_changed",
        Content::NewDevice { .. } => "new_device",
        Content::PasskeyChanged { .. } => "passkey_changed",
        Content::TotpChanged { .. } => "totp_changed",
        Content::ErasureAsked { .. } | Content::ErasureWithdrawn { .. } => "erasure",
        Content::Recovery { .. } => "recovery",
    }
}

/// The text of a message. Holds the bank's name first, no link ever.
pub(crate) fn text(content: &Content, language: Language, settings: &Settings) -> String {
    match language {
        Language::Chinese => format!("【{}】{}", settings.signature_zh, chinese(content)),
        Language::English => format!("[{}] {}", settings.signature_en, english(content)),
    }
}

fn chinese(content: &Content) -> String {
    match content {
        Content::OneTimeCode { code, purpose, minutes } => {
            let purpose = match purpose.as_str() {
                "sign_up" => "注册",
                "sign_in" => "登录",
                "reset_password" => "重置登录密码",
                "set_pin" => "设置支付密码",
                _ => "身份验证",
            };
            format!(
                "验证码{code}，用于{purpose}，{minutes}分钟内有效。银行员工不会向您索要验证码，请勿告诉任何人。"
            )
        }
        Content::Movement { account_tail, incoming, amount, balance } => {
            let verb = if *incoming { "收入" } else { "支出" };
            format!("您尾号{account_tail}的账户{verb}{amount}，余额{balance}。")
        }
        Content::FreezeChanged { account_tail, frozen: true } => {
            format!("您尾号{account_tail}的账户已被冻结，暂不能转出。如有疑问请联系客服。")
        }
        Content::FreezeChanged { account_tail, frozen: false } => {
            format!("您尾号{account_tail}的账户已解除冻结，可正常使用。")
        }
        Content::NewDevice { device } => {
            format!("您的账号刚在新设备（{}）上登录。若非本人操作，请立即修改登录密码。", shown(device))
        }
        Content::PasskeyChanged { passkey, added: true } => format!(
            "您的账号新增了通行密钥（{}），可用于登录和确认交易。若非本人操作，请立即联系客服。",
            shown(passkey)
        ),
        Content::PasskeyChanged { passkey, added: false } => {
            format!("您的账号移除了通行密钥（{}）。若非本人操作，请立即联系客服。", shown(passkey))
        }
        Content::TotpChanged { added: true } => {
            "您的账号已启用验证器，在新设备上登录时可用它的动态码验证。若非本人操作，请立即联系客服。"
                .to_owned()
        }
        Content::TotpChanged { added: false } => {
            "您的账号已移除验证器，它的动态码不再有效。若非本人操作，请立即联系客服。".to_owned()
        }
        Content::ErasureAsked { on } => format!(
            "我们已收到您的注销申请，将于{on}删除您的个人信息，此前可在App“隐私”中撤回。若非本人操作，请立即联系客服。"
        ),
        Content::ErasureWithdrawn { by_bank: false } => {
            "您已撤回注销申请，可继续使用。若非本人操作，请立即联系客服。".to_owned()
        }
        Content::ErasureWithdrawn { by_bank: true } => {
            "您名下仍有未销户的账户，注销申请已取消。销户后可重新申请。".to_owned()
        }
        Content::Recovery { stage: RecoveryStage::Asked, ready_at } => format!(
            "有人申请找回您的登录密码，{}后可设置新密码。若非本人操作，请立即登录手机银行拒绝，或联系客服。",
            ready_at.as_deref().unwrap_or("等待期")
        ),
        Content::Recovery { stage: RecoveryStage::Refused, .. } => {
            "找回登录密码的申请已取消，原密码仍然有效。".to_owned()
        }
        Content::Recovery { stage: RecoveryStage::Done, .. } => {
            "您的登录密码已重新设置，所有设备均已退出登录。若非本人操作，请立即联系客服。".to_owned()
        }
    }
}

fn english(content: &Content) -> String {
    match content {
        Content::OneTimeCode { code, purpose, minutes } => {
            let purpose = match purpose.as_str() {
                "sign_up" => "sign up",
                "sign_in" => "sign in",
                "reset_password" => "reset your password",
                "set_pin" => "set your payment PIN",
                _ => "confirm it is you",
            };
            format!(
                "{code} is your code to {purpose}, good for {minutes} minutes. Our staff never ask for it; tell nobody."
            )
        }
        Content::Movement { account_tail, incoming, amount, balance } => {
            let verb = if *incoming { "received" } else { "paid out" };
            format!("Your account ending {account_tail} {verb} {amount}; balance {balance}.")
        }
        Content::FreezeChanged { account_tail, frozen: true } => {
            format!(
                "Your account ending {account_tail} has been frozen; nothing can be paid out. Contact us with questions."
            )
        }
        Content::FreezeChanged { account_tail, frozen: false } => {
            format!("Your account ending {account_tail} is no longer frozen.")
        }
        Content::NewDevice { device } => {
            format!(
                "Signed in on a new device ({}). If this was not you, change your password now.",
                shown(device)
            )
        }
        Content::PasskeyChanged { passkey, added: true } => format!(
            "A passkey ({}) was added; it signs you in and confirms transactions. If this was not you, call us now.",
            shown(passkey)
        ),
        Content::PasskeyChanged { passkey, added: false } => {
            format!("A passkey ({}) was removed. If this was not you, call us now.", shown(passkey))
        }
        Content::TotpChanged { added: true } => {
            "An authenticator app was set up; its codes prove it is you on new devices. If this was not you, call us \
             now."
                .to_owned()
        }
        Content::TotpChanged { added: false } => {
            "The authenticator app was removed; its codes are no longer good. If this was not you, call us now."
                .to_owned()
        }
        Content::ErasureAsked { on } => format!(
            "You asked us to erase your data. We will on {on}; until then you can take it back under Privacy in the \
             app. If this was not you, call us now."
        ),
        Content::ErasureWithdrawn { by_bank: false } => {
            "You took back the request to erase your data. If this was not you, call us now.".to_owned()
        }
        Content::ErasureWithdrawn { by_bank: true } => {
            "You still have an open account, so your data was not erased. Close it, and ask again.".to_owned()
        }
        Content::Recovery { stage: RecoveryStage::Asked, ready_at } => format!(
            "Somebody asks for a new password of yours; it can be set after {}. If this was not you, sign in and \
             refuse it, or call us now.",
            ready_at.as_deref().unwrap_or("a while")
        ),
        Content::Recovery { stage: RecoveryStage::Refused, .. } => {
            "The request for a new password was cancelled; your password is as it was.".to_owned()
        }
        Content::Recovery { stage: RecoveryStage::Done, .. } => {
            "Your password was set anew and every device signed out. If this was not you, call us now."
                .to_owned()
        }
    }
}

/// What staff see of a message of this kind: that a code was sent, but not which; neither the name of a device. They cannot
/// sign in with what they read.
pub(crate) fn masked(kind: &str, text: &str) -> String {
    match kind {
        "one_time_code" => mask::digits(text),
        "new_device" | "passkey_changed" => hide_parentheses(text),
        "movement" | "freeze_changed" | "totp_changed" | "erasure" => text.to_owned(),
        _ => mask::text(text),
    }
}

/// What stands in parentheses, up to the last one, is a stranger's text.
fn hide_parentheses(text: &str) -> String {
    for (open, close) in [('（', '）'), ('(', ')')] {
        if let (Some(from), Some(to)) = (text.find(open), text.rfind(close))
            && let (Some(before), Some(after)) = (text.get(..from), text.get(to..))
        {
            return format!("{before}{open}****{after}");
        }
    }
    text.to_owned()
}

/// A device's own name is a stranger's text: shortened, and without what could make a link or a second line of it.
fn shown(device: &str) -> String {
    let plain = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '·' | '-' | '(' | ')' | ',');
    device.chars().filter(plain).take(DEVICE_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_complete_in_both_languages() {
        let settings = Settings::default();
        let code = |purpose: &str| Content::OneTimeCode {
            code: "042317".to_owned(),
            purpose: purpose.to_owned(),
            minutes: 5,
        };
        let movement = |incoming| Content::Movement {
            account_tail: "0128".to_owned(),
            incoming,
            amount: "12.30 CNY".to_owned(),
            balance: "100.00 CNY".to_owned(),
        };
        let freeze = |frozen| Content::FreezeChanged { account_tail: "0128".to_owned(), frozen };
        let device = Content::NewDevice { device: "Firefox\nhttp://x.y/".to_owned() };
        let passkey = |added| Content::PasskeyChanged { passkey: "Apple · iPhone".to_owned(), added };
        let recovery = |stage| Content::Recovery { stage, ready_at: Some("2026-01-06 10:00".to_owned()) };
        for (content, zh, en) in [
            (
                code("sign_in"),
                "【远行银行】验证码042317，用于登录，5分钟内有效。银行员工不会向您索要验证码，请勿告诉任何人。",
                "[Yuanhang Bank] 042317 is your code to sign in, good for 5 minutes. Our staff never ask for it; \
                 tell nobody.",
            ),
            (
                movement(true),
                "【远行银行】您尾号0128的账户收入12.30 CNY，余额100.00 CNY。",
                "[Yuanhang Bank] Your account ending 0128 received 12.30 CNY; balance 100.00 CNY.",
            ),
            (
                movement(false),
                "【远行银行】您尾号0128的账户支出12.30 CNY，余额100.00 CNY。",
                "[Yuanhang Bank] Your account ending 0128 paid out 12.30 CNY; balance 100.00 CNY.",
            ),
            (
                freeze(true),
                "【远行银行】您尾号0128的账户已被冻结，暂不能转出。如有疑问请联系客服。",
                "[Yuanhang Bank] Your account ending 0128 has been frozen; nothing can be paid out. Contact us \
                 with questions.",
            ),
            (
                freeze(false),
                "【远行银行】您尾号0128的账户已解除冻结，可正常使用。",
                "[Yuanhang Bank] Your account ending 0128 is no longer frozen.",
            ),
            (
                device,
                "【远行银行】您的账号刚在新设备（Firefoxhttpxy）上登录。若非本人操作，请立即修改登录密码。",
                "[Yuanhang Bank] Signed in on a new device (Firefoxhttpxy). If this was not you, change your \
                 password now.",
            ),
            (
                passkey(true),
                "【远行银行】您的账号新增了通行密钥（Apple · iPhone），可用于登录和确认交易。若非本人操作，请立即联系客服。",
                "[Yuanhang Bank] A passkey (Apple · iPhone) was added; it signs you in and confirms transactions. \
                 If this was not you, call us now.",
            ),
            (
                passkey(false),
                "【远行银行】您的账号移除了通行密钥（Apple · iPhone）。若非本人操作，请立即联系客服。",
                "[Yuanhang Bank] A passkey (Apple · iPhone) was removed. If this was not you, call us now.",
            ),
            (
                Content::TotpChanged { added: true },
                "【远行银行】您的账号已启用验证器，在新设备上登录时可用它的动态码验证。若非本人操作，请立即联系客服。",
                "[Yuanhang Bank] An authenticator app was set up; its codes prove it is you on new devices. If this was \
                 not you, call us now.",
            ),
            (
                Content::TotpChanged { added: false },
                "【远行银行】您的账号已移除验证器，它的动态码不再有效。若非本人操作，请立即联系客服。",
                "[Yuanhang Bank] The authenticator app was removed; its codes are no longer good. If this was not you, \
                 call us now.",
            ),
            (
                Content::ErasureAsked { on: "2026-12-04".to_owned() },
                "【远行银行】我们已收到您的注销申请，将于2026-12-04删除您的个人信息，此前可在App“隐私”中撤回。\
                 若非本人操作，请立即联系客服。",
                "[Yuanhang Bank] You asked us to erase your data. We will on 2026-12-04; until then you can take it \
                 back under Privacy in the app. If this was not you, call us now.",
            ),
            (
                Content::ErasureWithdrawn { by_bank: false },
                "【远行银行】您已撤回注销申请，可继续使用。若非本人操作，请立即联系客服。",
                "[Yuanhang Bank] You took back the request to erase your data. If this was not you, call us now.",
            ),
            (
                Content::ErasureWithdrawn { by_bank: true },
                "【远行银行】您名下仍有未销户的账户，注销申请已取消。销户后可重新申请。",
                "[Yuanhang Bank] You still have an open account, so your data was not erased. Close it, and ask again.",
            ),
            (
                recovery(RecoveryStage::Asked),
                "【远行银行】有人申请找回您的登录密码，2026-01-06 10:00后可设置新密码。若非本人操作，请立即登录手机银行拒绝，\
                 或联系客服。",
                "[Yuanhang Bank] Somebody asks for a new password of yours; it can be set after 2026-01-06 10:00. If \
                 this was not you, sign in and refuse it, or call us now.",
            ),
            (
                recovery(RecoveryStage::Refused),
                "【远行银行】找回登录密码的申请已取消，原密码仍然有效。",
                "[Yuanhang Bank] The request for a new password was cancelled; your password is as it was.",
            ),
            (
                recovery(RecoveryStage::Done),
                "【远行银行】您的登录密码已重新设置，所有设备均已退出登录。若非本人操作，请立即联系客服。",
                "[Yuanhang Bank] Your password was set anew and every device signed out. If this was not you, call us \
                 now.",
            ),
        ] {
            assert_eq!(text(&content, Language::Chinese, &settings), zh);
            assert_eq!(text(&content, Language::English, &settings), en);
        }
        for (content, zh, en) in [
            (
                code("sign_in"),
                "【远行银行】验证码******，用于登录，5分钟内有效。银行员工不会向您索要验证码，请勿告诉任何人。",
                "[Yuanhang Bank] ****** is your code to sign in, good for 5 minutes. Our staff never ask for it; \
                 tell nobody.",
            ),
            (
                movement(true),
                "【远行银行】您尾号0128的账户收入12.30 CNY，余额100.00 CNY。",
                "[Yuanhang Bank] Your account ending 0128 received 12.30 CNY; balance 100.00 CNY.",
            ),
            (
                Content::NewDevice { device: "Opera (x) · 手机".to_owned() },
                "【远行银行】您的账号刚在新设备（****）上登录。若非本人操作，请立即修改登录密码。",
                "[Yuanhang Bank] Signed in on a new device (****). If this was not you, change your password now.",
            ),
            (
                passkey(true),
                "【远行银行】您的账号新增了通行密钥（****），可用于登录和确认交易。若非本人操作，请立即联系客服。",
                "[Yuanhang Bank] A passkey (****) was added; it signs you in and confirms transactions. \
                 If this was not you, call us now.",
            ),
        ] {
            let seen = |language| masked(kind(&content), &text(&content, language, &settings));
            assert_eq!((seen(Language::Chinese).as_str(), seen(Language::English).as_str()), (zh, en));
        }
        assert_eq!(masked("later", "anything"), "****");
        for (purpose, zh, en) in [
            ("sign_up", "用于注册", "to sign up"),
            ("reset_password", "用于重置登录密码", "to reset your password"),
            ("set_pin", "用于设置支付密码", "to set your payment PIN"),
            ("later", "用于身份验证", "to confirm it is you"),
        ] {
            assert!(text(&code(purpose), Language::Chinese, &settings).contains(zh));
            assert!(text(&code(purpose), Language::English, &settings).contains(en));
        }
    }
}
