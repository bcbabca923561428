//! Whether the name a payer gives is the name of the payee.

/// How alike two names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// The same, but for spaces, dots between parts, width and case.
    Match,
    /// One character differs, is missing, is too many or changed places with its neighbor, in a name of three or more.
    Close,
    /// Anything else.
    NoMatch,
}

impl Likeness {
    /// How it stands on the wire.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Close => "close",
            Self::NoMatch => "no_match",
        }
    }
}

/// Compares `given` with the name the bank knows.
pub(crate) fn compare(given: &str, known: &str) -> Likeness {
    let (given, known) = (normalized(given), normalized(known));
    if given.is_empty() || known.is_empty() {
        Likeness::NoMatch
    } else if given == known {
        Likeness::Match
    } else if known.len() >= 3 && given.len() >= 3 && is_one_slip(&given, &known) {
        Likeness::Close
    } else {
        Likeness::NoMatch
    }
}

fn normalized(name: &str) -> Vec<char> {
    let narrow = |c: char| match c {
        // Full-width forms of ASCII.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    name.chars()
        .map(narrow)
        .filter(|c| !c.is_whitespace() && !matches!(c, '·' | '•' | '・' | '‧' | '∙' | '.' | '-' | '\''))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether one inserted, left out, replaced or swapped character makes the difference.
fn is_one_slip(left: &[char], right: &[char]) -> bool {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    let same_start = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    let rest = |of: &[char], skip: usize| of.get(same_start + skip..).map(<[char]>::to_vec);
    match long.len() - short.len() {
        0 => {
            let swapped = short.get(same_start) == long.get(same_start + 1)
                && short.get(same_start + 1) == long.get(same_start)
                && rest(short, 2).is_some()
                && rest(short, 2) == rest(long, 2);
            swapped || rest(short, 1) == rest(long, 1)
        }
        1 => rest(short, 0) == rest(long, 1),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_likeness() {
        for (given, known, expected) in [
            ("张三", "张三", Likeness::Match),
            (" 张 三 ", "张三", Likeness::Match),
            ("古丽·阿不都", "古丽阿不都", Likeness::Match),
            ("anna NOVAK", "Anna Novak", Likeness::Match),
            ("Ａｎｎａ Novak", "Anna Novak", Likeness::Match),
            ("远行(北京)科技", "远行（北京）科技", Likeness::Match),
            ("张小明", "张晓明", Likeness::Close),
            ("张明小", "张小明", Likeness::Close),
            ("欧阳明", "欧阳小明", Likeness::Close),
            ("Ana Novak", "Anna Novak", Likeness::Close),
            ("张三", "张四", Likeness::NoMatch),
            ("李四", "张三", Likeness::NoMatch),
            ("张", "张三", Likeness::NoMatch),
            ("", "张三", Likeness::NoMatch),
            ("·", "·", Likeness::NoMatch),
            ("王小明", "张晓明", Likeness::NoMatch),
        ] {
            assert_eq!(compare(given, known), expected, "{given} / {known}");
            assert_eq!(compare(known, given), expected, "{known} / {given}");
        }
    }
}
