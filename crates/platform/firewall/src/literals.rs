//! Which texts must stand in whatever an expression matches: one look for all of them at once spares most expressions.
//!
//! A set of texts is *required* by an expression when each of its matches holds at least one of them, whatever the case of
//! their letters. Source of the idea: RE2's `FilteredRE2` (R. Cox, "Regular Expression Matching with a Trigram Index", 2012).

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

/// More alternatives than this are not looked for one by one.
const ALTERNATIVES_MAX: usize = 400;
/// Letters of a class that are looked for one by one.
const CLASS_MAX: usize = 12;
/// Longest text that is put together from alternatives.
const LENGTH_MAX: usize = 16;

/// Required texts in lower case, or nothing where the expression can match without any that is worth looking for.
pub(crate) fn required(pattern: &str) -> Option<Vec<Vec<u8>>> {
    let hir = ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .dot_matches_new_line(true)
        .build()
        .parse(pattern)
        .ok()?;
    let mut best = texts(&hir).best()?;
    best.sort_by_key(Vec::len);
    let mut kept: Vec<Vec<u8>> = Vec::new();
    for text in best {
        // Where a shorter one is found, a longer one that holds it need not be.
        if !kept.iter().any(|shorter| memchr::memmem::find(&text, shorter).is_some()) {
            kept.push(text);
        }
    }
    let best = kept;
    best.iter().all(|text| is_telling(text)).then_some(best)
}

/// Single letters, digits and blanks stand in everything.
fn is_telling(text: &[u8]) -> bool {
    match text {
        [] => false,
        [one] => !one.is_ascii_alphanumeric() && *one != b' ',
        _ => true,
    }
}

/// What is known of the texts that a part of an expression matches.
#[derive(Debug, Clone)]
struct Texts {
    /// Every text it matches, in lower case, where they are few.
    exact: Option<Vec<Vec<u8>>>,
    /// The best set of which each match holds at least one.
    required: Option<Vec<Vec<u8>>>,
}

impl Texts {
    const fn anything() -> Self {
        Self { exact: None, required: None }
    }

    const fn exactly(texts: Vec<Vec<u8>>) -> Self {
        Self { exact: Some(texts), required: None }
    }

    fn best(self) -> Option<Vec<Vec<u8>>> {
        better(self.exact.filter(|texts| texts.iter().all(|text| !text.is_empty())), self.required)
    }
}

/// The one whose shortest text is longer; of equal ones the smaller.
fn better(one: Option<Vec<Vec<u8>>>, other: Option<Vec<Vec<u8>>>) -> Option<Vec<Vec<u8>>> {
    let worth = |texts: &Vec<Vec<u8>>| {
        let shortest = texts.iter().map(Vec::len).min().unwrap_or_default();
        (shortest.min(4), usize::MAX - texts.len(), shortest)
    };
    match (one, other) {
        (Some(one), Some(other)) => Some(if worth(&one) >= worth(&other) { one } else { other }),
        (one, other) => one.or(other),
    }
}

fn texts(hir: &Hir) -> Texts {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Texts::exactly(vec![Vec::new()]),
        HirKind::Literal(literal) => Texts::exactly(vec![literal.0.to_ascii_lowercase()]),
        HirKind::Class(class) => letters(class).map_or_else(Texts::anything, Texts::exactly),
        HirKind::Capture(capture) => texts(&capture.sub),
        HirKind::Repetition(repetition) => {
            let inner = texts(&repetition.sub);
            match (repetition.min, repetition.max) {
                (0, Some(1)) => Texts {
                    exact: inner.exact.map(|mut texts| {
                        texts.push(Vec::new());
                        texts
                    }),
                    required: None,
                },
                (0, _) => Texts::anything(),
                (1, Some(1)) => inner,
                _ => Texts { exact: None, required: inner.best() },
            }
        }
        HirKind::Concat(parts) => concatenated(parts),
        HirKind::Alternation(parts) => alternatives(parts),
    }
}

/// Letters of a small class, without regard to case.
fn letters(class: &Class) -> Option<Vec<Vec<u8>>> {
    let Class::Bytes(class) = class else { return None };
    let mut all = Vec::new();
    for range in class.iter() {
        for byte in range.start()..=range.end() {
            let byte = byte.to_ascii_lowercase();
            if !all.contains(&vec![byte]) {
                all.push(vec![byte]);
            }
            if all.len() > CLASS_MAX {
                return None;
            }
        }
    }
    Some(all)
}

/// One after the other. Texts that are next to each other grow together; a gap ends them as one candidate.
fn concatenated(parts: &[Hir]) -> Texts {
    let (mut run, mut required, mut whole) = (vec![Vec::new()], None, true);
    for part in parts.iter().map(texts) {
        required = better(required, part.required);
        match part.exact {
            Some(next) if product_is_small(&run, &next) => run = product(&run, &next),
            next => {
                whole = false;
                let ended = std::mem::replace(&mut run, next.unwrap_or_else(|| vec![Vec::new()]));
                required = better(required, Texts::exactly(ended).best());
            }
        }
    }
    if whole {
        return Texts { exact: Some(run), required };
    }
    Texts { exact: None, required: better(required, Texts::exactly(run).best()) }
}

fn product(first: &[Vec<u8>], second: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let joined = |start: &Vec<u8>, end: &Vec<u8>| start.iter().chain(end).copied().collect::<Vec<u8>>();
    first.iter().flat_map(|start| second.iter().map(move |end| joined(start, end))).collect()
}

fn product_is_small(first: &[Vec<u8>], second: &[Vec<u8>]) -> bool {
    let longest = |texts: &[Vec<u8>]| texts.iter().map(Vec::len).max().unwrap_or_default();
    first.len().saturating_mul(second.len()) <= ALTERNATIVES_MAX
        && (longest(first) + longest(second) <= LENGTH_MAX || first.len().max(second.len()) == 1)
}

fn alternatives(parts: &[Hir]) -> Texts {
    let parts: Vec<Texts> = parts.iter().map(texts).collect();
    let exact =
        parts.iter().map(|part| part.exact.clone()).collect::<Option<Vec<_>>>().map(|all| all.concat());
    let required = parts.into_iter().map(Texts::best).collect::<Option<Vec<_>>>().map(|all| all.concat());
    let small = |texts: &Vec<Vec<u8>>| texts.len() <= ALTERNATIVES_MAX;
    Texts {
        exact: exact.filter(small),
        required: required.filter(|texts| texts.len() <= ALTERNATIVES_MAX * 8),
    }
}
