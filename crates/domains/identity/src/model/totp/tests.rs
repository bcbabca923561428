//! Codes of authenticator apps against the vectors of the standards, and which of them are taken.

use super::*;

/// The secret of both standards' examples.
fn standard() -> SharedSecret {
    Secret::new(*b"12345678901234567890")
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

#[test]
fn rfc_4226_appendix_d() {
    let codes: Vec<String> = (0..10).map(|count| format!("{:06}", code_of(&standard(), count))).collect();
    let expected =
        ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
    assert_eq!(codes, expected);
}

/// The standard's examples have eight digits, of which ours are the last six.
#[test]
fn rfc_6238_appendix_b() {
    for (second, eight) in [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ] {
        let six = &eight[2..];
        assert_eq!(code_at(&standard(), at(second)), six);
        assert_eq!(step_of(&standard(), six, at(second), NO_STEP), Some(second / 30), "{second}");
    }
}

#[test]
fn a_code_is_taken_a_step_around_now_and_after_the_last() {
    let now = at(2_000_000_010);
    let step = 2_000_000_010 / 30;
    for (ahead, last, expected) in [
        (-2, NO_STEP, None),
        (-1, NO_STEP, Some(step - 1)),
        (0, NO_STEP, Some(step)),
        (1, NO_STEP, Some(step + 1)),
        (2, NO_STEP, None),
        (0, step - 1, Some(step)),
        (0, step, None),
        (-1, step, None),
        (1, step, Some(step + 1)),
        (1, step + 1, None),
    ] {
        let code = format!("{:06}", code_of(&standard(), step + ahead));
        assert_eq!(step_of(&standard(), &code, now, last), expected, "{ahead} {last}");
    }
    let other = Secret::new(*b"12345678901234567891");
    assert_eq!(step_of(&other, &code_at(&standard(), now), now, NO_STEP), None);
}

#[test]
fn what_is_no_code_is_none() {
    let now = at(59);
    for typed in ["", "28708", "2870822", "94287082", "28708a", "+28708", " 287082", "287 82", "２８７０８２"]
    {
        assert_eq!(step_of(&standard(), typed, now, NO_STEP), None, "{typed}");
    }
    assert_eq!(step_of(&standard(), "287082", now, NO_STEP), Some(1));
    // Before 1970 and at the ends of time there are steps, too.
    for end in [Timestamp::MIN, Timestamp::MAX] {
        let code = code_at(&standard(), end);
        assert!(step_of(&standard(), &code, end, NO_STEP).is_some());
    }
}

#[test]
fn an_app_reads_the_secret_and_whose_it_is() {
    let base32 = base32(&standard());
    assert_eq!(base32.expose(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    let all = Secret::new([0xff; SECRET_BYTES]);
    assert_eq!(super::base32(&all).expose(), &"7".repeat(32));
    let read = uri(&standard(), "远行 Bank:1", "139****1234");
    assert_eq!(
        read.expose(),
        "otpauth://totp/%E8%BF%9C%E8%A1%8C%20Bank%3A1:139****1234?\
         secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E8%BF%9C%E8%A1%8C%20Bank%3A1"
    );
    assert!(!format!("{read:?} {read} {base32:?}").contains("GEZD"));
}
