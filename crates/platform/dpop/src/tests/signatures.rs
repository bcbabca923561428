//! Signatures altered by their numbers.

/// The order of P-256, big-endian (SP 800-186 section 3.2.1.3).
const ORDER: [u8; 32] = [
    0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6, 0xFA,
    0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
];

/// A signature with r and s altered.
pub(super) fn altered(signature: &[u8], how: &str) -> Vec<u8> {
    let (r, s) = signature.split_at(32);
    let (zero, one) = ([0; 32], number(1));
    let (r, s) = (r.to_vec(), s.to_vec());
    match how {
        "zero-r" => [zero.to_vec(), s].concat(),
        "zero-s" => [r, zero.to_vec()].concat(),
        "zero-both" => vec![0; 64],
        "one-both" => [one, one].concat(),
        "one-r" => [one.to_vec(), s].concat(),
        "order-r" => [ORDER.to_vec(), s].concat(),
        "order-s" => [r, ORDER.to_vec()].concat(),
        "order-both" => [ORDER, ORDER].concat(),
        "order-less-one-s" => [r, minus(&ORDER, &one)].concat(),
        "all-ones" => vec![0xFF; 64],
        // The second signature that everybody can make of one (SEC 1 section 4.1.6).
        "twin" => [r, minus(&ORDER, &s)].concat(),
        "swapped" => [s, r].concat(),
        "reversed-halves" => [r.iter().rev(), s.iter().rev()].into_iter().flatten().copied().collect(),
        "der" => der(&r, &s),
        "der-64" => {
            let mut der = der(&r, &s);
            der.resize(64, 0);
            der
        }
        "short" => signature[..63].to_vec(),
        "without-r" => s,
        "long" => [signature, &[0]].concat(),
        "led-by-zero" => [&[0], signature].concat(),
        "twice" => [signature, signature].concat(),
        "none" => vec![],
        "first-bit" => flipped(signature, 0, 0x80),
        "last-bit" => flipped(signature, 63, 1),
        "middle-bit" => flipped(signature, 32, 0x10),
        other => panic!("nothing signs `{other}`"),
    }
}

fn number(value: u8) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[31] = value;
    bytes
}

fn minus(from: &[u8], less: &[u8]) -> Vec<u8> {
    let mut borrow = 0;
    let mut digits: Vec<u8> = from
        .iter()
        .zip(less)
        .rev()
        .map(|(from, less)| {
            let difference = i32::from(*from) - i32::from(*less) - borrow;
            borrow = i32::from(difference < 0);
            u8::try_from(difference.rem_euclid(256)).unwrap()
        })
        .collect();
    digits.reverse();
    digits
}

fn flipped(signature: &[u8], at: usize, bit: u8) -> Vec<u8> {
    let mut other = signature.to_vec();
    other[at] ^= bit;
    other
}

/// The signature as certificates have it (SEC 1 appendix C.5).
fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
    let integer = |number: &[u8]| {
        let mut digits: Vec<u8> = number.iter().copied().skip_while(|digit| *digit == 0).collect();
        if digits.first().is_some_and(|first| *first >= 0x80) {
            digits.insert(0, 0);
        }
        [vec![2, u8::try_from(digits.len()).unwrap()], digits].concat()
    };
    let both = [integer(r), integer(s)].concat();
    [vec![0x30, u8::try_from(both.len()).unwrap()], both].concat()
}
