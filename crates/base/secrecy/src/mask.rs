//! Masking of personal fields: what may be shown of each to someone who need not see it whole.
//!
//! Follows JR/T 0171-2020 (protection of personal financial information), annex on masked display.

/// `张三` → `*三`, `欧阳小明` → `***明`; Latin names keep their first letter: `Anna Novak` → `A***`.
#[must_use]
pub fn name(name: &str) -> String {
    let count = name.chars().count();
    match name.chars().next() {
        None => String::new(),
        // Masked already.
        Some('*') if name.trim_start_matches('*').chars().count() <= 1 => name.to_owned(),
        Some(first) if first.is_ascii() => format!("{first}***"),
        Some(_) if count == 1 => "*".to_owned(),
        Some(_) => "*".repeat(count - 1) + &name.chars().last().map(String::from).unwrap_or_default(),
    }
}

/// A business keeps its first two and last two characters: `北京远行科技有限公司` → `北京******公司`.
#[must_use]
pub fn business_name(name: &str) -> String {
    keep(name, 2, 2)
}

/// A name of whom it is not known whether a person or a business bears it.
#[must_use]
pub fn party_name(name: &str) -> String {
    if name.chars().count() > 4 && !name.is_ascii() { business_name(name) } else { self::name(name) }
}

/// `13812345678` → `138****5678`.
#[must_use]
pub fn phone(phone: &str) -> String {
    keep(phone, 3, 4)
}

/// `110101199003071234` → `1****************4`; of a short one nothing is kept.
#[must_use]
pub fn id_number(number: &str) -> String {
    if number.chars().count() < 6 { text(number) } else { keep(number, 1, 1) }
}

/// `6230581234567890128` → `6230 **** **** 0128` (first four, last four). Nothing stays nothing.
#[must_use]
pub fn account_number(number: &str) -> String {
    if number.is_empty() || number.contains('*') {
        return number.to_owned();
    }
    let chars: Vec<char> = number.chars().filter(|c| *c != ' ').collect();
    match (chars.get(..4), chars.len().checked_sub(4).and_then(|at| chars.get(at..))) {
        (Some(head), Some(tail)) if chars.len() > 8 => {
            let text = |part: &[char]| part.iter().collect::<String>();
            format!("{} **** **** {}", text(head), text(tail))
        }
        _ => "****".to_owned(),
    }
}

/// Of an address two characters are kept, and not how long it is: `天河路 385 号` → `天河****`.
#[must_use]
pub fn address(address: &str) -> String {
    if address.is_empty() {
        return String::new();
    }
    address.chars().take(if address.chars().count() > 4 { 2 } else { 0 }).collect::<String>() + "****"
}

/// The year of a day: `1990-03-07` → `1990-**-**`.
#[must_use]
pub fn born_on(day: &str) -> String {
    match day.split_once('-') {
        Some((year, _)) => format!("{year}-**-**"),
        None => text(day),
    }
}

/// A text that a customer wrote, or the name of a device: nothing of it is shown but that there is one.
#[must_use]
pub fn text(text: &str) -> String {
    if text.is_empty() { String::new() } else { "****".to_owned() }
}

/// Digits of a text that stand together four or more at a time, as one-time codes do: `code 042317` → `code ******`.
#[must_use]
pub fn digits(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut run = String::new();
    let end = |run: &mut String, masked: &mut String| {
        if run.len() >= 4 {
            masked.push_str(&"*".repeat(run.len()));
        } else {
            masked.push_str(run);
        }
        run.clear();
    };
    for c in text.chars() {
        if c.is_ascii_digit() {
            run.push(c);
        } else {
            end(&mut run, &mut masked);
            masked.push(c);
        }
    }
    end(&mut run, &mut masked);
    masked
}

fn keep(text: &str, head: usize, tail: usize) -> String {
    let count = text.chars().count();
    if count <= head + tail {
        return "*".repeat(count);
    }
    text.chars().enumerate().map(|(at, c)| if at < head || at >= count - tail { c } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_only_what_a_counterparty_may_see() {
        for (masked, expected) in [
            (name("张三"), "*三"),
            (name("欧阳小明"), "***明"),
            (name("强"), "*"),
            (name("Anna Novak"), "A***"),
            (name(""), ""),
            (business_name("北京远行科技有限公司"), "北京******公司"),
            (phone("13812345678"), "138****5678"),
            (id_number("110101199003071234"), "1****************4"),
            (id_number("T-1"), "****"),
            (account_number("6230581234567890128"), "6230 **** **** 0128"),
            (account_number("6230 5812 3456 7890 128"), "6230 **** **** 0128"),
            (account_number("12345678"), "****"),
            (account_number(""), ""),
            (party_name("北京远行科技有限公司"), "北京******公司"),
            (party_name("张三"), "*三"),
            (address("天河路 385 号"), "天河****"),
            (address("一号楼"), "****"),
            (address(""), ""),
            (born_on("1990-03-07"), "1990-**-**"),
            (text("晚饭"), "****"),
            (text(""), ""),
            (digits("验证码042317，5分钟内有效"), "验证码******，5分钟内有效"),
            (digits("2026年 1234"), "****年 ****"),
        ] {
            assert_eq!(masked, expected);
        }
    }

    /// What was masked elsewhere is not harmed by being masked again.
    #[test]
    fn what_is_masked_stays_as_it_is() {
        for (mask, whole) in [
            (name as fn(&str) -> String, "欧阳小明"),
            (name, "Anna Novak"),
            (business_name, "北京远行科技有限公司"),
            (party_name, "北京远行科技有限公司"),
            (party_name, "张三"),
            (phone, "13812345678"),
            (id_number, "110101199003071234"),
            (account_number, "6230581234567890128"),
            (account_number, "12345678"),
            (address, "天河路 385 号"),
            (born_on, "1990-03-07"),
            (text, "晚饭"),
        ] {
            assert_eq!(mask(&mask(whole)), mask(whole), "{whole}");
        }
    }
}
