//! The bytes of protocol buffers, read and written without a detour: what rows in bulk need and no more.

/// The bytes are no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Wire type of variable-length integers.
pub(crate) const VARINT: u32 = 0;
/// Wire type of eight bytes.
pub(crate) const FIXED64: u32 = 1;
/// Wire type of length-prefixed bytes.
pub(crate) const DELIMITED: u32 = 2;

/// Tag of a field.
pub(crate) const fn tag(field: u32, wire: u32) -> u32 {
    field << 3 | wire
}

/// Reads from the front of a slice.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    #[inline]
    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[inline]
    pub(crate) fn varint(&mut self) -> Result<u64, Malformed> {
        match self.0.split_first() {
            Some((byte, rest)) if *byte < 0x80 => {
                self.0 = rest;
                Ok(u64::from(*byte))
            }
            _ => self.long_varint(),
        }
    }

    fn long_varint(&mut self) -> Result<u64, Malformed> {
        let mut value = 0;
        for (place, byte) in self.0.iter().take(10).enumerate() {
            let bits = u64::from(byte & 0x7f);
            let shifted = bits << (7 * place);
            if shifted >> (7 * place) != bits {
                return Err(Malformed);
            }
            value |= shifted;
            if *byte < 0x80 {
                self.0 = self.0.get(place + 1..).ok_or(Malformed)?;
                return Ok(value);
            }
        }
        Err(Malformed)
    }

    #[inline]
    pub(crate) fn tag(&mut self) -> Result<u32, Malformed> {
        u32::try_from(self.varint()?).map_err(|_| Malformed)
    }

    #[inline]
    pub(crate) fn fixed64(&mut self) -> Result<u64, Malformed> {
        let (bytes, rest) = self.0.split_first_chunk::<8>().ok_or(Malformed)?;
        self.0 = rest;
        Ok(u64::from_le_bytes(*bytes))
    }

    #[inline]
    pub(crate) fn delimited(&mut self) -> Result<&'a [u8], Malformed> {
        let length = usize::try_from(self.varint()?).map_err(|_| Malformed)?;
        let (bytes, rest) = self.0.split_at_checked(length).ok_or(Malformed)?;
        self.0 = rest;
        Ok(bytes)
    }
}

#[inline]
pub(crate) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// A variable-length integer, unless it is zero.
#[inline]
pub(crate) fn put_uint(out: &mut Vec<u8>, field: u32, value: u64) {
    if value != 0 {
        put_varint(out, u64::from(tag(field, VARINT)));
        put_varint(out, value);
    }
}

/// Eight bytes, unless they are zero.
#[inline]
pub(crate) fn put_fixed64(out: &mut Vec<u8>, field: u32, value: u64) {
    if value != 0 {
        put_varint(out, u64::from(tag(field, FIXED64)));
        out.extend_from_slice(&value.to_le_bytes());
    }
}

/// A signed integer whose absence says something: written even where it is zero.
#[inline]
pub(crate) fn put_present_sint(out: &mut Vec<u8>, field: u32, value: i64) {
    put_varint(out, u64::from(tag(field, VARINT)));
    put_varint(out, ((value << 1) ^ (value >> 63)) as u64);
}

#[inline]
pub(crate) const fn sint(value: u64) -> i64 {
    (value >> 1) as i64 ^ -((value & 1) as i64)
}

/// A message as the element of a list; quick where it has fewer than 128 bytes.
#[inline]
pub(crate) fn put_short(out: &mut Vec<u8>, field: u32, write: impl FnOnce(&mut Vec<u8>)) {
    put_varint(out, u64::from(tag(field, DELIMITED)));
    let at = out.len();
    out.push(0);
    write(out);
    let length = out.len() - at - 1;
    match out.get_mut(at) {
        Some(byte) if length < 0x80 => *byte = length as u8,
        _ => {
            let mut prefix = Vec::new();
            put_varint(&mut prefix, length as u64);
            out.splice(at..=at, prefix);
        }
    }
}
