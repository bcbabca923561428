//! Amounts in Chinese capitals (大写金额), as receipts and bills must show them.
//!
//! Source: 支付结算办法 (PBC, 1997), annex 1 «正确填写票据和结算凭证的基本规定».

use crate::{Currency, Money};

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
const PLACES: [&str; 4] = ["", "拾", "佰", "仟"];
const GROUPS: [&str; 5] = ["", "万", "亿", "万亿", "亿亿"];

/// `¥1,409.50` → `人民币壹仟肆佰零玖元伍角`. Other currencies bear their Chinese name in place of 人民币.
#[must_use]
pub fn capitals(money: Money) -> String {
    let scale = u32::from(money.currency().scale());
    let unit = 10_u64.pow(scale);
    let minor = money.minor().unsigned_abs();
    let (whole, fraction) = (minor / unit, minor % unit);
    let mut text = String::from(prefix(money.currency()));
    if money.minor() < 0 {
        text.push('负');
    }
    if whole > 0 || fraction == 0 {
        text += &integer(whole);
        text.push('元');
    }
    // Tenths, hundredths and, for the currencies of three places, thousandths.
    let mut skipped_zero = false;
    let mut rest = fraction;
    for (at, name) in ["角", "分", "厘"].iter().enumerate().take(scale as usize) {
        let weight = 10_u64.pow(scale - 1 - at as u32);
        let digit = rest / weight;
        rest %= weight;
        if digit == 0 {
            skipped_zero = true;
            continue;
        }
        if skipped_zero && whole > 0 {
            text.push('零');
        }
        skipped_zero = false;
        text += digit_name(digit);
        text += name;
    }
    // 在“元”之后、“角”之后应写“整”（或“正”）字，“分”后面不写。
    if scale < 2 || fraction % 10_u64.pow(scale - 1) == 0 {
        text.push('整');
    }
    text
}

fn digit_name(digit: u64) -> &'static str {
    usize::try_from(digit).ok().and_then(|at| DIGITS.get(at)).copied().unwrap_or_default()
}

fn integer(whole: u64) -> String {
    if whole == 0 {
        return "零".to_owned();
    }
    let mut groups: Vec<u64> = Vec::new();
    let mut rest = whole;
    while rest > 0 {
        groups.push(rest % 10_000);
        rest /= 10_000;
    }
    let mut text = String::new();
    let mut pending_zero = false;
    for (at, group) in groups.iter().enumerate().rev() {
        if *group == 0 {
            pending_zero = !text.is_empty();
            continue;
        }
        if pending_zero || (!text.is_empty() && *group < 1000) {
            text.push('零');
        }
        text += &four_digits(*group);
        text += GROUPS.get(at).copied().unwrap_or_default();
        pending_zero = false;
    }
    text
}

fn four_digits(group: u64) -> String {
    let mut text = String::new();
    let mut gap = false;
    for (place, name) in PLACES.iter().enumerate().rev() {
        let digit = group / 10_u64.pow(place as u32) % 10;
        if digit == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push('零');
        }
        gap = false;
        text += digit_name(digit);
        text += name;
    }
    text
}

fn prefix(currency: Currency) -> &'static str {
    match currency.code() {
        "CNY" => "人民币",
        "USD" => "美元",
        "EUR" => "欧元",
        "GBP" => "英镑",
        "HKD" => "港币",
        "JPY" => "日元",
        "AUD" => "澳大利亚元",
        "CAD" => "加拿大元",
        "CHF" => "瑞士法郎",
        "SGD" => "新加坡元",
        "NZD" => "新西兰元",
        "KRW" => "韩元",
        "THB" => "泰铢",
        "MOP" => "澳门元",
        "KWD" => "科威特第纳尔",
        "CZK" => "捷克克朗",
        _ => "",
    }
}
