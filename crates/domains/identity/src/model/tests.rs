//! Tables of what the model decides.

use std::time::Duration;

use clock::Timestamp;
use contracts::identity::{Channel, PinCheck};

use super::pin::Pin;
use super::quality::{About, Weakness, password, pin};
use super::tries::{Budget, FOR_EVER, Tries};
use super::{name, seconds_until, source};

const BUDGET: Budget =
    Budget { tries_max: 3, window_s: 900, gap_s: 0, hold_s: 60, hold_max_s: 200, forget_s: 86_400 };

fn at(seconds: u64) -> Timestamp {
    Timestamp::UNIX_EPOCH + Duration::from_secs(1_000_000 + seconds)
}

/// Tries at these seconds: `+` where allowed, the second from which it is allowed where not.
fn play(budget: &Budget, seconds: &[u64]) -> String {
    let mut tries = None;
    let mut out = Vec::new();
    for second in seconds {
        match Tries::take(tries, budget, at(*second)) {
            Ok(next) => {
                tries = Some(next);
                out.push("+".to_owned());
            }
            Err(until) => out.push((seconds_until(at(0), until)).to_string()),
        }
    }
    out.join(" ")
}

#[test]
fn tries_are_held_longer_each_time_and_forgotten_in_the_end() {
    for (seconds, expected) in [
        (vec![0, 1, 2, 3, 61, 62], "+ + + 62 62 +"),
        // Windows pass: three tries in fifteen minutes are borne for ever.
        (vec![0, 400, 900, 1300, 1800, 2200], "+ + + + + +"),
        // The second hold is twice the first, the third would be 240 and is cut to 200.
        (vec![0, 1, 2, 62, 63, 64, 65, 184, 185, 186, 187, 386], "+ + + + + + 184 + + + 386 +"),
        // A day of rest, and the first hold is the first again.
        (vec![0, 1, 2, 62, 63, 64, 90_000, 90_001, 90_002, 90_003], "+ + + + + + + + + 90062"),
    ] {
        assert_eq!(play(&BUDGET, &seconds), expected, "{seconds:?}");
    }
    let spaced = Budget { gap_s: 60, ..BUDGET };
    assert_eq!(play(&spaced, &[0, 10, 60, 61]), "+ 60 + 120");
    // The first try was counted by a process whose clock is five minutes ahead.
    assert_eq!(play(&BUDGET, &[300, 0, 1]), "+ + +");
    assert_eq!(play(&spaced, &[300, 0, 10]), "+ + 60");
}

#[test]
fn a_refunded_try_holds_nobody() {
    let mut tries = None;
    for _ in 0..100 {
        tries = Some(Tries::take(tries, &BUDGET, at(0)).unwrap().refund());
    }
    assert_eq!(tries.unwrap().count, 0);
}

#[test]
fn a_pin_locks_after_its_tries_and_longer_each_time() {
    let budget =
        Budget { tries_max: 3, window_s: FOR_EVER, gap_s: 0, hold_s: 60, hold_max_s: 90, forget_s: FOR_EVER };
    let mut state = Pin { salt: [0; 16], verifier: [0; 32], wrong: None, version: 1 };
    let locked = |second| PinCheck::Locked { until: at(second) };
    for (second, right, expected, changed) in [
        (0, true, PinCheck::Right, false),
        (1, false, PinCheck::Wrong { tries_left: 2 }, true),
        (2, true, PinCheck::Right, true),
        (3, false, PinCheck::Wrong { tries_left: 2 }, true),
        (100_000_000, false, PinCheck::Wrong { tries_left: 1 }, true),
        (100_000_001, false, locked(100_000_061), true),
        (100_000_002, true, locked(100_000_061), false),
        (100_000_060, false, locked(100_000_061), false),
        (100_000_061, false, PinCheck::Wrong { tries_left: 2 }, true),
        (100_000_062, false, PinCheck::Wrong { tries_left: 1 }, true),
        (100_000_063, false, locked(100_000_153), true),
        (100_000_153, true, PinCheck::Right, true),
    ] {
        let before = state.version;
        assert_eq!(state.check(right, &budget, at(second)), (expected, changed), "at {second}");
        assert_eq!(state.version > before, changed, "at {second}");
    }
}

#[test]
fn weak_passwords_are_refused() {
    let about = About { phone: Some("13912345678"), id_number: Some("110101199003074477"), born: None };
    for (text, expected) in [
        ("Tea-at-4-oclock", Ok(())),
        ("夜来风雨声2026", Ok(())),
        ("short1", Err(Weakness::Length)),
        (&"a1".repeat(33), Err(Weakness::Length)),
        ("lettersonly", Err(Weakness::Uniform)),
        ("20262026", Err(Weakness::Uniform)),
        ("aaaaaaa1", Err(Weakness::Uniform)),
        ("PassWord123", Err(Weakness::Common)),
        ("1qaz2wsx", Err(Weakness::Common)),
        ("zhang12345678", Err(Weakness::Personal)),
        ("me13912345678", Err(Weakness::Personal)),
        ("pw03074477!", Err(Weakness::Personal)),
    ] {
        assert_eq!(password(text, &about), expected, "{text}");
    }
}

#[test]
fn weak_pins_are_refused() {
    let about = About { phone: Some("13912345678"), id_number: Some("110101199003074477"), born: None };
    for (text, expected) in [
        ("739150", Ok(())),
        ("082946", Ok(())),
        ("12345", Err(Weakness::NotSixDigits)),
        ("1234567", Err(Weakness::NotSixDigits)),
        ("12a456", Err(Weakness::NotSixDigits)),
        ("１２３４５６", Err(Weakness::NotSixDigits)),
        ("123456", Err(Weakness::Pattern)),
        ("890123", Err(Weakness::Pattern)),
        ("654321", Err(Weakness::Pattern)),
        ("111111", Err(Weakness::Pattern)),
        ("121212", Err(Weakness::Pattern)),
        ("123123", Err(Weakness::Pattern)),
        ("112233", Err(Weakness::Pattern)),
        ("123321", Err(Weakness::Pattern)),
        ("111222", Err(Weakness::Pattern)),
        ("520131", Err(Weakness::Pattern)),
        ("900307", Err(Weakness::Personal)),
        ("070390", Err(Weakness::Personal)),
        ("199003", Err(Weakness::Personal)),
        ("345678", Err(Weakness::Pattern)),
        ("074477", Err(Weakness::Personal)),
        ("139123", Err(Weakness::Personal)),
    ] {
        assert_eq!(pin(text, &about), expected, "{text}");
    }
    let foreign = About { born: Some("19850412".to_owned()), ..About::default() };
    assert_eq!(pin("850412", &foreign), Err(Weakness::Personal));
}

#[test]
fn names_have_one_form() {
    for (text, expected) in [
        ("139 1234 5678", "13912345678"),
        ("+86 139-1234-5678", "13912345678"),
        ("+8613", "+8613"),
        (" C000123 ", "c000123"),
    ] {
        assert_eq!(name::normalize(text), expected);
    }
    for (text, expected) in [
        ("13912345678", true),
        ("12912345678", false),
        ("1391234567", false),
        ("1391234567a", false),
        ("", false),
    ] {
        assert_eq!(name::is_phone(text), expected, "{text}");
    }
    for (text, expected) in
        [("Li.Wei", Some("li.wei")), ("x", None), ("9x", None), ("a b", None), ("张三", None)]
    {
        assert_eq!(name::staff(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn devices_are_named_in_known_words_only() {
    let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18 Mobile/15 Safari/604";
    let edge =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537 (KHTML) Chrome/140 Safari/537 Edg/140";
    for (agent, expected, channel) in [
        (iphone, "Safari · iPhone", Channel::App),
        (edge, "Edge · Windows", Channel::Web),
        ("<script>alert(1)</script>", "", Channel::Web),
        ("", "", Channel::Web),
    ] {
        assert_eq!((source::device_name(agent).as_str(), source::channel(agent)), (expected, channel));
    }
    for (address, expected) in [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ] {
        assert_eq!(source::network(address.parse().unwrap()), expected);
    }
}
