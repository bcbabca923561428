//! Masking of personal fields: what may be shown of each to someone who need not see it whole.
//!
//! Follows JR/T 0171-2020 (protection of personal financial information), annex on masked display.

/// `张三` → `*三`, `欧阳小明` → `***明`; Latin names keep their first letter: `Anna Novak` → `A***`.
#[must_use]
pub fn name(name: &str) -> String {
    let count = name.chars().count();
    match name.chars().next() {
        None => String::new(),
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

/// `13812345678` → `138****5678`.
#[must_use]
pub fn phone(phone: &str) -> String {
    keep(phone, 3, 4)
}

/// `110101199003071234` → `1****************4`.
#[must_use]
pub fn id_number(number: &str) -> String {
    keep(number, 1, 1)
}

/// `6230581234567890128` → `6230 **** **** 0128` (first four, last four).
#[must_use]
pub fn account_number(number: &str) -> String {
    let chars: Vec<char> = number.chars().collect();
    match (chars.get(..4), chars.len().checked_sub(4).and_then(|at| chars.get(at..))) {
        (Some(head), Some(tail)) if chars.len() > 8 => {
            let text = |part: &[char]| part.iter().collect::<String>();
            format!("{} **** **** {}", text(head), text(tail))
        }
        _ => "****".to_owned(),
    }
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
            (account_number("6230581234567890128"), "6230 **** **** 0128"),
            (account_number("12345678"), "****"),
        ] {
            assert_eq!(masked, expected);
        }
    }
}
