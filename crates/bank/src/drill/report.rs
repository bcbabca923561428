//! What a drill prints: a line per fault and one over all.

use std::collections::BTreeMap;

use serde_json::json;

use super::count::seconds;

/// What one fault did.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub(super) fault: &'static str,
    /// The longest time without an acknowledgement, where it was longer than usual.
    pub(super) rto_ms: u64,
    /// The longest time without an acknowledgement before the fault.
    pub(super) usual_ms: u64,
    /// The longest that one customer waited for what became of one payment.
    pub(super) slowest_ms: u64,
    pub(super) acked: u64,
    pub(super) lost: u64,
    pub(super) duplicated: u64,
    pub(super) balances_wrong: u64,
    /// Payments refused for good, which none should be.
    pub(super) refused: u64,
    /// What customers saw instead of answers, how often.
    pub(super) errors: BTreeMap<String, u64>,
    /// How long it took, once everything was put right, until all was well.
    pub(super) well_ms: Option<u64>,
    /// How often a process ended by itself and was started again.
    pub(super) revived: u32,
    /// The machine of the primary before and after.
    pub(super) primary: String,
    /// The machine of the process that writes the ledger's book, before and after.
    pub(super) leader: String,
    /// What went wrong with the drill itself.
    pub(super) failed: Option<String>,
}

impl Line {
    /// Whether the bank kept its promises and came back.
    pub(super) const fn is_good(&self) -> bool {
        self.lost == 0
            && self.duplicated == 0
            && self.balances_wrong == 0
            && self.refused == 0
            && self.well_ms.is_some()
            && self.failed.is_none()
    }

    /// One JSON object with stable keys.
    pub(super) fn json(&self) -> String {
        let errors: u64 = self.errors.values().sum();
        let well = self.well_ms.map_or_else(|| "null".to_owned(), seconds);
        let failed =
            self.failed.as_ref().map(|why| format!(",\"failed\":{}", json!(why))).unwrap_or_default();
        format!(
            "{{\"fault\":\"{}\",\"rto_s\":{},\"acked\":{},\"lost\":{},\"duplicated\":{},\
             \"errors_seen_by_clients\":{errors},\"usual_gap_s\":{},\"slowest_s\":{},\"refused\":{},\
             \"balances_wrong\":{},\"well_after_s\":{well},\"revived\":{},\"primary\":\"{}\",\"leader\":\"{}\"{failed}}}",
            self.fault,
            seconds(self.rto_ms),
            self.acked,
            self.lost,
            self.duplicated,
            seconds(self.usual_ms),
            seconds(self.slowest_ms),
            self.refused,
            self.balances_wrong,
            self.revived,
            self.primary,
            self.leader,
        )
    }

    /// The same to be read.
    pub(super) fn words(&self) -> String {
        let well = self.well_ms.map_or_else(|| "never".to_owned(), seconds);
        let failed = self.failed.as_ref().map(|why| format!("  FAILED: {why}")).unwrap_or_default();
        format!(
            "{:<26} rto {:>5} s  acked {:>5}  lost {}  duplicated {}  errors {:>4}  slowest {:>5} s  well {:>5} s  primary {}  \
             leader {}{failed}",
            self.fault,
            seconds(self.rto_ms),
            self.acked,
            self.lost,
            self.duplicated,
            self.errors.values().sum::<u64>(),
            seconds(self.slowest_ms),
            well,
            self.primary,
            self.leader,
        )
    }
}

/// What all faults did together, and what was found at the end.
#[derive(Debug, Clone, Default)]
pub(super) struct Total {
    pub(super) faults: u64,
    pub(super) bad: u64,
    pub(super) rto_ms: u64,
    pub(super) acked: u64,
    pub(super) lost: u64,
    pub(super) duplicated: u64,
    pub(super) balances_wrong: u64,
    pub(super) messages_missing: u64,
    pub(super) messages_repeated: u64,
    /// Whether the journal was read whole and holds.
    pub(super) verified: bool,
}

impl Total {
    /// Adds a fault.
    pub(super) fn add(&mut self, line: &Line) {
        self.faults += 1;
        self.bad += u64::from(!line.is_good());
        self.rto_ms = self.rto_ms.max(line.rto_ms);
        self.acked += line.acked;
    }

    /// Whether the bank kept all of its promises.
    pub(super) const fn is_good(&self) -> bool {
        self.bad == 0
            && self.lost == 0
            && self.duplicated == 0
            && self.balances_wrong == 0
            && self.messages_missing == 0
            && self.messages_repeated == 0
            && self.verified
    }

    /// One JSON object with stable keys.
    pub(super) fn json(&self) -> String {
        format!(
            "{{\"faults\":{},\"rto_s\":{},\"acked\":{},\"lost\":{},\"duplicated\":{},\"failed_faults\":{},\
             \"balances_wrong\":{},\"messages_missing\":{},\"messages_repeated\":{},\"verified\":{}}}",
            self.faults,
            seconds(self.rto_ms),
            self.acked,
            self.lost,
            self.duplicated,
            self.bad,
            self.balances_wrong,
            self.messages_missing,
            self.messages_repeated,
            self.verified,
        )
    }

    /// The same to be read.
    pub(super) fn words(&self) -> String {
        self.json().trim_matches(['{', '}']).replace(['"'], "").replace(',', "\n")
    }
}
