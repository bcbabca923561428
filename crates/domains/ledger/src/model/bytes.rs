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

    /// Nothing may be left over.
    pub(crate) fn finish(self) -> Result<(), Truncated> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.bad()) }
    }
}
