//! Whether points lie on their curves: arithmetic modulo the primes of P-256 and Ed25519. Public numbers only, so it
//! need not take the same time for each.
//!
//! ring checks points, too, but only together with a signature, and does not say which of the two failed; without
//! attestation a registration has no signature.

/// 256 bits, the lowest limb first.
type Number = [u64; 4];

/// Numbers modulo a prime of 255 or 256 bits.
struct Field {
    prime: Number,
    /// What 2^256 is, modulo the prime: below 2^224, so that folding comes to an end.
    fold: Number,
}

/// 2^256 - 2^224 + 2^192 + 2^96 - 1 (FIPS 186-4, D.1.2.3).
const P256: Field = Field {
    prime: [0xffff_ffff_ffff_ffff, 0x0000_0000_ffff_ffff, 0, 0xffff_ffff_0000_0001],
    fold: [1, 0xffff_ffff_0000_0000, 0xffff_ffff_ffff_ffff, 0x0000_0000_ffff_fffe],
};

/// y² = x³ - 3x + b.
const P256_B: Number =
    [0x3bce_3c3e_27d2_604b, 0x651d_06b0_cc53_b0f6, 0xb3eb_bd55_7698_86bc, 0x5ac6_35d8_aa3a_93e7];

/// 2^255 - 19 (RFC 8032, section 5.1).
const P25519: Field = Field {
    prime: [0xffff_ffff_ffff_ffed, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0x7fff_ffff_ffff_ffff],
    fold: [38, 0, 0, 0],
};

/// y² - x² = 1 + d x² y².
const ED25519_D: Number =
    [0x75eb_4dca_1359_78a3, 0x0070_0a4d_4141_d8ab, 0x8cc7_4079_7779_e898, 0x5203_6cee_2b6f_fe73];

/// (2^255 - 20) / 2: a number that is not zero is a square where this power of it is one.
const P25519_HALF: Number =
    [0xffff_ffff_ffff_fff6, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, 0x3fff_ffff_ffff_ffff];

const ZERO: Number = [0; 4];
const ONE: Number = [1, 0, 0, 0];

/// Whether two big-endian coordinates are a point on P-256, not the one at infinity.
pub(super) fn is_on_p256(x: &[u8; 32], y: &[u8; 32]) -> bool {
    let (x, y) = (from_be(x), from_be(y));
    if !is_less(&x, &P256.prime) || !is_less(&y, &P256.prime) {
        return false;
    }
    let cube = P256.times(&P256.times(&x, &x), &x);
    let left = P256.plus(&P256.times(&y, &y), &P256.times(&x, &[3, 0, 0, 0]));
    left == P256.plus(&cube, &P256_B)
}

/// Whether 32 bytes are a point on Ed25519 in its only spelling (RFC 8032, section 5.1.3), and not one of the eight of
/// small order, for which anybody can sign.
pub(super) fn is_on_ed25519(bytes: &[u8; 32]) -> bool {
    let mut bytes = *bytes;
    bytes.reverse();
    let [low, second, third, top] = from_be(&bytes);
    // The highest bit tells which of two x is meant; whether there are two does not depend on it.
    let y = [low, second, third, top & 0x7fff_ffff_ffff_ffff];
    if !is_less(&y, &P25519.prime) {
        return false;
    }
    let square = P25519.times(&y, &y);
    let d_square = P25519.times(&ED25519_D, &square);
    let minus_one = difference(&P25519.prime, &ONE);
    // x² = (y² - 1) / (d y² + 1) has a solution where the product of both is a square; at order 1 and 2 it is zero.
    let product = P25519.times(&P25519.plus(&square, &minus_one), &P25519.plus(&d_square, &ONE));
    // The point doubled has y = 0, and so is of order 4, where d y⁴ + 2 y² = 1.
    let doubled = P25519.plus(&P25519.times(&d_square, &square), &P25519.plus(&square, &square));
    y != ZERO && doubled != ONE && P25519.power(&product, &P25519_HALF) == ONE
}

impl Field {
    fn plus(&self, left: &Number, right: &Number) -> Number {
        self.times_plus(left, &ONE, right)
    }

    fn times(&self, left: &Number, right: &Number) -> Number {
        self.times_plus(left, right, &ZERO)
    }

    fn times_plus(&self, left: &Number, right: &Number, summand: &Number) -> Number {
        let (mut low, mut high) = product(left, right, summand);
        while high != ZERO {
            (low, high) = product(&high, &self.fold, &low);
        }
        while !is_less(&low, &self.prime) {
            low = difference(&low, &self.prime);
        }
        low
    }

    fn power(&self, base: &Number, exponent: &Number) -> Number {
        let bits = exponent.iter().rev().flat_map(|limb| (0..64).rev().map(move |bit| (limb >> bit) & 1));
        bits.fold(ONE, |power, bit| {
            let square = self.times(&power, &power);
            if bit == 1 { self.times(&square, base) } else { square }
        })
    }
}

/// `left * right + summand`: the lower half and the higher.
fn product(left: &Number, right: &Number, summand: &Number) -> (Number, Number) {
    let [a, b, c, d] = *summand;
    let mut wide = [a, b, c, d, 0, 0, 0, 0];
    for (at, limb) in left.iter().enumerate() {
        let mut carry = 0_u128;
        let others = right.iter().chain(std::iter::repeat(&0));
        for (slot, other) in wide.iter_mut().skip(at).zip(others) {
            // 2^64 - 1, its square and itself once more are 2^128 - 1 together.
            let sum = u128::from(*slot) + u128::from(*limb) * u128::from(*other) + carry;
            *slot = sum as u64;
            carry = sum >> 64;
        }
    }
    let [a, b, c, d, e, f, g, h] = wide;
    ([a, b, c, d], [e, f, g, h])
}

/// `left - right`, where it is not below zero.
fn difference(left: &Number, right: &Number) -> Number {
    let mut borrowed = false;
    let mut result = *left;
    for (limb, other) in result.iter_mut().zip(right) {
        let (once, first) = limb.overflowing_sub(*other);
        let (twice, second) = once.overflowing_sub(u64::from(borrowed));
        *limb = twice;
        borrowed = first || second;
    }
    result
}

fn is_less(left: &Number, right: &Number) -> bool {
    left.iter().rev().lt(right.iter().rev())
}

fn from_be(bytes: &[u8; 32]) -> Number {
    let mut number = ZERO;
    for (limb, chunk) in number.iter_mut().rev().zip(bytes.chunks_exact(8)) {
        *limb = chunk.iter().fold(0, |limb, byte| (limb << 8) | u64::from(*byte));
    }
    number
}
