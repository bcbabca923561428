//! The SIM of a customer's phone: whether it was changed of late, as far as the carrier said.

use clock::Timestamp;

use super::{earlier, later};

/// What the carrier said last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sim {
    /// When it said that nothing was changed; or later, where staff saw its owner's documents: then it is believed until
    /// the change that it told of is no longer fresh.
    pub(crate) asked_at: Timestamp,
    /// Until when a change that it told of is fresh.
    pub(crate) held_until: Timestamp,
}

impl Sim {
    /// Until when what comes to the phone proves nothing; `None`: it proves what it always does.
    pub(crate) fn held(self, now: Timestamp) -> Option<Timestamp> {
        (now < self.held_until).then_some(self.held_until)
    }

    /// Whether what the carrier said is too old to be believed.
    pub(crate) fn is_to_be_asked(self, now: Timestamp, again_s: u32) -> bool {
        now >= later(self.asked_at, again_s)
    }
}

impl Sim {
    /// The owner changed it themselves: what is held is lifted, and the carrier, who would tell of the same change again, is
    /// not asked before it is no longer fresh.
    pub(crate) fn lifted(self, again_s: u32) -> Self {
        Self { asked_at: earlier(self.held_until, again_s), held_until: Timestamp::UNIX_EPOCH }
    }
}

/// A mobile number as carriers write it (E.164); `None` for what is none of China's.
pub(crate) fn e164(phone: &str) -> Option<String> {
    let phone = super::name::normalize(phone);
    super::name::is_phone(&phone).then(|| format!("+86{phone}"))
}
