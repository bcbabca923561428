//! Samples of what the ledger is asked and answers.

use super::{Nth, Sampled, all, sampled};
use crate::ledger::{
    Act, Applied, Asset, Balance, Command, DayBalance, DayBalances, DayKind, DayQuery, HistoryQuery, Limits,
    Movement, OpenAccount, OpenHold, Receipted, Refusal, Status, Transfer, Used, Verification,
};

impl Sampled for Asset {
    fn samples() -> Vec<Self> {
        ["CNY", "POINTS01"].into_iter().filter_map(Self::try_new).collect()
    }
}

/// A hash in hexadecimal.
fn hash(nth: &Nth) -> String {
    nth.among(["5f3a1c09".repeat(8)])
}

impl Sampled for Status {
    fn samples() -> Vec<Self> {
        all(|nth| Self {
            head_sequence: 1_204,
            head_hash: hash(nth),
            hash_algorithm: nth.among(["sm3", "sha256"]),
            business_date: nth.of(),
            accounts: 2_048,
            transfers: 90_112,
            holds: 3,
            batches: 1_100,
            commands: 88_000,
            history_lag: 1,
            last_at: nth.of(),
            snapshot_sequence: 1_000,
            store: nth.among(["sqlite", "postgres", "memory"]),
        })
    }
}

impl Sampled for Verification {
    fn samples() -> Vec<Self> {
        let fault = || Some("record 17: the hash is not that of its content".to_owned());
        all(|nth| Self {
            verified: nth.among([false, true]),
            records: 1_204,
            commands: 88_000,
            head_hash: hash(nth),
            state_hash: hash(nth),
            fault: nth.among([fault(), None]),
            elapsed_ms: 412,
        })
    }
}

sampled! {
    struct Command { id, act, linked }
    struct OpenAccount { account, asset, normal, kind, floor, limits }
    struct Limits { per_transfer, per_day, per_month }
    struct Transfer { debit, credit, amount, hold_until, code, booked_on, value_on, counts_toward_limits }
    struct Applied { at, booked_on, repeated, balances }
    struct Receipted { at: [1_767_576_600_123_456_789_i64], repeated, debit_balance, credit_balance }
    struct Used { day, month }
    struct Balance {
        asset, normal, debits_posted, debits_pending, credits_posted, credits_pending, floor, limits, used,
        frozen_debits, frozen_credits, closed,
    }
    struct Movement {
        number, transfer, side, amount, balance_after, counterparty, code, booked_on, value_on, at,
    }
    struct OpenHold { hold, debit, credit, amount }
    struct HistoryQuery { account, before, limit, side, amount_min, amount_max, from, until }
    struct DayQuery { account, kind, from, until }
    struct DayBalance { day, movements, debits, credits, balance }
    struct DayBalances { before, days }
}

sampled! {
    enum Act {
        RegisterAsset { asset, scale },
        OpenAccount(OpenAccount),
        SetFloor { account, floor },
        SetLimits { account, limits },
        SetFreeze { account, debits, credits },
        CloseAccount { account },
        Transfer(Transfer),
        PostHold { hold, amount },
        VoidHold { hold },
        AdvanceBusinessDate { to },
    }
    enum DayKind { Booking, Value }
    enum Refusal {
        IdReused, ChainBroken, ChainOpen, AssetUnknown, AssetExists, ScaleOutOfRange, AccountExists,
        DebitAccountUnknown, CreditAccountUnknown, AccountUnknown, SameAccount, AssetMismatch, AmountZero,
        Overflow, DebitAccountClosed, CreditAccountClosed, AccountClosed, AccountNotEmpty,
        DebitAccountFrozen, CreditAccountFrozen, InsufficientFunds, CreditBelowFloor, LimitPerTransfer,
        LimitPerDay, LimitPerMonth, HoldUnknown, HoldPosted, HoldVoided, HoldExpired, AboveHold,
        HoldEndsInPast, DateNotLater,
    }
}
