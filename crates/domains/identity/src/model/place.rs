//! Where somebody is, and whether it is where they usually are (decision 0033).

use clock::Timestamp;

use super::door::Because;

/// A point on the globe, as far as an address tells: hundredths of degrees, some kilometer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    latitude: i16,
    longitude: i16,
}

/// Somebody signed in from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Visit {
    pub(crate) place: Place,
    pub(crate) at: Timestamp,
}

/// So many kilometers around a place are as good as the place: addresses of one carrier come out in one city of a province
/// today and in another tomorrow.
const NEAR_KM: u32 = 300;
/// No journey is told from addresses below this, kilometers.
const JOURNEY_KM: u32 = 100;
/// Nobody travels faster, kilometers an hour.
const FASTEST_KM_H: u64 = 800;
/// Mean radius of the earth, kilometers.
const EARTH_KM: f64 = 6371.0;

impl Place {
    /// `None` for what is no point on the globe. Degrees, north and east positive.
    #[expect(
        clippy::float_arithmetic,
        clippy::cast_possible_truncation,
        reason = "degrees on a globe, which are checked, and no money"
    )]
    pub(crate) fn of_degrees(latitude: f64, longitude: f64) -> Option<Self> {
        let is_point = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        let hundredths = |degrees: f64| (degrees * 100.0).round() as i16;
        is_point.then(|| Self { latitude: hundredths(latitude), longitude: hundredths(longitude) })
    }

    /// Of hundredths of degrees, as they are stored; `None` for what is no point on the globe.
    pub(crate) fn of_hundredths(latitude: i16, longitude: i16) -> Option<Self> {
        let is_point = (-9_000..=9_000).contains(&latitude) && (-18_000..=18_000).contains(&longitude);
        is_point.then_some(Self { latitude, longitude })
    }

    /// Latitude and longitude, hundredths of degrees.
    pub(crate) const fn hundredths(self) -> (i16, i16) {
        (self.latitude, self.longitude)
    }

    /// Latitude and longitude as they are written (ISO 6709): `+31.23+121.47/`.
    pub(crate) fn iso_6709(self) -> String {
        let part = |hundredths: i16, width: usize| {
            let (sign, whole) = (if hundredths < 0 { '-' } else { '+' }, hundredths.unsigned_abs());
            format!("{sign}{:0width$}.{:02}", whole / 100, whole % 100)
        };
        format!("{}{}/", part(self.latitude, 2), part(self.longitude, 3))
    }

    /// Kilometers along the great circle (haversine).
    #[expect(
        clippy::float_arithmetic,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an angle on a globe, between zero and half its circumference, and no money"
    )]
    pub(crate) fn km_to(self, other: Self) -> u32 {
        let radians = |hundredths: i16| (f64::from(hundredths) / 100.0).to_radians();
        let half_sine = |from: i16, to: i16| ((radians(to) - radians(from)) / 2.0).sin();
        let north = half_sine(self.latitude, other.latitude);
        let east = half_sine(self.longitude, other.longitude);
        let both = radians(self.latitude).cos() * radians(other.latitude).cos();
        let haversine = (north * north + both * east * east).clamp(0.0, 1.0);
        (2.0 * EARTH_KM * haversine.sqrt().asin()).round() as u32
    }
}

/// What is unusual about being at `here` now for one who was at `visits` before, in any order. Nothing is for one of whom
/// nothing is known.
pub(crate) fn unusual(here: Place, now: Timestamp, visits: &[Visit]) -> Option<Because> {
    let newest = visits.iter().max_by_key(|visit| visit.at)?;
    if is_impossible(newest, here, now) {
        return Some(Because::Journey);
    }
    let is_near = visits.iter().any(|visit| visit.place.km_to(here) <= NEAR_KM);
    (!is_near).then_some(Because::Place)
}

fn is_impossible(from: &Visit, here: Place, now: Timestamp) -> bool {
    let km = from.place.km_to(here);
    let elapsed_s = now.duration_since(from.at).as_secs().try_into().unwrap_or(0_u64);
    km >= JOURNEY_KM && u64::from(km) * 3600 > FASTEST_KM_H * elapsed_s
}
