//! Tables of outcomes: every refusal, and what is accepted at its very edge.

use super::table::run;

/// Assets and accounts that most tables begin with: `cash` (debit-normal, no floor), `ann`, `bob` (credit-normal,
/// floor 0), ann with 1,000.
const BEGINNING: &str = "
    b1 asset CNY 2 = ok
    b2 asset FUND 4 = ok
    b3 open cash CNY debit = ok
    b4 open ann CNY credit floor=0 = ok
    b5 open bob CNY credit floor=0 = ok
    b6 open units FUND credit floor=0 = ok
    b7 pay cash ann 1000 = ok
";

fn check(table: &str) {
    run(&format!("{BEGINNING}\n{table}"));
}

#[test]
fn assets() {
    run("
        1 asset CNY 2 = ok
        2 asset CNY 2 = ok
        3 asset CNY 3 = AssetExists
        4 asset POINTS 0 = ok
        5 asset WEI 18 = ok
        6 asset WAY 19 = ScaleOutOfRange
        7 open a XXX credit = AssetUnknown
        8 open a CNY credit = ok
        9 open a CNY credit = AccountExists
        10 open a POINTS debit = AccountExists
    ");
}

#[test]
fn transfers() {
    check(
        "
        1 pay ann bob 0 = AmountZero
        2 pay ann ann 1 = SameAccount
        3 pay nobody bob 1 = DebitAccountUnknown
        4 pay ann nobody 1 = CreditAccountUnknown
        5 pay ann units 1 = AssetMismatch
        6 pay ann bob 1001 = InsufficientFunds
        see ann = 1000 0 1000
        see bob = 0 0 0
        7 pay ann bob 1000 = ok
        see ann = 0 0 0
        see bob = 1000 0 1000
        8 pay ann bob 1 = InsufficientFunds
        # cash goes up by debits: taking it out is a credit
        see cash = 1000 0 -
        9 pay bob cash 1000 = ok
        see cash = 0 0 -
        10 pay bob cash 1 = InsufficientFunds
    ",
    );
}

#[test]
fn ids_are_for_ever() {
    check(
        "
        1 pay ann bob 10 = ok
        1 pay ann bob 10 = again
        1 pay ann bob 11 = IdReused
        1 pay bob ann 10 = IdReused
        1 pay ann bob 10 code=2 = IdReused
        1 void 1 = IdReused
        see ann = 990 0
        # a refused id stays refused, whatever has changed since
        2 pay bob ann 500 = InsufficientFunds
        3 pay ann bob 900 = ok
        2 pay bob ann 500 = InsufficientFunds
        2 pay bob ann 400 = IdReused
        4 pay bob ann 500 = ok
        see ann = 590 0
        b4 open ann CNY credit floor=0 = again
    ",
    );
}

#[test]
fn chains_are_all_or_none() {
    check(
        "
        1+ pay ann bob 600 = ok
        2 pay bob cash 600 = ok
        see ann = 400 0
        3+ pay ann bob 300 = ChainBroken
        4+ pay ann bob 300 = InsufficientFunds
        5 pay cash ann 1000 = ChainBroken
        see ann = 400 0
        see bob = 0 0
        see cash = 400 0
        # once broken, the whole chain stays refused
        3+ pay ann bob 300 = ChainBroken
        4+ pay ann bob 300 = InsufficientFunds
        5 pay cash ann 1000 = ChainBroken
        # and so does each member by itself: it is other content
        3 pay ann bob 300 = IdReused
        # an accepted chain repeated
        1+ pay ann bob 600 = again
        2 pay bob cash 600 = again
        # a known id in another chain breaks that chain
        6+ pay ann bob 1 = ChainBroken
        1 pay ann bob 600 = IdReused
        6 pay ann bob 1 = IdReused
        # the same id twice in a chain
        7+ pay ann bob 1 = ChainBroken
        7 pay ann bob 1 = IdReused
        # a chain without an end
        8+ pay ann bob 1 = ChainBroken
        9+ pay ann bob 1 = ChainOpen
        10+ pay ann bob 1 = ChainOpen
        see ann = 400 0
    ",
    );
}

#[test]
fn chains_reach_across_kinds_of_command() {
    check(
        "
        1+ open eve CNY credit floor=0 = ok
        2+ pay ann eve 100 = ok
        3+ hold eve bob 40 until=100 = ok
        4+ post 3 amount=30 = ok
        5 freeze eve debits = ok
        see eve = 70 0
        6+ open fay CNY credit floor=0 = ChainBroken
        7+ pay ann fay 100 = ChainBroken
        8+ hold fay bob 50 until=100 = ChainBroken
        9+ void 8 = ChainBroken
        10+ date 2026-01-01 = ChainBroken
        11+ asset GOLD 3 = ChainBroken
        12 pay eve bob 1 = DebitAccountFrozen
        see fay = unknown
        see ann = 900 0
        13 open g GOLD credit = AssetUnknown
        14 void 8 = HoldUnknown
        15 date 2025-01-01 = ok
    ",
    );
}

#[test]
fn holds() {
    check(
        "
        1 hold ann bob 400 until=100 = ok
        see ann = 1000 400 600
        see bob = 0 400 0
        2 pay ann bob 601 = InsufficientFunds
        3 pay ann bob 600 = ok
        4 hold ann bob 1 until=100 = InsufficientFunds
        5 post 1 amount=0 = AmountZero
        6 post 1 amount=401 = AboveHold
        7 post 1 amount=300 = ok
        see ann = 100 0 100
        see bob = 900 0 900
        8 post 1 = HoldPosted
        9 void 1 = HoldPosted
        7 post 1 amount=300 = again
        10 hold ann bob 100 until=100 = ok
        11 void 10 = ok
        see ann = 100 0 100
        12 void 10 = HoldVoided
        13 post 10 = HoldVoided
        14 post nothing = HoldUnknown
        15 void 3 = HoldUnknown
        16 void 2 = HoldUnknown
        17 post 10 amount=1 = HoldVoided
    ",
    );
}

#[test]
fn holds_expire() {
    check(
        "
        time 50
        1 hold ann bob 400 until=50 = HoldEndsInPast
        2 hold ann bob 400 until=49 = HoldEndsInPast
        3 hold ann bob 400 until=60 = ok
        4 hold ann bob 100 until=61 = ok
        time 59
        see ann = 1000 500 500
        time 60
        see ann = 1000 100 900
        5 post 3 = HoldExpired
        6 void 3 = HoldExpired
        7 post 4 = ok
        see ann = 900 0 900
        time 70
        see ann = 900 0 900
        3 hold ann bob 400 until=60 = again
    ",
    );
}

#[test]
fn floors() {
    check(
        "
        1 floor ann -200 = ok
        2 pay ann bob 1201 = InsufficientFunds
        3 pay ann bob 1200 = ok
        see ann = -200 0 0
        4 floor ann 0 = ok
        # the floor may lie above the balance: then only what raises it is accepted
        see ann = -200 0 -200
        5 pay ann bob 1 = InsufficientFunds
        6 pay bob ann 100 = ok
        7 pay bob ann 100 = ok
        8 floor nobody 0 = AccountUnknown
        9 floor ann - = ok
        10 pay ann bob 5000 = ok
        see ann = -5000 0 -
        # a debit-normal account may have a floor too
        11 floor cash 500 = ok
        12 pay bob cash 1 = ok
        13 pay cash bob 1 = ok
        14 pay bob cash 501 = CreditBelowFloor
        15 pay bob cash 500 = ok
        see cash = 500 0 0
        16 pay bob cash 1 = CreditBelowFloor
        17 hold bob cash 1 until=9 = CreditBelowFloor
        # what is held was promised: a floor raised since does not break it
        18 hold bob ann 1000 until=9 = ok
        19 floor bob 100000 = ok
        20 post 18 = ok
    ",
    );
}

#[test]
fn freezes_and_closed_accounts() {
    check(
        "
        1 freeze ann debits = ok
        2 pay ann bob 1 = DebitAccountFrozen
        3 pay cash ann 1 = ok
        4 freeze ann credits = ok
        5 pay ann bob 1 = ok
        6 pay cash ann 1 = CreditAccountFrozen
        7 freeze ann debits credits = ok
        8 pay ann bob 1 = DebitAccountFrozen
        9 freeze ann = ok
        10 hold ann bob 100 until=9 = ok
        11 freeze ann debits = ok
        12 post 10 = DebitAccountFrozen
        13 void 10 = ok
        14 freeze ann = ok
        15 hold ann bob 100 until=9 = ok
        16 freeze bob credits = ok
        17 post 15 = CreditAccountFrozen
        18 freeze bob = ok
        19 post 15 amount=99 = ok
        20 freeze nobody debits = AccountUnknown
        21 close ann = AccountNotEmpty
        22 close nobody = AccountUnknown
        23 open eve CNY credit floor=0 = ok
        24 close eve = ok
        25 close eve = AccountClosed
        26 pay ann eve 1 = CreditAccountClosed
        27 pay eve ann 1 = DebitAccountClosed
        28 freeze eve debits = AccountClosed
        29 floor eve 1 = AccountClosed
        30 limits eve each=1 = AccountClosed
        31 open eve CNY credit = AccountExists
        32 open fay CNY credit floor=-5 = ok
        33 hold ann fay 1 until=9 = ok
        34 close fay = AccountNotEmpty
        35 void 33 = ok
        36 close fay = ok
    ",
    );
}

#[test]
fn limits() {
    check(
        "
        d date 2026-11-22 = ok
        1 limits ann each=100 day=250 month=400 = ok
        2 pay ann bob 101 counted = LimitPerTransfer
        3 pay ann bob 101 = ok
        4 pay ann bob 100 counted = ok
        5 pay ann bob 100 counted = ok
        used ann = 200 200
        6 pay ann bob 51 counted = LimitPerDay
        7 pay ann bob 50 counted = ok
        used ann = 250 250
        d2 date 2026-11-23 = ok
        used ann = 0 250
        8 pay ann bob 100 counted = ok
        9 pay ann bob 51 counted = LimitPerMonth
        10 pay ann bob 50 counted = ok
        used ann = 150 400
        d3 date 2026-12-01 = ok
        used ann = 0 0
        # windows are those of the booking date
        11 pay ann bob 1 counted on=2026-11-30 = LimitPerMonth
        12 pay ann bob 100 counted on=2026-12-05 = ok
        used ann = 0 100
        # a month before the last one is judged by itself alone
        13 pay ann bob 100 counted on=2026-10-31 = ok
        14 pay ann bob 100 counted on=2026-10-31 = ok
        # what comes in does not count
        15 pay bob ann 300 counted = ok
        used ann = 0 100
        used bob = 300 300
        16 limits nobody each=1 = AccountUnknown
        17 limits ann = ok
        18 pay ann bob 400 counted = ok
        used ann = 400 500
    ",
    );
}

#[test]
fn holds_count_toward_limits_until_released() {
    check(
        "
        d date 2026-11-22 = ok
        1 limits ann day=100 = ok
        2 hold ann bob 80 until=100 counted = ok
        used ann = 80 80
        3 pay ann bob 21 counted = LimitPerDay
        4 post 2 amount=50 = ok
        used ann = 50 50
        5 hold ann bob 50 until=100 counted = ok
        6 void 5 = ok
        used ann = 50 50
        7 hold ann bob 50 until=100 counted = ok
        time 100
        used ann = 50 50
        8 hold ann bob 50 until=200 counted = ok
        d2 date 2026-11-23 = ok
        used ann = 0 100
        9 void 8 = ok
        used ann = 0 50
        # a debit-normal account is left by credits
        10 limits cash each=10 = ok
        11 pay bob cash 11 counted = LimitPerTransfer
        12 pay bob cash 10 counted = ok
        used cash = 10 10
        13 pay cash bob 900 counted = ok
        used cash = 10 10
    ",
    );
}

#[test]
fn sums_stay_in_range() {
    check(
        "
        1 open up CNY credit = ok
        2 open down CNY credit = ok
        3 pay down up 18446744073709551615 = Overflow
        4 pay down up 9223372036854775808 = Overflow
        5 pay down up 9223372036854775807 = ok
        see up = 9223372036854775807 0 -
        see down = -9223372036854775807 0 -
        6 pay down up 1 = Overflow
        7 pay cash up 1 = Overflow
        8 pay down bob 1 = ok
        9 pay down bob 1 = Overflow
        10 hold down ann 5 until=9 = ok
        11 post 10 = Overflow
        12 void 10 = ok
        13 hold down up 9223372036854775808 until=9 = Overflow
    ",
    );
}

#[test]
fn business_dates() {
    check(
        "
        1 date 2026-11-22 = ok
        2 date 2026-11-22 = DateNotLater
        3 date 2026-11-21 = DateNotLater
        1 date 2026-11-22 = again
        4 date 2027-01-01 = ok
    ",
    );
}
