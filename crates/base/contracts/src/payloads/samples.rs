//! Samples of whatever goes between processes: of each type some values that hold every variant of its enums.
//!
//! Everything here is invented: the names, the numbers and the phones belong to nobody. A variant or field without a
//! sample does not compile.

use std::cell::Cell;

use clock::{BusinessDate, Timestamp};
use ids::{
    AccountId, ApprovalId, CountersignatureId, CustomerId, DeviceId, EmergencyId, EventId, MessageId,
    PasskeyId, SessionId, StaffId, StandingOrderId, ThirdPartyId, TransferId,
};
use money::{Currency, Money, Side};
use secrecy::Secret;

use crate::Unavailable;

mod bank;
mod ledger;

/// A type of which there are samples.
pub(crate) trait Sampled: Sized {
    /// At least one; the last is the smallest.
    fn samples() -> Vec<Self>;
}

/// Which sample of each part the next one is made of; the last, where a part has fewer.
pub(crate) struct Nth {
    index: usize,
    longest: Cell<usize>,
}

impl Nth {
    /// A part of its own kind.
    pub(crate) fn of<T: Sampled>(&self) -> T {
        self.among(T::samples())
    }

    /// One of these.
    pub(crate) fn among<T, V: Into<T>>(&self, values: impl IntoIterator<Item = V>) -> T {
        let mut values: Vec<V> = values.into_iter().collect();
        self.longest.set(self.longest.get().max(values.len()));
        let place = self.index.min(values.len() - 1);
        values.swap_remove(place).into()
    }
}

/// As many as there are samples of the part that has most.
pub(crate) fn all<T>(build: impl Fn(&Nth) -> T) -> Vec<T> {
    let mut built = Vec::new();
    let mut nth = Nth { index: 0, longest: Cell::new(1) };
    while nth.index < nth.longest.get() {
        built.push(build(&nth));
        nth.index += 1;
    }
    built
}

/// Samples of structs and enums: each part is of its own kind, or one of the values that are named for it.
macro_rules! sampled {
    (@part $nth:ident) => { $nth.of() };
    (@part $nth:ident $values:expr) => { $nth.among($values) };
    ($(struct $name:ident { $($field:ident $(: $values:expr)?),* $(,)? })*) => {
        $(impl Sampled for $name {
            fn samples() -> Vec<Self> {
                all(|nth| Self { $($field: sampled!(@part nth $($values)?)),* })
            }
        })*
    };
    ($(enum $name:ident {
        $($variant:ident $(($($inner:ident),*))? $({ $($field:ident $(: $values:expr)?),* })?),* $(,)?
    })*) => {
        $(impl Sampled for $name {
            fn samples() -> Vec<Self> {
                let _none_is_missing = |one: &Self| match one { $(Self::$variant { .. } => ()),* };
                let variants = [$(
                    all(|_nth| Self::$variant
                        $(($(_nth.of::<$inner>()),*))?
                        $({ $($field: sampled!(@part _nth $($values)?)),* })?)
                ),*];
                variants.into_iter().flatten().collect()
            }
        })*
    };
}
use sampled;

macro_rules! values {
    ($($type:ty: $values:expr;)*) => {
        $(impl Sampled for $type {
            fn samples() -> Vec<Self> {
                Vec::from($values)
            }
        })*
    };
}

/// 2026-01-05, the day on which the invented bank works.
const MINTED_MS: u64 = 1_767_571_200_000;

values! {
    (): [()];
    bool: [true, false];
    [u8; 16]: [[6; 16]];
    u8: [2];
    u16: [1];
    u32: [50, 3];
    u64: [1_230, 7];
    u128: [1_234_500, 0];
    usize: [3, 0];
    i64: [-50_000, 1_230];
    i128: [-250_000, 123_450];
    String: ["19900000001".to_owned(), String::new()];
    Secret<String>: [Secret::new("246810".to_owned())];
    Currency: [Currency::CNY, Currency::USD];
    Money: [Money::new(1_230, Currency::CNY), Money::new(-5, Currency::USD)];
    Side: [Side::Debit, Side::Credit];
    BusinessDate: [BusinessDate::from_ymd(2026, 1, 5).unwrap()];
    Timestamp: ["2026-01-05T01:30:00.123456789Z".parse().unwrap()];
    CustomerId: [CustomerId::seeded(MINTED_MS, [1; 10])];
    AccountId: [AccountId::seeded(MINTED_MS, [2; 10]), AccountId::seeded(MINTED_MS, [3; 10])];
    TransferId: [TransferId::seeded(MINTED_MS, [4; 10])];
    StandingOrderId: [StandingOrderId::seeded(MINTED_MS, [5; 10])];
    SessionId: [SessionId::seeded(MINTED_MS, [6; 10])];
    DeviceId: [DeviceId::seeded(MINTED_MS, [7; 10])];
    PasskeyId: [PasskeyId::seeded(MINTED_MS, [8; 10])];
    ApprovalId: [ApprovalId::seeded(MINTED_MS, [9; 10])];
    CountersignatureId: [CountersignatureId::seeded(MINTED_MS, [12; 10])];
    EmergencyId: [EmergencyId::seeded(MINTED_MS, [13; 10])];
    StaffId: [StaffId::seeded(MINTED_MS, [8; 10])];
    ThirdPartyId: [ThirdPartyId::seeded(MINTED_MS, [11; 10])];
    MessageId: [MessageId::seeded(MINTED_MS, [9; 10])];
    EventId: [EventId::seeded(MINTED_MS, [10; 10])];
}

impl<T: Sampled> Sampled for Option<T> {
    fn samples() -> Vec<Self> {
        T::samples().into_iter().map(Some).chain([None]).collect()
    }
}

impl<T: Sampled> Sampled for Vec<T> {
    fn samples() -> Vec<Self> {
        vec![T::samples(), Vec::new()]
    }
}

impl<T: Sampled, E: Sampled> Sampled for Result<T, E> {
    fn samples() -> Vec<Self> {
        T::samples().into_iter().map(Ok).chain(E::samples().into_iter().map(Err)).collect()
    }
}

impl<A: Sampled, B: Sampled> Sampled for (A, B) {
    fn samples() -> Vec<Self> {
        all(|nth| (nth.of(), nth.of()))
    }
}

impl<A: Sampled, B: Sampled, C: Sampled> Sampled for (A, B, C) {
    fn samples() -> Vec<Self> {
        all(|nth| (nth.of(), nth.of(), nth.of()))
    }
}

sampled! {
    enum Unavailable { Stopping, StoreFailed, Overloaded, Unreachable, Misunderstood }
}
