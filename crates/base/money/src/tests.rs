//! What an amount may be, how it reads, and how it converts.

use proptest::prelude::*;

use super::*;

fn cny(minor: i64) -> Money {
    Money::new(minor, Currency::CNY)
}

#[test]
fn amounts_are_read_exactly_or_refused() {
    let read = |text: &str, code: &str| Money::parse(text, code.parse()?).map(Money::minor);
    for (text, currency, expected) in [
        ("12.30", "CNY", Ok(1230)),
        ("12.3", "CNY", Ok(1230)),
        ("7", "CNY", Ok(700)),
        ("-0.05", "CNY", Ok(-5)),
        ("100", "JPY", Ok(100)),
        ("1.234", "KWD", Ok(1234)),
        ("92233720368547758.07", "CNY", Ok(i64::MAX)),
        ("92233720368547758.08", "CNY", Err(MoneyRefused::OutOfRange)),
        ("1.234", "CNY", Err(MoneyRefused::OverScale { currency: Currency::CNY, scale: 2 })),
        ("1.0", "JPY", Err(MoneyRefused::OverScale { currency: Currency::JPY, scale: 0 })),
        ("1", "XXX", Err(MoneyRefused::UnknownCurrency)),
        ("1", "cny", Err(MoneyRefused::UnknownCurrency)),
        ("", "CNY", Err(MoneyRefused::Malformed)),
        (".5", "CNY", Err(MoneyRefused::Malformed)),
        ("5.", "CNY", Err(MoneyRefused::Malformed)),
        ("1e3", "CNY", Err(MoneyRefused::Malformed)),
        ("+1", "CNY", Err(MoneyRefused::Malformed)),
        ("1,000", "CNY", Err(MoneyRefused::Malformed)),
        (" 1", "CNY", Err(MoneyRefused::Malformed)),
        ("１２", "CNY", Err(MoneyRefused::Malformed)),
        ("NaN", "CNY", Err(MoneyRefused::Malformed)),
    ] {
        assert_eq!(read(text, currency), expected, "{text} {currency}");
    }
    let many = "9".repeat(1000);
    assert_eq!(read(&many, "CNY"), Err(MoneyRefused::OutOfRange));
}

#[test]
fn different_currencies_never_add() {
    assert!(cny(1).checked_add(Money::new(1, Currency::USD)).is_err());
    assert_eq!(cny(i64::MAX).checked_add(cny(1)), Err(MoneyRefused::OutOfRange));
    assert_eq!(cny(5).checked_sub(cny(7)), Ok(cny(-2)));
}

#[test]
fn capitals_follow_the_rules_for_bills() {
    for (minor, expected) in [
        (0, "人民币零元整"),
        (140_950, "人民币壹仟肆佰零玖元伍角整"),
        (600_714, "人民币陆仟零柒元壹角肆分"),
        (168_032, "人民币壹仟陆佰捌拾元叁角贰分"),
        (1_070_053, "人民币壹万零柒佰元伍角叁分"),
        (1_640_902, "人民币壹万陆仟肆佰零玖元零贰分"),
        (32_504, "人民币叁佰贰拾伍元零肆分"),
        (5, "人民币伍分"),
        (50, "人民币伍角整"),
        (10_000_000_000, "人民币壹亿元整"),
        (10_000_000_100, "人民币壹亿零壹元整"),
        (100_000_000, "人民币壹佰万元整"),
        (100_050_000, "人民币壹佰万零伍佰元整"),
        (1_000_010_000_000_000, "人民币壹拾万亿零壹亿元整"),
    ] {
        assert_eq!(capitals(cny(minor)), expected, "{minor}");
    }
    assert_eq!(capitals(Money::new(1500, Currency::JPY)), "日元壹仟伍佰元整");
}

#[test]
fn conversion_names_its_rounding() {
    let rate = Rate::try_new(Currency::USD, Currency::CNY, rust_decimal::Decimal::new(71_235, 4)).unwrap();
    let usd = |minor| Money::new(minor, Currency::USD);
    assert_eq!(rate.convert(usd(100), Rounding::HalfEven), Ok(cny(712)));
    assert_eq!(rate.convert(usd(1000), Rounding::HalfEven), Ok(cny(7124)));
    assert_eq!(rate.convert(usd(1000), Rounding::Down), Ok(cny(7123)));
    assert!(rate.convert(cny(1), Rounding::Down).is_err());
    let yen = Rate::try_new(Currency::JPY, Currency::CNY, rust_decimal::Decimal::new(47, 3)).unwrap();
    assert_eq!(yen.convert(Money::new(1000, Currency::JPY), Rounding::HalfEven), Ok(cny(4700)));
    assert_eq!(Rate::try_new(Currency::JPY, Currency::CNY, rust_decimal::Decimal::ZERO), None);
}

proptest! {
    #[test]
    fn what_is_written_reads_back(minor in any::<i64>(), at in 0_usize..16) {
        let currency = Currency::all().nth(at).unwrap();
        let money = Money::new(minor, currency);
        prop_assert_eq!(Money::parse(&money.to_decimal(), currency), Ok(money));
    }
}
