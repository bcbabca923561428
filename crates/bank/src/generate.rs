//! An openly synthetic Chinese bank: for the demonstration and the benchmarks.
//!
//! [`plan()`] decides everything from a seed, without clock or store: people and small businesses with valid check
//! digits, accounts in four currencies, salaries, rent, groceries, transport, red-letter days. The same size and
//! seed give the same plan, byte for byte, and the same ids. [`run`] writes a plan through the contracts; doing it
//! again changes nothing. Names are drawn from lists of common characters; nobody is meant by them. Phones lie in
//! a range that no operator has been given. Cost: some 80 movements a customer and year, held in memory at 100
//! bytes each.

mod calendar;
mod dice;
mod life;
mod numbers;
mod people;
pub mod plan;
mod words;
mod write;

use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::time::Instant;

pub use plan::{Plan, Size as Options, plan};
use serde::Serialize;
pub use write::GenerateFailed;

use crate::books::{Books, DEMO_PASSWORD, DEMO_PIN};
use crate::import::seconds;

/// Name of the administrator among a generated bank's staff.
pub const STAFF_NAME: &str = "admin";

/// The administrator's password.
pub const STAFF_PASSWORD: &str = "Yuanhang-admin-2026";

/// Name of the other administrator, who countersigns what takes two pairs of eyes.
pub const COLLEAGUE_NAME: &str = "colleague";

/// The other administrator's password.
pub const COLLEAGUE_PASSWORD: &str = "Yuanhang-colleague-2026";

/// What was generated.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Customers, businesses among them.
    pub customers: u64,
    /// Accounts of customers.
    pub accounts: u64,
    /// Transfers in the ledger.
    pub transfers: u64,
    /// First day with movements.
    pub from: String,
    /// Last day.
    pub until: String,
    /// SM3 over the plan, hexadecimal.
    pub digest: String,
    /// How long it took.
    pub seconds: f64,
    /// Ways in.
    #[serde(skip)]
    pub sign_ins: SignIns,
}

/// Who can sign in to look around. Demonstration credentials only.
#[derive(Debug, Clone, Serialize)]
pub struct SignIns {
    /// At most three customers: one with a salary and several accounts, one with foreign currency, a business.
    pub customers: Vec<CustomerSignIn>,
    /// The administrator.
    pub staff: StaffSignIn,
    /// The other administrator, who countersigns.
    pub colleague: StaffSignIn,
}

/// How a generated customer signs in.
#[derive(Debug, Clone, Serialize)]
pub struct CustomerSignIn {
    /// The phone.
    pub name_to_sign_in: String,
    /// The password.
    pub password: String,
    /// The payment PIN.
    pub pin: String,
    /// How the customer is called.
    pub display_name: String,
}

/// How a member of staff signs in.
#[derive(Debug, Clone, Serialize)]
pub struct StaffSignIn {
    /// The name.
    pub name: String,
    /// The password.
    pub password: String,
}

impl SignIns {
    /// Writes them to `path` as JSON.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let text = serde_json::to_string_pretty(self).map_err(io::Error::other)?;
        std::fs::write(path, text + "\n")
    }

    fn new(plan: &Plan) -> Self {
        let customer = |at: &usize| {
            let profile = plan.customers.get(*at)?;
            Some(CustomerSignIn {
                name_to_sign_in: profile.phone()?.to_owned(),
                password: DEMO_PASSWORD.to_owned(),
                pin: DEMO_PIN.to_owned(),
                display_name: profile.name().to_owned(),
            })
        };
        Self {
            customers: plan.shown.iter().filter_map(customer).collect(),
            staff: StaffSignIn { name: STAFF_NAME.to_owned(), password: STAFF_PASSWORD.to_owned() },
            colleague: StaffSignIn {
                name: COLLEAGUE_NAME.to_owned(),
                password: COLLEAGUE_PASSWORD.to_owned(),
            },
        }
    }
}

impl Report {
    /// A page for people, with the ways in.
    #[must_use]
    pub fn text(&self) -> String {
        let mut page = format!(
            "{} customers, {} accounts, {} transfers from {} to {}, generated in {:.1} s (plan {})\n",
            self.customers, self.accounts, self.transfers, self.from, self.until, self.seconds, self.digest
        );
        for one in &self.sign_ins.customers {
            let _ = writeln!(
                page,
                "customer  {}  password {}  PIN {}  ({})",
                one.name_to_sign_in, one.password, one.pin, one.display_name
            );
        }
        let SignIns { staff, colleague, .. } = &self.sign_ins;
        let _ = writeln!(page, "staff     {}  password {}", staff.name, staff.password);
        let _ =
            writeln!(page, "staff     {}  password {}  (countersigns)", colleague.name, colleague.password);
        page
    }
}

/// Plans a bank and writes it into `books`.
///
/// # Errors
/// [`GenerateFailed`].
pub async fn run(books: &Books, options: &Options) -> Result<Report, GenerateFailed> {
    let started = Instant::now();
    let plan = plan(*options);
    write::write(books, &plan).await?;
    let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
    Ok(Report {
        customers: count(plan.customers.len()),
        accounts: count(plan.accounts.len()),
        transfers: count(plan.transfers.len()),
        from: plan.from.to_string(),
        until: options.until.to_string(),
        digest: plan.digest(),
        seconds: seconds(started.elapsed()),
        sign_ins: SignIns::new(&plan),
    })
}

#[cfg(test)]
mod tests;
