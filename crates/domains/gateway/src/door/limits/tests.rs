//! Whose requests are counted together, and what they are told.

use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use http::Problem;

use super::*;
use crate::Settings;
use crate::door::profiles::Profiles;

fn limits(per_minute: u32, burst: u32) -> Limits {
    let settings = config::Limits {
        address: Rate { per_minute, burst },
        customer: Rate { per_minute, burst },
        ..config::Limits::default()
    };
    Limits::new(&settings)
}

fn look() -> std::sync::Arc<Profile> {
    Profiles::new(&Settings::default(), &[], &[]).of("GET", None, "/index.html")
}

#[test]
fn addresses_of_one_household_are_one_and_others_are_others() {
    let profile = look();
    for (first, second, together) in [
        ("203.0.113.7", "203.0.113.7", true),
        ("203.0.113.7", "203.0.113.8", false),
        ("203.0.113.7", "::ffff:203.0.113.7", true),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
        ("127.0.0.1", "127.0.0.1", false),
        ("::1", "::1", false),
    ] {
        let limits = limits(1, 1);
        let ask = |peer: &str| limits.stranger(peer.parse().ok(), None, &profile, Duration::ZERO);
        assert_eq!(ask(first), Ok(()), "{first}");
        assert_eq!(ask(second).is_err(), together, "{first} and {second}");
    }
    // Nobody knows where it comes from: only tests do without an address.
    assert_eq!(limits(1, 1).stranger(None, None, &profile, Duration::ZERO), Ok(()));
}

#[test]
fn networks_are_exempt_by_settings_alone() {
    let profile = look();
    let proxies = ["10.1.0.0/16", "2001:db8::7"].map(|text| Network::try_from(text.to_owned()).unwrap());
    let rate = Rate { per_minute: 1, burst: 1 };
    let settings =
        config::Limits { exempt_addresses: proxies.into(), address: rate, ..config::Limits::default() };
    let limits = Limits::new(&settings);
    for (peer, exempt) in [
        ("10.1.2.3", true),
        ("10.2.0.1", false),
        ("2001:db8::7", true),
        ("2001:db8::8", false),
        ("127.0.0.1", false),
    ] {
        let asked = (0..3).map(|_| limits.stranger(peer.parse().ok(), None, &profile, Duration::ZERO));
        assert_eq!(asked.filter(Result::is_ok).count() == 3, exempt, "{peer}");
    }
    assert!(Network::try_from("10.1.0.0/40".to_owned()).is_err());
}

#[tokio::test]
async fn whoever_asks_too_much_is_told_when_to_come_again_in_both_languages() {
    let profile = look();
    let limits = limits(6, 1);
    let peer = "203.0.113.7".parse().ok();
    assert_eq!(limits.stranger(peer, None, &profile, Duration::ZERO), Ok(()));
    let exceeded = limits.stranger(peer, None, &profile, Duration::from_millis(2_500)).unwrap_err();
    let consequence = exceeded.consequence(&profile);
    assert_eq!(consequence.zh, "请求过于频繁，请在 8 秒后再试。");
    assert_eq!(consequence.en, "Too many requests. Please try again in 8 seconds.");
    let response = Problem::from(consequence).into_response();
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(response.headers()["retry-after"], "8");
    assert_eq!(limits.stranger(peer, None, &profile, Duration::from_secs(10)), Ok(()), "as it was told");
}
