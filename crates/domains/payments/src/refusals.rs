//! One table of the reasons for which a transfer is refused: the ledger's word, ours, and what the payer is told.

use contracts::accounts::State;
use contracts::ledger::Refusal;

/// Accepted, but the bank was down for so long that nobody expects it any more.
pub(crate) const EXPIRED: &str = "transfer_expired";
/// Above the yearly limit of the account's class.
pub(crate) const LIMIT_PER_YEAR: &str = "limit_per_year";
/// The payee's account is of class III and may hold only so much.
pub(crate) const PAYEE_BALANCE_LIMIT: &str = "payee_balance_limit";
/// The payer's account is dormant.
pub(crate) const ACCOUNT_DORMANT: &str = "account_dormant";
/// The payee's account is closed.
pub(crate) const PAYEE_ACCOUNT_CLOSED: &str = "payee_account_closed";

/// Word, HTTP status, Chinese, English.
type Row = (&'static str, u16, &'static str, &'static str);

const TABLE: [Row; 17] = [
    ("insufficient_funds", 409, "账户可用余额不足。", "There is not enough money on the account."),
    ("limit_per_transfer", 409, "超过单笔转账限额。", "This is above the limit for one transfer."),
    ("limit_per_day", 409, "超过当日累计转账限额。", "This is above the limit for today."),
    ("limit_per_month", 409, "超过当月累计转账限额。", "This is above the limit for this month."),
    (
        LIMIT_PER_YEAR,
        409,
        "超过该类账户的年累计转账限额。",
        "This is above the yearly limit of this class of account.",
    ),
    (
        "account_frozen",
        409,
        "账户已冻结，暂不能转出。",
        "The account is frozen; nothing can be sent from it.",
    ),
    ("account_closed", 409, "账户已销户。", "The account is closed."),
    (ACCOUNT_DORMANT, 409, "账户已转为睡眠户，请先激活。", "The account is dormant; reactivate it first."),
    (
        "payee_account_frozen",
        409,
        "收款账户暂不能入账。",
        "The payee's account cannot be credited at present.",
    ),
    (PAYEE_ACCOUNT_CLOSED, 409, "收款账户已销户。", "The payee's account is closed."),
    (
        PAYEE_BALANCE_LIMIT,
        409,
        "收款账户为Ⅲ类户，余额将超过上限。",
        "The payee's class III account may not hold that much.",
    ),
    ("same_account", 409, "转出与转入账户相同。", "From and to are the same account."),
    ("currency_mismatch", 409, "币种不一致。", "The currencies differ."),
    ("amount_not_positive", 422, "金额必须大于零。", "The amount must be above zero."),
    ("amount_out_of_range", 422, "金额超出范围。", "The amount is out of range."),
    (
        EXPIRED,
        409,
        "该笔转账未能及时办理，已自动取消，资金未转出。",
        "The transfer could not be made in time and was called off. Nothing was sent.",
    ),
    (OTHER, 409, "该笔转账未能办理，资金未转出。", "The transfer could not be made. Nothing was sent."),
];

const OTHER: &str = "transfer_refused";

/// Status, Chinese, English.
pub(crate) fn words(word: &str) -> (u16, &'static str, &'static str) {
    let row = TABLE.iter().find(|row| row.0 == word);
    row.map_or(
        (409, "该笔转账未能办理，资金未转出。", "The transfer could not be made. Nothing was sent."),
        |row| (row.1, row.2, row.3),
    )
}

/// The word as the table holds it; for words read from the store.
pub(crate) fn known(word: &str) -> &'static str {
    TABLE.iter().find(|row| row.0 == word).map_or(OTHER, |row| row.0)
}

/// Our word for the ledger's.
pub(crate) const fn of_ledger(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::InsufficientFunds => "insufficient_funds",
        Refusal::LimitPerTransfer => "limit_per_transfer",
        Refusal::LimitPerDay => "limit_per_day",
        Refusal::LimitPerMonth => "limit_per_month",
        Refusal::DebitAccountFrozen => "account_frozen",
        Refusal::DebitAccountClosed => "account_closed",
        Refusal::CreditAccountFrozen => "payee_account_frozen",
        Refusal::CreditAccountClosed => PAYEE_ACCOUNT_CLOSED,
        Refusal::SameAccount => "same_account",
        Refusal::AssetMismatch => "currency_mismatch",
        Refusal::AmountZero => "amount_not_positive",
        Refusal::Overflow => "amount_out_of_range",
        _ => OTHER,
    }
}

/// Why nothing leaves an account in this state; `None` where it may.
pub(crate) const fn of_state(state: State) -> Option<&'static str> {
    match state {
        State::Active => None,
        State::Frozen => Some("account_frozen"),
        State::Dormant => Some(ACCOUNT_DORMANT),
        State::Closed => Some("account_closed"),
    }
}
