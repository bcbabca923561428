//! Operators: what a rule asks of a value. Those that look for texts are numbered, so that one look serves them all.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use aho_corasick::automaton::{Automaton, OverlappingState};
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, Input, MatchKind};
use ipnet::IpNet;

use crate::macros::Template;
use crate::pattern::Expression;

/// A compiled operator.
pub(crate) enum Operator {
    /// `@rx`, with its number.
    Matches {
        expression: Expression,
        number: usize,
    },
    /// `@rx` with macros in it: what they stand for is known only while rules are applied.
    MatchesWritten {
        template: Template,
        latest: Latest,
    },
    /// `@pm`, `@pmFromFile`: one of several phrases, whatever the case; found out by its number alone.
    Phrases {
        number: usize,
    },
    Contains(Template),
    BeginsWith(Template),
    EndsWith(Template),
    Equals(Template),
    /// The value stands in the argument.
    Within(Template),
    /// Numbers: the value compared with the argument.
    Compare(Comparison, Template),
    /// Some byte is none of these.
    OutsideBytes(Box<[bool; 256]>),
    InvalidUtf8,
    InvalidUrlEncoding,
    SqlInjection,
    CrossSiteScripting,
    Address(Vec<IpNet>),
    Always,
    Never,
}

/// The latest expression that a template came to: it is the same for most requests.
#[derive(Default)]
pub(crate) struct Latest(Mutex<Option<(Vec<u8>, Arc<Expression>)>>);

impl Latest {
    /// Whether what is `written` matches; what is no expression matches nothing.
    pub(crate) fn is_match(&self, written: &[u8], bytes: &[u8]) -> bool {
        let mut latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known =
            latest.as_ref().filter(|(of, _)| of == written).map(|(_, expression)| Arc::clone(expression));
        let expression = known.or_else(|| {
            let compiled = Arc::new(Expression::compile(&String::from_utf8_lossy(written)).ok()?);
            *latest = Some((written.to_vec(), Arc::clone(&compiled)));
            Some(compiled)
        });
        drop(latest);
        expression.is_some_and(|expression| expression.is_match(bytes))
    }
}

impl Operator {
    /// The number of one that looks for texts.
    pub(crate) const fn number(&self) -> Option<usize> {
        match self {
            Self::Matches { number, .. } | Self::Phrases { number } => Some(*number),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    AtLeast,
    MoreThan,
    AtMost,
    LessThan,
}

impl Comparison {
    pub(crate) const fn holds(self, value: i64, argument: i64) -> bool {
        match self {
            Self::Equal => value == argument,
            Self::AtLeast => value >= argument,
            Self::MoreThan => value > argument,
            Self::AtMost => value <= argument,
            Self::LessThan => value < argument,
        }
    }
}

/// What stands at the beginning of `text` as a number; 0 where nothing does.
pub(crate) fn number(text: &[u8]) -> i64 {
    let (negative, digits) = text.strip_prefix(b"-").map_or((false, text), |digits| (true, digits));
    let value = digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .fold(0_i64, |value, digit| value.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    if negative { -value } else { value }
}

/// `32-126,9` to one flag for each byte.
pub(crate) fn bytes_allowed(argument: &str) -> Result<Box<[bool; 256]>, String> {
    let mut allowed = Box::new([false; 256]);
    for part in argument.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let number = |text: &str| text.trim().parse::<u8>().map_err(|_| format!("`{text}` is no byte"));
        for byte in number(first)?..=number(last)? {
            if let Some(flag) = allowed.get_mut(usize::from(byte)) {
                *flag = true;
            }
        }
    }
    Ok(allowed)
}

pub(crate) fn networks(argument: &str) -> Result<Vec<IpNet>, String> {
    let network = |text: &str| {
        text.parse::<IpNet>()
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
            .map_err(|error| format!("`{text}`: {error}"))
    };
    argument.split(',').map(str::trim).filter(|text| !text.is_empty()).map(network).collect()
}

/// Finds all texts that any operator requires, in one pass, and tells which operators can match.
pub(crate) struct Prefilter {
    automaton: Option<DFA>,
    /// For each text, the numbers of the operators that require it or one of its fellows.
    wanted_by: Vec<Vec<u32>>,
    /// Operators that require no text.
    always: Box<[u64]>,
}

impl Prefilter {
    /// From what each operator requires, in the order of their numbers.
    pub(crate) fn build(required: &[Option<Vec<Vec<u8>>>]) -> Result<Self, String> {
        let mut always = vec![0_u64; required.len().div_ceil(64)].into_boxed_slice();
        let mut texts = std::collections::BTreeMap::<&[u8], Vec<u32>>::new();
        for (number, required) in required.iter().enumerate() {
            match required {
                None => set(&mut always, number),
                Some(all) => {
                    for text in all {
                        texts.entry(text).or_default().push(u32::try_from(number).unwrap_or(u32::MAX));
                    }
                }
            }
        }
        let automaton = DFA::builder()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .build(texts.keys())
            .map_err(|error| error.to_string())?;
        let automaton = (!texts.is_empty()).then_some(automaton);
        Ok(Self { automaton, wanted_by: texts.into_values().collect(), always })
    }

    /// One bit for each operator that can match `bytes`.
    pub(crate) fn candidates(&self, bytes: &[u8]) -> Box<[u64]> {
        let mut candidates = self.always.clone();
        let Some(automaton) = &self.automaton else { return candidates };
        let input = Input::new(bytes).anchored(Anchored::No);
        let mut state = OverlappingState::start();
        while automaton.try_find_overlapping(&input, &mut state).is_ok() {
            let Some(found) = state.get_match() else { break };
            for number in self.wanted_by.get(found.pattern().as_usize()).into_iter().flatten() {
                set(&mut candidates, *number as usize);
            }
        }
        candidates
    }

    /// Bytes in memory.
    pub(crate) fn memory(&self) -> usize {
        self.automaton.as_ref().map_or(0, Automaton::memory_usage)
    }
}

fn set(bits: &mut [u64], number: usize) {
    if let Some(word) = bits.get_mut(number / 64) {
        *word |= 1 << (number % 64);
    }
}
