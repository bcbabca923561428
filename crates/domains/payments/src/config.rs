//! The settings of payments.

use contracts::accounts::Class;
use contracts::identity::Assurance;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Transfers: how high limits may be set, how often payees may be asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Payee-name checks that one customer may ask for in an hour.
    #[schemars(range(min = 1, max = 100000))]
    pub payee_checks_hourly_max: u32,
    /// Payee-name checks that one third party may ask for in an hour.
    #[schemars(range(min = 1, max = 1000000))]
    pub third_party_checks_hourly_max: u32,
    /// Checks and transfers to unknown or wrongly named payees that one customer may try in an hour.
    #[schemars(range(min = 1, max = 100000))]
    pub payee_misses_hourly_max: u32,
    /// Saved payees of one customer, at most.
    #[schemars(range(min = 1, max = 10000))]
    pub payees_max: u32,
    /// A transfer that was accepted but never reached the ledger, because the bank was down, is given up after so
    /// many seconds.
    #[schemars(range(min = 30, max = 86400))]
    pub accepted_expires_s: u32,
    /// From this amount on, a transfer to others is approved with a passkey, where its payer has one, fen; other
    /// currencies by the reference rate.
    #[schemars(range(min = 0, max = 1_000_000_000_000_i64))]
    pub approval_from_fen: u64,
    /// How high limits of a class I account may be set by somebody known by one factor.
    pub one_factor: Ceilings,
    /// How high by somebody known by two factors.
    pub two_factor: Ceilings,
    /// How high from a bound device.
    pub bound_device: Ceilings,
}

/// The highest limits that may be set, fen; other currencies by the reference rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ceilings {
    /// Of one transfer, fen.
    #[schemars(range(min = 0, max = 1_000_000_000_000_i64))]
    pub per_transfer_fen: u64,
    /// Of one day, fen.
    #[schemars(range(min = 0, max = 1_000_000_000_000_i64))]
    pub per_day_fen: u64,
    /// Of one calendar month, fen.
    #[schemars(range(min = 0, max = 1_000_000_000_000_i64))]
    pub per_month_fen: u64,
}

impl Ceilings {
    const fn new(per_transfer_fen: u64, per_day_fen: u64, per_month_fen: u64) -> Self {
        Self { per_transfer_fen, per_day_fen, per_month_fen }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            payee_checks_hourly_max: 60,
            third_party_checks_hourly_max: 3_600,
            payee_misses_hourly_max: 10,
            payees_max: 200,
            accepted_expires_s: 600,
            approval_from_fen: 100_000,
            one_factor: Ceilings::new(5_000_000, 20_000_000, 100_000_000),
            two_factor: Ceilings::new(50_000_000, 100_000_000, 1_000_000_000),
            bound_device: Ceilings::new(100_000_000, 500_000_000, 2_000_000_000),
        }
    }
}

/// Classes II and III: what the regulation allows toward others (银发〔2016〕302号, 银发〔2018〕16号), whatever the assurance.
const CLASS_2: Ceilings = Ceilings::new(1_000_000, 1_000_000, 20_000_000);
const CLASS_3: Ceilings = Ceilings::new(200_000, 200_000, 5_000_000);

impl Settings {
    pub(crate) const fn ceilings(&self, class: Class, assurance: Assurance) -> Ceilings {
        match (class, assurance) {
            (Class::I, Assurance::OneFactor) => self.one_factor,
            (Class::I, Assurance::TwoFactor) => self.two_factor,
            (Class::I, Assurance::BoundDevice) => self.bound_device,
            (Class::II, _) => CLASS_2,
            (Class::III, _) => CLASS_3,
        }
    }
}

/// What may leave an account of this class toward others in a calendar year, fen.
pub(crate) const fn yearly_max_fen(class: Class) -> Option<i64> {
    match class {
        Class::I => None,
        Class::II => Some(20_000_000),
        Class::III => Some(5_000_000),
    }
}

/// What may be on an account of this class, fen.
pub(crate) const fn balance_max_fen(class: Class) -> Option<i64> {
    match class {
        Class::III => Some(200_000),
        Class::I | Class::II => None,
    }
}
