//! Movements in words: what each ledger code is called on the wire and on receipts.

use contracts::ledger::codes;

/// One row: number in the journal, word on the wire, Chinese, English.
type Named = (u16, &'static str, &'static str, &'static str);

const NAMED: [Named; 19] = [
    (codes::TRANSFER, "transfer", "转账", "Transfer"),
    (codes::OWN_TRANSFER, "own_transfer", "本人账户互转", "Transfer between own accounts"),
    (codes::CASH_DEPOSIT, "cash_deposit", "现金存入", "Cash deposit"),
    (codes::CASH_WITHDRAWAL, "cash_withdrawal", "现金支取", "Cash withdrawal"),
    (codes::CARD_WITHDRAWAL, "card_withdrawal", "银行卡取现", "Card withdrawal"),
    (codes::CARD_PURCHASE, "card_purchase", "银行卡消费", "Card purchase"),
    (codes::INTERBANK_CREDIT, "interbank_credit", "跨行转入", "Received from another bank"),
    (codes::INTERBANK_DEBIT, "interbank_debit", "跨行转出", "Sent to another bank"),
    (codes::INTEREST, "interest", "利息", "Interest"),
    (codes::PENALTY_INTEREST, "penalty_interest", "透支利息", "Overdraft interest"),
    (codes::FEE, "fee", "手续费", "Fee"),
    (codes::SALARY, "salary", "工资", "Salary"),
    (codes::PENSION, "pension", "养老金", "Pension"),
    (codes::HOUSEHOLD, "household", "生活缴费", "Household bill"),
    (codes::INSURANCE, "insurance", "保险费", "Insurance premium"),
    (codes::LOAN_REPAYMENT, "loan_repayment", "贷款还款", "Loan repayment"),
    (codes::PURCHASE, "purchase", "消费", "Purchase"),
    (codes::OPENING_BALANCE, "opening_balance", "期初余额", "Opening balance"),
    (codes::BALANCE_CORRECTION, "balance_correction", "余额调整", "Balance correction"),
];

/// The stable word of a code; `other` where it is newer than this program.
pub(crate) fn word(code: u16) -> &'static str {
    NAMED.iter().find(|named| named.0 == code).map_or("other", |named| named.1)
}

/// The code in Chinese and English.
pub(crate) fn titles(code: u16) -> (&'static str, &'static str) {
    NAMED.iter().find(|named| named.0 == code).map_or(("其他", "Other"), |named| (named.2, named.3))
}
