//! Where somebody signs in from, by a file that the tests write themselves (MaxMind DB format, version 2.0).

use std::net::Ipv4Addr;
use std::path::PathBuf;

use clock::Timestamp;
use proptest::prelude::*;

use super::world::{PASSWORD, PHONE, World, caller, quick, secret, word, worlds};
use crate::Settings;
use crate::error::Refused;
use crate::model::code::Purpose;
use crate::model::door::{Because, Proof, Wanted};
use crate::model::place::{Place, Visit, unusual};
use crate::service::{Beside, Caller, SignedIn};

const DAY_S: u64 = 24 * 3600;
const SHANGHAI: (f64, f64) = (31.23, 121.47);
const HANGZHOU: (f64, f64) = (30.27, 120.15);
const BEIJING: (f64, f64) = (39.90, 116.41);
const URUMQI: (f64, f64) = (43.83, 87.62);
const LONDON: (f64, f64) = (51.51, -0.13);

fn place((latitude, longitude): (f64, f64)) -> Place {
    Place::of_degrees(latitude, longitude).unwrap()
}

#[test]
fn a_place_is_strange_where_nobody_can_have_come_or_where_they_never_were() {
    let now: Timestamp = "2026-11-22T08:00:00Z".parse().unwrap();
    let minutes_ago = |minutes: i64| Timestamp::from_second(now.as_second() - 60 * minutes).unwrap();
    for (what, visits, here, expected) in [
        ("nothing is known", vec![], LONDON, None),
        ("where they are", vec![(SHANGHAI, 1)], SHANGHAI, None),
        ("the next city, by train", vec![(SHANGHAI, 60)], HANGZHOU, None),
        ("the next city, in no time", vec![(SHANGHAI, 5)], HANGZHOU, Some(Because::Journey)),
        ("faster than any airliner", vec![(SHANGHAI, 60)], BEIJING, Some(Because::Journey)),
        ("by airliner, for the first time", vec![(SHANGHAI, 120)], BEIJING, Some(Because::Place)),
        ("by airliner, as last week", vec![(BEIJING, 10_000), (SHANGHAI, 120)], BEIJING, None),
        (
            "as last week, but in no time",
            vec![(BEIJING, 10_000), (SHANGHAI, 9)],
            BEIJING,
            Some(Because::Journey),
        ),
        ("a day later, never there", vec![(SHANGHAI, 1440)], URUMQI, Some(Because::Place)),
        (
            "the last counts, in any order",
            vec![(LONDON, 60), (SHANGHAI, 20_000)],
            SHANGHAI,
            Some(Because::Journey),
        ),
        ("over the date line", vec![((-17.0, 179.95), 1)], (-17.0, -179.95), None),
        ("around the pole", vec![((89.9, 0.0), 60)], (89.9, 180.0), None),
        ("a clock that was behind", vec![(SHANGHAI, -5)], LONDON, Some(Because::Journey)),
    ] {
        let visits: Vec<_> = visits
            .into_iter()
            .map(|(at, minutes)| Visit { place: place(at), at: minutes_ago(minutes) })
            .collect();
        assert_eq!(unusual(place(here), now, &visits), expected, "{what}");
    }
}

#[test]
fn distances_are_those_of_an_atlas() {
    for (from, to, km) in [
        (SHANGHAI, BEIJING, 1068),
        (SHANGHAI, HANGZHOU, 165),
        (BEIJING, LONDON, 8136),
        (SHANGHAI, URUMQI, 3267),
        ((0.0, 0.0), (0.0, 180.0), 20_015),
    ] {
        let found = place(from).km_to(place(to));
        assert!(found.abs_diff(km) <= km / 200 + 1, "{from:?} {to:?}: {found}");
    }
    for (at, text) in
        [(SHANGHAI, "+31.23+121.47/"), (LONDON, "+51.51-000.13/"), ((-0.5, -179.9), "-00.50-179.90/")]
    {
        assert_eq!(place(at).iso_6709(), text);
    }
    for no_place in [(90.01, 0.0), (0.0, 180.01), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
        assert_eq!(Place::of_degrees(no_place.0, no_place.1), None);
    }
}

proptest! {
    #[test]
    fn no_two_places_are_farther_than_half_the_earth(
        from in (-9_000..=9_000_i16, -18_000..=18_000_i16), to in (-9_000..=9_000_i16, -18_000..=18_000_i16)
    ) {
        let at = |(latitude, longitude)| Place::of_hundredths(latitude, longitude).unwrap();
        prop_assert!(at(from).km_to(at(to)) <= 20_016);
        prop_assert_eq!(at(from).km_to(at(to)), at(to).km_to(at(from)));
        prop_assert_eq!(at(from).km_to(at(from)), 0);
    }
}

/// A file that says where 10.x.0.0/16 are.
fn file(places: &[(u8, (f64, f64))]) -> Vec<u8> {
    let text = |text: &str| [&[2 << 5 | text.len() as u8], text.as_bytes()].concat();
    let double =
        |name: &str, number: f64| [text(name), vec![3 << 5 | 8], number.to_be_bytes().to_vec()].concat();
    let mut data = Vec::new();
    let mut nodes: Vec<[Option<Next>; 2]> = vec![[None, None]];
    for (second, (latitude, longitude)) in places {
        let start = data.len();
        data.extend([7 << 5 | 1]);
        data.extend(text("location"));
        data.extend([7 << 5 | 2]);
        data.extend([double("latitude", *latitude), double("longitude", *longitude)].concat());
        let bits: Vec<usize> = (0..16)
            .map(|bit| usize::from(u16::from_be_bytes([10, *second]) >> (15 - bit) & 1 == 1))
            .collect();
        let (last, before) = bits.split_last().unwrap();
        let mut at = 0;
        for bit in before {
            at = match nodes[at][*bit] {
                Some(Next::Node(next)) => next,
                _ => {
                    nodes.push([None, None]);
                    let next = nodes.len() - 1;
                    nodes[at][*bit] = Some(Next::Node(next));
                    next
                }
            };
        }
        nodes[at][*last] = Some(Next::Data(start));
    }
    let count = nodes.len();
    let record = |next: Option<Next>| match next {
        None => count,
        Some(Next::Node(node)) => node,
        Some(Next::Data(start)) => count + 16 + start,
    };
    let mut file: Vec<u8> = nodes
        .iter()
        .flatten()
        .flat_map(|next| (record(*next) as u32).to_be_bytes().into_iter().skip(1))
        .collect();
    file.extend([0; 16]);
    file.extend(data);
    file.extend(b"\xab\xcd\xefMaxMind.com");
    let number = |kind: u8, value: u16| [vec![kind << 5 | 2], value.to_be_bytes().to_vec()].concat();
    file.extend([7 << 5 | 9]);
    for (name, value) in [
        ("node_count", number(6, count as u16)),
        ("record_size", number(5, 24)),
        ("ip_version", number(5, 4)),
        ("database_type", text("Places of tests")),
        ("languages", vec![0, 11 - 7]),
        ("binary_format_major_version", number(5, 2)),
        ("binary_format_minor_version", number(5, 0)),
        ("build_epoch", vec![1, 9 - 7, 1]),
        ("description", vec![7 << 5]),
    ] {
        file.extend(text(name));
        file.extend(value);
    }
    file
}

#[derive(Clone, Copy)]
enum Next {
    Node(usize),
    Data(usize),
}

fn written(places: &[(u8, (f64, f64))]) -> tempfile::NamedTempFile {
    let written = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(written.path(), file(places)).unwrap();
    written
}

fn knowing(file: Option<PathBuf>) -> Settings {
    Settings { new_device_two_factors: true, places_file: file, code_resend_s: 0, ..quick() }
}

/// A browser that moves about.
struct Device<'a> {
    world: &'a World,
    caller: Caller,
}

impl<'a> Device<'a> {
    fn new(world: &'a World) -> Self {
        Self { world, caller: caller("10.1.1.1", None) }
    }

    /// At 10.`second`.1.1 from now on.
    fn at(&mut self, second: u8) -> &mut Self {
        let address = Ipv4Addr::new(10, second, 1, 1);
        self.caller = Caller { address: address.into(), network: address.to_string(), ..self.caller.clone() };
        self
    }

    async fn code(&mut self) -> secrecy::Secret<String> {
        let cookie = self.world.ask_code(PHONE, Purpose::SignIn, &self.caller).await.unwrap();
        self.caller.device = Some(cookie);
        secret(&self.world.gateway.code(PHONE).await)
    }

    async fn enter(&mut self, beside: Option<Beside<'_>>) -> Result<SignedIn, Refused> {
        let entered = self.world.identities.sign_in(PHONE, &secret(PASSWORD), beside, &self.caller).await;
        if let Ok(entered) = &entered {
            self.caller.device = Some(entered.device_token.clone());
        }
        entered
    }

    async fn with_password(&mut self) -> Result<SignedIn, Refused> {
        self.enter(None).await
    }

    async fn with_both(&mut self) -> Result<SignedIn, Refused> {
        let code = self.code().await;
        self.enter(Some(Beside::Code(&code))).await
    }
}

fn asked_because(refused: Result<SignedIn, Refused>) -> Because {
    match refused {
        Err(Refused::MoreNeeded(Wanted { also: Proof::Code, because, .. })) => because,
        other => panic!("{}", word(&other)),
    }
}

#[tokio::test]
async fn a_known_device_at_a_strange_place_takes_two_factors() {
    let file = written(&[(1, SHANGHAI), (2, HANGZHOU), (3, LONDON)]);
    for world in worlds(knowing(Some(file.path().to_owned()))).await {
        world.customer(PHONE).await;
        let mut own = Device::new(&world);
        assert_eq!(asked_because(own.at(1).with_password().await), Because::Device);
        own.with_both().await.unwrap();
        for second in [1, 1, 9] {
            own.at(second).with_password().await.unwrap();
        }
        world.pass(60);
        assert_eq!(asked_because(own.at(2).with_password().await), Because::Journey, "165 km in a minute");
        let code = own.code().await;
        let alone = world.identities.sign_in_with_code(PHONE, &code, &own.caller).await;
        assert!(
            matches!(
                alone,
                Err(Refused::MoreNeeded(Wanted { also: Proof::Password, because: Because::Journey, .. }))
            ),
            "{}",
            word(&alone)
        );
        world.pass(3600);
        own.with_password().await.unwrap();
        world.pass(DAY_S);
        // A refused one is no visit; with both, one was there.
        for _ in 0..2 {
            assert_eq!(asked_because(own.at(3).with_password().await), Because::Place);
        }
        own.with_both().await.unwrap();
        world.pass(DAY_S);
        for second in [3, 1, 2] {
            own.at(second).with_password().await.unwrap();
            world.pass(DAY_S);
        }
        // What was long ago is forgotten: then all is new, and nothing strange.
        world.pass(91 * DAY_S);
        own.at(3).with_password().await.unwrap();
    }
}

#[tokio::test]
async fn a_bank_without_the_file_knows_no_places_and_one_with_a_broken_one_does_not_start() {
    for world in worlds(knowing(None)).await {
        world.customer(PHONE).await;
        let mut own = Device::new(&world);
        own.at(1).with_both().await.unwrap();
        own.at(3).with_password().await.unwrap();
        assert_eq!(world.number("SELECT COUNT(*) FROM identity_sign_in WHERE latitude IS NOT NULL").await, 0);
    }
    let whole = file(&[(1, SHANGHAI)]);
    for content in [&b""[..], b"no such thing", &whole[..whole.len() - 30]] {
        let broken = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(broken.path(), content).unwrap();
        assert!(crate::atlas::Atlas::read(Some(broken.path())).is_err());
    }
    let Err(failed) = crate::atlas::Atlas::read(Some("/no/such/file".as_ref())) else {
        panic!("there is none")
    };
    assert!(failed.to_string().contains("identity.places_file"), "{failed}");
}
