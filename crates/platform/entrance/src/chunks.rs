//! A body in chunks (RFC 9112, 7.1): followed byte by byte, so that it is known where it ends.

use crate::refused::Refused;

/// Bytes of the extensions of one chunk, which nobody uses.
const EXTENSION_BYTES_MAX: u16 = 256;
/// Digits of a size, leading zeros included.
const DIGITS_MAX: u8 = 16;

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chunks {
    /// In the digits of a size.
    Size { digits: u8, size: u64 },
    /// Behind the size, before CR.
    Extension { bytes: u16, size: u64 },
    /// At the LF behind the size.
    SizeEnd { size: u64 },
    /// Within a chunk.
    Data { left: u64 },
    /// At CR or LF behind a chunk.
    DataEnd { carriage: bool },
    /// In the trailer: bytes of it, bytes of the line.
    Trailer { bytes: usize, line: usize, carriage: bool },
    /// Behind the end.
    Done,
}

impl Chunks {
    pub(crate) const START: Self = Self::Size { digits: 0, size: 0 };

    /// Follows `bytes` and tells how many of them belong to the body. The trailer may have `trailer_max` bytes.
    ///
    /// # Errors
    /// [`Refused::Chunk`].
    pub(crate) fn follow(&mut self, bytes: &[u8], trailer_max: usize) -> Result<usize, Refused> {
        let mut rest = bytes;
        while let (false, Some((byte, after))) = (*self == Self::Done, rest.split_first()) {
            if let Self::Data { left } = self {
                let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                *left -= taken as u64;
                if *left == 0 {
                    *self = Self::DataEnd { carriage: false };
                }
                rest = rest.get(taken..).unwrap_or_default();
                continue;
            }
            *self = self.step(*byte, trailer_max).ok_or(Refused::Chunk)?;
            rest = after;
        }
        Ok(bytes.len() - rest.len())
    }

    fn step(self, byte: u8, trailer_max: usize) -> Option<Self> {
        match self {
            Self::Size { digits, size } => match (byte, char::from(byte).to_digit(16)) {
                (_, Some(digit)) if digits < DIGITS_MAX => {
                    Some(Self::Size { digits: digits + 1, size: size << 4 | u64::from(digit) })
                }
                (b'\r', None) if digits > 0 => Some(Self::SizeEnd { size }),
                (b';' | b' ' | b'\t', None) if digits > 0 => Some(Self::Extension { bytes: 0, size }),
                _ => None,
            },
            Self::Extension { size, .. } if byte == b'\r' => Some(Self::SizeEnd { size }),
            Self::Extension { bytes, size } => {
                let is_fine = !byte.is_ascii_control() || byte == b'\t';
                (is_fine && bytes < EXTENSION_BYTES_MAX).then_some(Self::Extension { bytes: bytes + 1, size })
            }
            Self::SizeEnd { size: 0 } => {
                (byte == b'\n').then_some(Self::Trailer { bytes: 0, line: 0, carriage: false })
            }
            Self::SizeEnd { size } => (byte == b'\n').then_some(Self::Data { left: size }),
            Self::DataEnd { carriage: false } => (byte == b'\r').then_some(Self::DataEnd { carriage: true }),
            Self::DataEnd { carriage: true } => (byte == b'\n').then_some(Self::START),
            Self::Trailer { bytes, line, carriage } => trailer(byte, bytes + 1, line, carriage, trailer_max),
            Self::Data { .. } | Self::Done => None,
        }
    }
}

fn trailer(byte: u8, bytes: usize, line: usize, carriage: bool, most: usize) -> Option<Chunks> {
    match (byte, carriage) {
        _ if bytes > most => None,
        (b'\n', true) if line == 0 => Some(Chunks::Done),
        (b'\n', true) => Some(Chunks::Trailer { bytes, line: 0, carriage: false }),
        (b'\n', false) | (_, true) => None,
        (b'\r', false) => Some(Chunks::Trailer { bytes, line, carriage: true }),
        (_, false) if byte.is_ascii_control() && byte != b'\t' => None,
        (_, false) => Some(Chunks::Trailer { bytes, line: line + 1, carriage: false }),
    }
}
