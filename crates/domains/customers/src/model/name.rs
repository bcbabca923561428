//! Names: Chinese ones, those of minorities with their middle dot, and Latin ones.

/// The most characters a name may have.
const LENGTH_MAX: usize = 60;
/// The dot between the parts of a name (银发〔2016〕261号 asks banks to accept it): U+00B7.
const DOT: char = '·';

/// A person's name in its one form: dots as `·`, spaces single and none at the ends; `None` where it is no name.
///
/// A name is Han characters, at least two, with single dots between them; or letters of other scripts with single
/// spaces, hyphens, apostrophes, periods and commas.
pub(crate) fn person(text: &str) -> Option<String> {
    let name = tidy(text)?;
    let fits = if name.chars().any(is_han) { is_chinese(&name) } else { is_latin(&name) };
    fits.then_some(name)
}

/// A name taken over from elsewhere or that of a business: any printable characters.
pub(crate) fn printable(text: &str) -> Option<String> {
    let name = tidy(text)?;
    name.chars().all(is_printable).then_some(name)
}

/// The form in which names are compared: without spaces, letters in lower case.
pub(crate) fn comparable(name: &str) -> String {
    tidy(name)
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

fn tidy(text: &str) -> Option<String> {
    let han = text.chars().any(is_han);
    let words: Vec<&str> = text.split_whitespace().collect();
    let dotted = words.join(" ").chars().map(|c| if is_dot(c, han) { DOT } else { c }).collect::<String>();
    (1..=LENGTH_MAX).contains(&dotted.chars().count()).then_some(dotted)
}

/// Dots that keyboards offer in place of U+00B7; a period only where the name is Chinese.
const fn is_dot(c: char, han: bool) -> bool {
    matches!(c, '\u{2022}' | '\u{2027}' | '\u{2219}' | '\u{22C5}' | '\u{30FB}' | '\u{FF0E}' | '\u{FF65}')
        || (han && c == '.')
}

fn is_chinese(name: &str) -> bool {
    let parts: Vec<&str> = name.split(DOT).collect();
    let whole = parts.iter().all(|part| !part.is_empty() && part.chars().all(is_han));
    whole && name.chars().count() >= 2
}

fn is_latin(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let mut after_mark = true;
    for c in name.chars() {
        let mark = !c.is_alphabetic();
        // A comma or a period may be followed by a space, no other mark by another mark.
        if mark && (!matches!(c, ' ' | '-' | '\'' | '’' | '.' | ',' | DOT) || (after_mark && c != ' ')) {
            return false;
        }
        after_mark = mark;
    }
    letters >= 1 && !name.ends_with(['-', '\'', '’', ',', DOT])
}

/// Unified ideographs with their extensions, compatibility ideographs, and 〇.
const fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{323AF}')
}

/// Neither a control nor an invisible or direction-changing character.
fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}
