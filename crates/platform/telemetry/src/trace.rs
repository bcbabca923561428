//! The `traceparent` header: which request something belongs to (W3C Trace Context, version 00).

use std::fmt;

use ids::TraceId;

use crate::export;

/// Where a request stands in its trace: `00-<trace>-<parent>-<flags>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceParent {
    trace: u128,
    span: u64,
    /// The span in which this one began; 0 where nobody says.
    above: u64,
    sampled: bool,
}

impl TraceParent {
    /// A new trace. It is kept as often as the settings say.
    #[must_use]
    pub fn mint() -> Self {
        Self { trace: TraceId::mint().as_u128(), span: fresh_span(), above: 0, sampled: export::is_kept() }
    }

    /// Of a request that a stranger sends, with this header: goes on with its trace, or begins one. A stranger can
    /// ask that his trace is not kept, but not that it is kept more often than others.
    #[must_use]
    pub fn at_door(header: Option<&str>) -> Self {
        let given = header.and_then(Self::parse);
        given.map_or_else(Self::mint, |given| Self {
            sampled: given.sampled && export::is_kept(),
            ..given.child()
        })
    }

    /// Of a request that another process of the bank sends, with this header: goes on with its trace, or begins one.
    #[must_use]
    pub fn inside(header: Option<&str>) -> Self {
        header.and_then(Self::parse).map_or_else(Self::mint, |given| given.child())
    }

    /// Reads the header's value; `None` for what the standard tells a receiver to ignore: wrong lengths,
    /// characters other than lower-case hexadecimal, all-zero ids, version `ff`. Of later versions the known
    /// beginning is read (section 3.2.2).
    #[must_use]
    pub fn parse(header: &str) -> Option<Self> {
        let header = header.trim();
        let mut parts = header.splitn(5, '-');
        let version = hexadecimal(parts.next()?, 2)?;
        let trace = hexadecimal(parts.next()?, 32)?;
        let span = u64::try_from(hexadecimal(parts.next()?, 16)?).ok()?;
        let flags = hexadecimal(parts.next()?, 2)?;
        let tail = parts.next();
        let known = version < 0xff && (version > 0 || tail.is_none());
        (known && trace != 0 && span != 0).then_some(Self { trace, span, above: 0, sampled: flags & 1 == 1 })
    }

    /// The same trace, one step further in.
    #[must_use]
    pub fn child(&self) -> Self {
        Self { span: fresh_span(), above: self.span, ..*self }
    }

    /// The trace id: 32 hexadecimal digits.
    #[must_use]
    pub fn trace_id(&self) -> String {
        format!("{:032x}", self.trace)
    }

    pub(crate) const fn trace(&self) -> u128 {
        self.trace
    }

    pub(crate) const fn span(&self) -> u64 {
        self.span
    }

    /// The span in which this one began; `None` where nobody says.
    pub(crate) const fn above(&self) -> Option<u64> {
        if self.above == 0 { None } else { Some(self.above) }
    }

    /// Whether the caller asks for this trace to be kept.
    #[must_use]
    pub const fn sampled(&self) -> bool {
        self.sampled
    }
}

impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace, self.span, u8::from(self.sampled))
    }
}

fn fresh_span() -> u64 {
    rand::random::<u64>().max(1)
}

fn hexadecimal(text: &str, length: usize) -> Option<u128> {
    let fits = text.len() == length && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    if fits { u128::from_str_radix(text, 16).ok() } else { None }
}
