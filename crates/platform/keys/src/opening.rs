//! Opening what somebody outside sealed to the bank: SM2 (GB/T 32918.4), its parts in the order of that standard (C1, C3, C2).

use sm2::NonZeroScalar;
use sm2::elliptic_curve::sec1::ToSec1Point as _;
use sm2::pke::DecryptingKey;

use crate::Keys;

/// The first byte of a point that is written whole; other forms are not taken.
const WHOLE: u8 = 4;
/// Bytes of a point.
const POINT: usize = 65;
/// The most that is opened at once.
const SEALED_MAX: usize = 4096;

/// A pair of keys, derived and kept nowhere: others seal to the public one, the private one opens.
pub struct OpeningKey(DecryptingKey);

impl Keys {
    /// The pair for `bytes` within one `purpose`: the same in every process that has this master key.
    #[must_use]
    pub fn opening_key(&self, purpose: &str, bytes: &[u8]) -> OpeningKey {
        let mut try_again = 0_u8;
        loop {
            let secret = self.mac(purpose, &[&[try_again], bytes].concat());
            if let Some(key) = OpeningKey::of(&secret) {
                return key;
            }
            // One in four billion numbers of 256 bits is not below the order of the curve.
            try_again = try_again.wrapping_add(1);
        }
    }
}

impl OpeningKey {
    pub(crate) fn of(secret: &[u8; 32]) -> Option<Self> {
        let scalar = NonZeroScalar::try_from(secret.as_slice()).ok()?;
        DecryptingKey::from_nonzero_scalar(scalar).ok().map(Self)
    }

    /// To what others seal: a point of SM2's curve, `04`, x and y.
    #[must_use]
    pub fn public(&self) -> [u8; POINT] {
        let point = self.0.encrypting_key().as_affine().to_sec1_point(false);
        let mut whole = [0; POINT];
        for (to, from) in whole.iter_mut().zip(point.as_bytes()) {
            *to = *from;
        }
        whole
    }

    /// What was sealed; `None` where it was not sealed to this key, or is damaged.
    #[must_use]
    pub fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        if sealed.len() > SEALED_MAX || sealed.first() != Some(&WHOLE) {
            return None;
        }
        self.0.decrypt(sealed).ok()
    }
}
