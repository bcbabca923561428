//! Where requests begin and end in what a client sends over HTTP/1: heads go on whole and checked, bodies as they come.

use crate::chunks::Chunks;
use crate::head::{self, Length};
use crate::refused::Refused;

/// How large heads may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) head_max_bytes: usize,
    pub(crate) headers_max: usize,
}

/// Follows one connection.
#[derive(Debug)]
pub(crate) struct Framing {
    bounds: Bounds,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In a head, whose current line begins at `line` and does not end before `seen`.
    Head { seen: usize, line: usize },
    /// In a body of which so many bytes are left.
    Body { left: u64 },
    /// In a body of chunks.
    Chunks(Chunks),
    /// It is no longer HTTP.
    Raw,
}

const HEAD: Place = Place::Head { seen: 0, line: 0 };

/// What came of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Scanned {
    /// So many may go on. Those behind belong to an unfinished head, and are to be shown again with what follows.
    pub(crate) pass: usize,
    /// What comes then is refused.
    pub(crate) refused: Option<Refused>,
}

impl Framing {
    pub(crate) const fn new(bounds: Bounds) -> Self {
        Self { bounds, place: HEAD }
    }

    /// Whether the next byte belongs to a head.
    pub(crate) const fn is_in_head(&self) -> bool {
        matches!(self.place, Place::Head { .. })
    }

    /// From now on everything goes on.
    pub(crate) const fn let_pass(&mut self) {
        self.place = Place::Raw;
    }

    /// Follows `bytes`.
    pub(crate) fn scan(&mut self, bytes: &[u8]) -> Scanned {
        let mut pass = 0;
        let mut refused = None;
        while let Some(rest) = bytes.get(pass..).filter(|rest| !rest.is_empty()) {
            match self.step(rest) {
                Ok(0) => break,
                Ok(taken) => pass += taken,
                Err(why) => {
                    refused = Some(why);
                    break;
                }
            }
        }
        Scanned { pass, refused }
    }

    /// How many of `rest` go on; none where a head is unfinished.
    fn step(&mut self, rest: &[u8]) -> Result<usize, Refused> {
        match &mut self.place {
            Place::Raw => Ok(rest.len()),
            Place::Body { left } => {
                let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                *left -= taken as u64;
                if *left == 0 {
                    self.place = HEAD;
                }
                Ok(taken)
            }
            Place::Chunks(chunks) => {
                let taken = chunks.follow(rest, self.bounds.head_max_bytes)?;
                if *chunks == Chunks::Done {
                    self.place = HEAD;
                }
                Ok(taken)
            }
            Place::Head { seen, line } => {
                let end = end_of_head(rest, seen, line)?;
                if end.unwrap_or(rest.len()) > self.bounds.head_max_bytes {
                    return Err(Refused::HeadSize);
                }
                let Some(end) = end else { return Ok(0) };
                self.head(rest.get(..end).unwrap_or_default())?;
                Ok(end)
            }
        }
    }

    /// Takes a whole head.
    fn head(&mut self, head: &[u8]) -> Result<(), Refused> {
        let head = head.strip_prefix(b"\r\n").unwrap_or(head);
        self.place = match head::read(head, self.bounds.headers_max)? {
            Length::Bytes(0) => HEAD,
            Length::Bytes(left) => Place::Body { left },
            Length::Chunked => Place::Chunks(Chunks::START),
        };
        Ok(())
    }
}

/// Where the head at the beginning of `rest` ends, if it does. One empty line before it is overlooked (RFC 9112, 2.2).
fn end_of_head(rest: &[u8], seen: &mut usize, line: &mut usize) -> Result<Option<usize>, Refused> {
    while let Some(at) = rest.get(*seen..).and_then(|rest| rest.iter().position(|byte| *byte == b'\n')) {
        let end = *seen + at + 1;
        let whole = rest.get(*line..end).unwrap_or_default();
        let content = whole.strip_suffix(b"\r\n").ok_or(Refused::LineEnding)?;
        let begun = std::mem::replace(line, end);
        *seen = end;
        match (content.is_empty(), begun) {
            (false, _) | (true, 0) => {}
            (true, 2) => return Err(Refused::LineEnding),
            (true, _) => return Ok(Some(end)),
        }
    }
    *seen = rest.len();
    Ok(None)
}
