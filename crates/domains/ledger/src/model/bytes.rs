//! Canonical bytes: big-endian integers of fixed width, options marked by one byte, strings length-prefixed.

/// The bytes end too early, or say something that the format has no meaning for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes end too early or have no meaning at offset {0}")]
pub struct Truncated(pub usize);

/// Appends values to a buffer in their canonical form.
pub(crate) mod put {
    /// One byte.
    pub(crate) fn u8(out: &mut Vec<u8>, value: u8) {
        out.push(value);
    }
    /// Two bytes.
    pub(crate) fn u16(out: &mut Vec<u8>, value: u16) {
        out.extend_from_slice(&value.to_be_bytes());
    }
    /// Four bytes.
    pub(crate) fn u32(out: &mut Vec<u8>, value: u32) {
        out.extend_from_slice(&value.to_be_bytes());
    }
    /// Four bytes, two's complement.
    pub(crate) fn i32(out: &mut Vec<u8>, value: i32) {
        out.extend_from_slice(&value.to_be_bytes());
    }
    /// Eight bytes.
    pub(crate) fn u64(out: &mut Vec<u8>, value: u64) {
        out.extend_from_slice(&value.to_be_bytes());
    }
    /// Eight bytes, two's complement.
    pub(crate) fn i64(out: &mut Vec<u8>, value: i64) {
        out.extend_from_slice(&value.to_be_bytes());
    }
    /// Sixteen bytes.
    pub(crate) fn u128(out: &mut Vec<u8>, value: u128) {
        out.extend_from_slice(&value.to_be_bytes());
    }
    /// Signed, small numbers of either sign in few bytes.
    pub(crate) fn zigzag(out: &mut Vec<u8>, value: i64) {
        varint(out, ((value << 1) ^ (value >> 63)) as u64);
    }
    /// LEB128 in its shortest form.
    pub(crate) fn varint(out: &mut Vec<u8>, mut value: u64) {
        while value >= 0x80 {
            out.push(value as u8 | 0x80);
            value >>= 7;
        }
        out.push(value as u8);
    }
    /// A zero byte for nothing; a one byte and the value for something.
    pub(crate) fn option<T>(out: &mut Vec<u8>, value: Option<T>, each: impl FnOnce(&mut Vec<u8>, T)) {
        match value {
            None => out.push(0),
            Some(value) => {
                out.push(1);
                each(out, value);
            }
        }
    }
}

/// Reads canonical bytes from front to end.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// How many bytes were read so far.
    pub(crate) const fn offset(&self) -> usize {
        self.at
    }

    pub(crate) const fn bad(&self) -> Truncated {
        Truncated(self.at)
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<&'a [u8], Truncated> {
        let end = self.at.checked_add(count).ok_or(self.bad())?;
        let taken = self.bytes.get(self.at..end).ok_or(self.bad())?;
        self.at = end;
        Ok(taken)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Truncated> {
        let at = self.bad();
        self.take(N)?.try_into().map_err(|_| at)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Truncated> {
        self.array().map(u8::from_be_bytes)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Truncated> {
        self.array().map(u16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Truncated> {
        self.array().map(u32::from_be_bytes)
    }

    pub(crate) fn i32(&mut self) -> Result<i32, Truncated> {
        self.array().map(i32::from_be_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Truncated> {
        self.array().map(u64::from_be_bytes)
    }

    pub(crate) fn i64(&mut self) -> Result<i64, Truncated> {
        self.array().map(i64::from_be_bytes)
    }

    pub(crate) fn u128(&mut self) -> Result<u128, Truncated> {
        self.array().map(u128::from_be_bytes)
    }

    /// LEB128 in its shortest form; a longer one has no meaning.
    pub(crate) fn varint(&mut self) -> Result<u64, Truncated> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let bad = self.bad();
            let byte = self.u8()?;
            let bits = u64::from(byte & 0x7F);
            if (shift == 63 && bits > 1) || (shift > 0 && byte == 0) {
                return Err(bad);
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(self.bad())
    }

    pub(crate) fn varint_u32(&mut self) -> Result<u32, Truncated> {
        let bad = self.bad();
        u32::try_from(self.varint()?).map_err(|_| bad)
    }

    /// See [`put::zigzag`].
    pub(crate) fn zigzag(&mut self) -> Result<i64, Truncated> {
        let value = self.varint()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// A zero or a one; anything else has no meaning.
    pub(crate) fn flag(&mut self) -> Result<bool, Truncated> {
        let bad = self.bad();
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(bad),
        }
    }

    pub(crate) fn option<T>(
        &mut self,
        each: impl FnOnce(&mut Self) -> Result<T, Truncated>,
    ) -> Result<Option<T>, Truncated> {
        if self.flag()? { each(self).map(Some) } else { Ok(None) }
    }

    /// Whether everything was read.
    pub(crate) const fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }

    /// Nothing may be left over.
    pub(crate) fn finish(self) -> Result<(), Truncated> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.bad()) }
    }
}
