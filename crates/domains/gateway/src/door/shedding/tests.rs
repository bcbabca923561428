//! Who finds a place where there are few.

use futures_util::FutureExt as _;

use super::*;
use crate::config::Shedding;
use crate::door::profiles::Profiles;

fn profiles(in_progress_max: usize) -> (Arc<Shedder>, Profiles) {
    let settings = Settings { in_progress_max, shedding: Shedding::default(), ..Settings::default() };
    (Shedder::new(&settings), Profiles::new(&settings, &[], &["accounts", "payments", "identity"]))
}

const PASSED: Option<&str> = Some("/api/{service}/{*rest}");

#[test]
fn one_service_that_hangs_leaves_places_to_the_others_and_the_urgent_find_more() {
    let (shedder, profiles) = profiles(200);
    let enter = |method: &str, path: &str| shedder.enter(&profiles.of(method, PASSED, path));
    let fill =
        |method: &str, path: &str| -> Vec<Place> { std::iter::from_fn(|| enter(method, path)).collect() };
    // A service has half of the places; of these, looks have 85 in a hundred.
    let looks = fill("GET", "/api/accounts");
    assert_eq!(looks.len(), 85);
    let searches = fill("GET", "/api/accounts/console/search");
    assert_eq!(searches.len(), 0, "less urgent than what fills the service");
    let openings = fill("POST", "/api/accounts");
    assert_eq!(openings.len(), 15);
    assert!(enter("POST", "/api/accounts/console/7/unfreeze").is_none());
    // The others do not notice, until the whole bank is full.
    let money = fill("POST", "/api/payments/transfers");
    assert_eq!(money.len(), 100);
    assert!(enter("POST", "/api/identity/sign-in").is_none());
    drop(looks);
    assert!(enter("POST", "/api/identity/sign-in").is_some());
    assert_eq!(fill("GET", "/api/accounts").len(), 55, "85 in a hundred of all places");
}

#[test]
fn who_protects_somebody_finds_a_place_while_there_is_any() {
    let (shedder, profiles) = profiles(200);
    let enter = |method: &str, path: &str| shedder.enter(&profiles.of(method, PASSED, path));
    let opening: Vec<_> = std::iter::from_fn(|| enter("POST", "/api/accounts")).collect();
    let freeze = || enter("POST", "/api/accounts/console/7/freeze");
    assert!(freeze().is_none(), "all of the service's places are taken: {}", opening.len());
    let place = opening.first().unwrap();
    place.rests();
    drop(opening);
    let opening: Vec<_> = std::iter::from_fn(|| enter("POST", "/api/accounts")).collect();
    assert_eq!(opening.len(), 16, "after a rest there are few");
    assert!(freeze().is_some());
}

#[test]
fn a_route_that_takes_longer_than_it_usually_does_waits() {
    let usual = Usual::default();
    for (took_us, is_well, now_us, waited) in [
        (5_000, true, 0, 0),
        (2_000, true, 0, 0),
        (9_000, true, 0, 7_000),
        (9_000, false, 0, 7_000),
        // Ten seconds later, a tenth of it is forgotten; a failure that comes at once is no measure.
        (9_000, true, 10_000_000, 6_800),
        (10, false, 10_000_000, 0),
        (9_000, true, 10_000_000, 6_800),
    ] {
        assert_eq!(usual.wait(took_us, is_well, now_us), waited, "{took_us} {is_well} {now_us}");
    }
}

#[tokio::test]
async fn who_finds_no_place_waits_for_a_moment_unless_too_many_do() {
    // Two places for each service, and one in four may wait: one.
    let (shedder, profiles) = profiles(4);
    let opening = profiles.of("POST", PASSED, "/api/accounts");
    let taken: Vec<_> = std::iter::from_fn(|| shedder.enter(&opening)).collect();
    assert_eq!(taken.len(), 2);
    let (mut one, mut other) =
        (Box::pin(shedder.enter_soon(&opening)), Box::pin(shedder.enter_soon(&opening)));
    assert!((&mut one).now_or_never().is_none(), "it waits");
    let refused = (&mut other).now_or_never().expect("there is no room to wait, too");
    assert!(refused.is_none());
    drop(taken);
    assert!(one.await.is_some(), "a place became free meanwhile");
    let full: Vec<_> = std::iter::from_fn(|| shedder.enter(&opening)).collect();
    assert!(shedder.enter_soon(&opening).await.is_none(), "{} places are taken", full.len());
}
