//! The texts of one request, each once however often rules transform it, and which expressions are worth trying on each.

use std::borrow::Cow;

use crate::operator::Prefilter;
use crate::transform::Transformation;

/// A text of this request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TextId(u32);

struct Text<'r> {
    bytes: Cow<'r, [u8]>,
    /// What each transformation makes of it; [`UNKNOWN`] before it was tried.
    next: [u32; Transformation::COUNT],
    /// Which operators can match, one bit for each.
    candidates: Option<Box<[u64]>>,
}

const UNKNOWN: u32 = u32::MAX;

pub(crate) struct Texts<'r> {
    all: Vec<Text<'r>>,
    prefilter: &'r Prefilter,
}

impl<'r> Texts<'r> {
    pub(crate) fn new(prefilter: &'r Prefilter) -> Self {
        Self { all: Vec::with_capacity(64), prefilter }
    }

    pub(crate) fn add(&mut self, bytes: Cow<'r, [u8]>) -> TextId {
        let id = u32::try_from(self.all.len()).unwrap_or(UNKNOWN);
        self.all.push(Text { bytes, next: [UNKNOWN; Transformation::COUNT], candidates: None });
        TextId(id)
    }

    pub(crate) fn bytes(&self, id: TextId) -> &[u8] {
        self.all.get(id.0 as usize).map_or(b"", |text| &text.bytes)
    }

    /// What `transformation` makes of a text; itself where it changes nothing.
    pub(crate) fn transformed(&mut self, id: TextId, transformation: Transformation) -> TextId {
        let Some(text) = self.all.get(id.0 as usize) else { return id };
        let known = text.next.get(transformation as usize).copied().unwrap_or(id.0);
        if known != UNKNOWN {
            return TextId(known);
        }
        let next = match transformation.apply(&text.bytes) {
            Some(changed) if changed != *text.bytes => self.add(Cow::Owned(changed)),
            _ => id,
        };
        if let Some(place) =
            self.all.get_mut(id.0 as usize).and_then(|text| text.next.get_mut(transformation as usize))
        {
            *place = next.0;
        }
        next
    }

    pub(crate) fn through(&mut self, id: TextId, transformations: &[Transformation]) -> TextId {
        transformations.iter().fold(id, |id, transformation| self.transformed(id, *transformation))
    }

    /// Whether the operator of this number can match the text at all.
    pub(crate) fn can_match(&mut self, id: TextId, operator: usize) -> bool {
        has(self.candidates(id), operator)
    }

    /// Adds the operators that can match the text to `all`.
    pub(crate) fn add_candidates(&mut self, id: TextId, all: &mut Vec<u64>) {
        let candidates = self.candidates(id);
        all.resize(all.len().max(candidates.len()), 0);
        all.iter_mut().zip(candidates).for_each(|(word, more)| *word |= more);
    }

    fn candidates(&mut self, id: TextId) -> &[u64] {
        let prefilter = self.prefilter;
        match self.all.get_mut(id.0 as usize) {
            Some(text) => text.candidates.get_or_insert_with(|| prefilter.candidates(&text.bytes)),
            None => &[],
        }
    }
}

/// Whether a bit is set.
pub(crate) fn has(bits: &[u64], number: usize) -> bool {
    bits.get(number / 64).is_some_and(|word| word & (1 << (number % 64)) != 0)
}
