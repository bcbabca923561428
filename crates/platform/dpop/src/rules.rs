//! How long proofs and nonces are good, and how much is remembered.

/// How long proofs and nonces are good, and how much is remembered. [`Rules::default`] suits a bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// So much older than the server's clock a proof may be, both ends included, seconds. Default 60.
    pub late_s: u32,
    /// So far ahead of the server's clock a proof may be, both ends included, seconds. Default 10.
    pub early_s: u32,
    /// A nonce is given out for this long, and taken for as long again, so that a page that got one just before the
    /// next need not repeat; seconds, at least 1. Default 300.
    pub nonce_s: u32,
    /// So many proofs are remembered at most. Those of about twice `late_s + early_s` are kept, so this many divided by
    /// that time is what may be checked per second in the long run. Default 1,000,000 (7,000 per second, 40 MB).
    pub remembered_max: usize,
    /// Largest proof, bytes. Default 4096.
    pub proof_bytes_max: usize,
}

impl Default for Rules {
    fn default() -> Self {
        Self { late_s: 60, early_s: 10, nonce_s: 300, remembered_max: 1_000_000, proof_bytes_max: 4096 }
    }
}

impl Rules {
    /// Seconds of `iat` that are accepted at one instant.
    pub(crate) fn window_s(&self) -> i64 {
        i64::from(self.late_s) + i64::from(self.early_s) + 1
    }
}
