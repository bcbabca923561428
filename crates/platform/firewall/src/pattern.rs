//! Regular expressions as rule sets write them (PCRE), compiled for bytes; but for a few, by automata of linear time.

use regex::bytes::{Regex, RegexBuilder};

/// What one compiled expression may take, bytes; a rule set's largest takes a tenth.
const SIZE_MAX: usize = 32 << 20;
/// Steps back that an expression with look-around may take before a text counts as matched: whoever makes an expression
/// give up does not get past it.
const BACKTRACKING_MAX: usize = 200_000;

/// A compiled expression.
pub(crate) enum Expression {
    /// In linear time.
    Linear(Regex),
    /// With look-around or back-references, over texts whose bytes are taken for letters (Latin-1).
    Backtracking(Box<fancy_regex::Regex>),
}

/// The whole match and its groups, those of them that took part.
pub(crate) type Parts = Vec<Option<Vec<u8>>>;

impl Expression {
    /// Compiles a PCRE pattern: `.` takes line ends too, classes are those of ASCII, as ModSecurity has it.
    ///
    /// # Errors
    /// What is no expression.
    pub(crate) fn compile(pattern: &str) -> Result<Self, String> {
        let linear = match compile(pattern) {
            Ok(linear) => return Ok(Self::Linear(linear)),
            Err(why) => why,
        };
        let backtracking = fancy_regex::RegexBuilder::new(&format!("(?s){}", translate(pattern)))
            .backtrack_limit(BACKTRACKING_MAX)
            .build();
        backtracking.map(|expression| Self::Backtracking(Box::new(expression))).map_err(|_| linear)
    }

    pub(crate) fn is_match(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Linear(expression) => expression.is_match(bytes),
            Self::Backtracking(expression) => expression.is_match(&latin(bytes)).unwrap_or(true),
        }
    }

    /// What matched.
    pub(crate) fn found(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Linear(expression) => expression.find(bytes).map(|found| found.as_bytes().to_vec()),
            Self::Backtracking(_) => self.parts(bytes)?.into_iter().next().flatten(),
        }
    }

    /// What matched, and its groups.
    pub(crate) fn parts(&self, bytes: &[u8]) -> Option<Parts> {
        match self {
            Self::Linear(expression) => {
                let captures = expression.captures(bytes)?;
                Some(captures.iter().map(|part| part.map(|part| part.as_bytes().to_vec())).collect())
            }
            Self::Backtracking(expression) => match expression.captures(&latin(bytes)) {
                Ok(None) => None,
                Ok(Some(captures)) => {
                    Some(captures.iter().map(|part| part.map(|part| bytes_of(part.as_str()))).collect())
                }
                Err(_) => Some(vec![Some(bytes.to_vec())]),
            },
        }
    }
}

fn latin(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

fn bytes_of(latin: &str) -> Vec<u8> {
    latin.chars().filter_map(|letter| u8::try_from(u32::from(letter)).ok()).collect()
}

/// An automaton whose time is linear.
///
/// # Errors
/// What it cannot do: look-around, back-references.
pub(crate) fn compile(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(&translate(pattern))
        .unicode(false)
        .dot_matches_new_line(true)
        .size_limit(SIZE_MAX)
        .build()
        .map_err(|error| error.to_string())
}

/// The same expression in the syntax of the `regex` crate.
pub(crate) fn translate(pattern: &str) -> String {
    Translation { rest: pattern.chars().collect(), at: 0, written: String::with_capacity(pattern.len() + 8) }
        .all()
}

struct Translation {
    rest: Vec<char>,
    at: usize,
    written: String,
}

impl Translation {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.rest.get(self.at + ahead).copied()
    }

    fn all(mut self) -> String {
        while let Some(letter) = self.peek(0) {
            self.at += 1;
            match letter {
                '\\' => self.escape(false),
                '[' => self.class(),
                '{' if !self.counts() => self.written.push_str("\\{"),
                // An atomic group takes what a plain one takes, and sometimes less.
                '(' if self.peek(0) == Some('?') && self.peek(1) == Some('>') => {
                    self.at += 2;
                    self.written.push_str("(?:");
                }
                // Possessive: takes what a greedy one takes, and sometimes less.
                '+' if self.repeated() => {}
                _ => self.letter(letter),
            }
        }
        self.written
    }

    /// A letter that stands for itself; beyond ASCII, for its bytes.
    fn letter(&mut self, letter: char) {
        if letter.is_ascii() {
            self.written.push(letter);
        } else {
            for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                self.written.push_str(&format!("\\x{byte:02x}"));
            }
        }
    }

    /// Whether `{` begins a count: `{2}`, `{2,}`, `{2,3}`.
    fn counts(&self) -> bool {
        let inside: String = self.rest.iter().skip(self.at).take_while(|letter| **letter != '}').collect();
        let closed = self.rest.iter().skip(self.at).any(|letter| *letter == '}');
        let mut bounds = inside.splitn(2, ',');
        let number =
            |text: Option<&str>| text.is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let first = bounds.next();
        closed
            && first.is_some_and(|first| !first.is_empty())
            && number(first)
            && bounds.next().is_none_or(|last| number(Some(last)))
    }

    /// Whether a repetition stands before: then `+` makes it possessive.
    fn repeated(&self) -> bool {
        let mut before = self.written.chars().rev();
        let (last, escaped) = (before.next(), before.next() == Some('\\'));
        !escaped
            && matches!(last, Some('+' | '*' | '?' | '}'))
            && !self.written.ends_with("\\}")
            && !self.written.ends_with("(?")
    }

    /// After a backslash.
    fn escape(&mut self, in_class: bool) {
        let Some(letter) = self.peek(0) else {
            self.written.push_str("\\\\");
            return;
        };
        self.at += 1;
        match letter {
            // Where the crate has a meaning of its own, or none.
            '<' | '>' | '/' | '\'' | '"' | '`' | ' ' | ':' | ';' | ',' | '=' | '!' | '%' | '@' | '_' => {
                if letter == '-' || (in_class && matches!(letter, '&' | '~')) {
                    self.written.push('\\');
                }
                self.written.push(letter);
            }
            'x' => self.hexadecimal(),
            'e' => self.written.push_str("\\x1b"),
            'h' => self.written.push_str(if in_class { "\\t " } else { "[\\t ]" }),
            'b' if in_class => self.written.push_str("\\x08"),
            'Z' => self.written.push_str("\\z"),
            '0' => self.written.push_str("\\x00"),
            _ => {
                self.written.push('\\');
                self.written.push(letter);
            }
        }
    }

    /// `\x7f` and `\x{7f}`: a byte.
    fn hexadecimal(&mut self) {
        self.written.push_str("\\x");
        let braced = self.peek(0) == Some('{');
        self.at += usize::from(braced);
        for _ in 0..2 {
            if let Some(digit) = self.peek(0) {
                self.at += 1;
                self.written.push(digit);
            }
        }
        self.at += usize::from(braced);
    }

    /// After `[`: what the crate would take for a nested class or an operation between classes is written as letters.
    fn class(&mut self) {
        self.written.push('[');
        if self.peek(0) == Some('^') {
            self.at += 1;
            self.written.push('^');
        }
        if self.peek(0) == Some(']') {
            self.at += 1;
            self.written.push_str("\\]");
        }
        // Whether a range can begin at the next `-`.
        let mut begun = false;
        while let Some(letter) = self.peek(0) {
            self.at += 1;
            match letter {
                ']' => {
                    self.written.push(']');
                    return;
                }
                '[' if self.peek(0) == Some(':') => begun = self.named_class(),
                '-' if begun && self.peek(0).is_some_and(|next| next != ']') => {
                    self.written.push('-');
                    self.end_of_range();
                    begun = false;
                }
                '[' | '&' | '~' | '-' => {
                    self.written.push('\\');
                    self.written.push(letter);
                    begun = true;
                }
                '\\' => {
                    let set = matches!(self.peek(0), Some('s' | 'S' | 'd' | 'D' | 'w' | 'W' | 'h'));
                    self.escape(true);
                    begun = !set;
                }
                _ => {
                    self.letter(letter);
                    begun = true;
                }
            }
        }
    }

    /// `[:alpha:]` is taken over whole.
    fn named_class(&mut self) -> bool {
        let name: String = self.rest.iter().skip(self.at).take_while(|letter| **letter != ']').collect();
        self.at += name.chars().count() + 1;
        self.written.push('[');
        self.written.push_str(&name);
        self.written.push(']');
        false
    }

    fn end_of_range(&mut self) {
        match self.peek(0) {
            Some('\\') => {
                self.at += 1;
                self.escape(true);
            }
            Some(letter) => {
                self.at += 1;
                if matches!(letter, '[' | '&' | '~' | '-') {
                    self.written.push('\\');
                }
                self.written.push(letter);
            }
            None => {}
        }
    }
}
