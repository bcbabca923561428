//! Lines out of pieces, each of bounded length.

/// Bytes of a line without its end.
pub(crate) const LINE_BYTES_MAX: usize = 4_096;

/// A line without its end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// As it came.
    Whole(Vec<u8>),
    /// Longer than a line may be; what it held is gone.
    TooLong,
}

/// Puts lines together.
#[derive(Default)]
pub(crate) struct Lines {
    begun: Vec<u8>,
    too_long: bool,
}

impl Lines {
    /// The next line that ends within `bytes`, which are moved past it; what is left of them begins the line after.
    pub(crate) fn next(&mut self, bytes: &mut &[u8]) -> Option<Line> {
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let (piece, rest) = match end {
            Some(end) => (bytes.get(..end)?, bytes.get(end + 1..)?),
            None => (*bytes, &[][..]),
        };
        *bytes = rest;
        if self.begun.len() + piece.len() > LINE_BYTES_MAX {
            self.too_long = true;
            self.begun.clear();
        }
        if !self.too_long {
            self.begun.extend_from_slice(piece);
        }
        end.and_then(|_| self.finish())
    }

    /// The last line, where the file does not end with a line's end.
    pub(crate) fn last(mut self) -> Option<Line> {
        if self.begun.is_empty() && !self.too_long { None } else { self.finish() }
    }

    fn finish(&mut self) -> Option<Line> {
        let begun = std::mem::take(&mut self.begun);
        Some(if std::mem::take(&mut self.too_long) { Line::TooLong } else { Line::Whole(begun) })
    }
}
