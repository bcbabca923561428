//! What accounts look like on the wire.

use contracts::accounts::Right;
use contracts::ledger::{HistoryQuery, Limits};
use http::{Amount, PersonalAccountNumber, PersonalName, PersonalPhone, PersonalText, Problem};
use ids::{AccountId, CustomerId};
use money::{Currency, Money, Side};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::config::Checked;
use crate::error::AccountsRefused;
use crate::model::{class, movement, state};
use crate::service::{DepositAccounts, Filter, Holding, Page, Person, Shown, TextIs};

/// An account as its owner or an authorized person sees it.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountView {
    /// UUID.
    pub(super) id: String,
    /// First and last four digits.
    pub(super) number_masked: PersonalAccountNumber,
    /// All 19 digits; only for the owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) number: Option<PersonalAccountNumber>,
    /// ISO 4217 code.
    pub(super) currency: String,
    /// `I`, `II` or `III`.
    pub(super) class: String,
    /// `active`, `frozen`, `dormant` or `closed`.
    pub(super) state: String,
    /// The owner's name for it; may be empty.
    pub(super) nickname: PersonalText,
    /// `own`, `move` or `see`.
    pub(super) right: String,
    /// The owner, where the reader is not the owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) owner_name: Option<PersonalName>,
    /// What is on it.
    pub(super) balance: Amount,
    /// What can be moved away.
    pub(super) available: Amount,
    /// Day of opening.
    pub(super) opened_on: String,
}

impl AccountView {
    /// As `reader` sees it, who may.
    pub(super) fn of(holding: Holding, reader: CustomerId) -> Self {
        let (balance, available) = (holding.posted().into(), holding.available().into());
        let account = holding.account;
        Self {
            id: account.id.to_string(),
            number_masked: PersonalAccountNumber::new(account.number.clone()),
            number: (holding.right == Right::Own)
                .then(|| PersonalAccountNumber::new(account.number).known_to(reader)),
            currency: account.currency.to_string(),
            class: class::word(account.class).to_owned(),
            state: state::word(account.state).to_owned(),
            nickname: PersonalText::new(account.nickname).known_to(reader),
            right: class::right_word(holding.right).to_owned(),
            owner_name: holding.owner_name.map(|name| PersonalName::new(name).known_to(reader)),
            balance,
            available,
            opened_on: account.opened_on.to_string(),
        }
    }
}

/// Everything a customer has.
#[derive(Serialize, ToSchema)]
pub(crate) struct OverviewView {
    /// Own accounts and those granted, oldest first, closed ones last.
    pub(super) accounts: Vec<AccountView>,
    /// Sums of own accounts, one for each currency.
    pub(super) totals: Vec<Amount>,
    /// The worth of all sums in renminbi.
    pub(super) converted: ConvertedView,
}

/// A worth by reference rates.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConvertedView {
    /// Decimal.
    pub(super) amount: String,
    /// `CNY`.
    pub(super) currency: String,
    /// Day of the rates.
    pub(super) rates_on: String,
}

/// A reference rate.
#[derive(Serialize, ToSchema)]
pub(crate) struct RateView {
    /// ISO 4217 code.
    pub(super) currency: String,
    /// Renminbi for one unit, decimal.
    pub(super) cny_rate: String,
    /// Day of the rate.
    pub(super) rates_on: String,
}

impl RateView {
    /// Every rate of the bank.
    pub(super) fn all(settings: &Checked) -> Vec<Self> {
        let view = |(currency, rate): (&Currency, &rust_decimal::Decimal)| Self {
            currency: currency.to_string(),
            cny_rate: rate.to_string(),
            rates_on: settings.rates_on.to_string(),
        };
        settings.rates.iter().map(view).collect()
    }
}

/// An account to open.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenBody {
    /// UUID minted by the caller; the same again opens nothing twice.
    pub(super) id: Option<String>,
    /// ISO 4217 code.
    #[schema(example = "CNY")]
    pub(super) currency: String,
    /// `II` (default) or `III`; class I is opened in person.
    pub(super) class: Option<String>,
    /// At most 30 characters.
    pub(super) nickname: Option<String>,
}

/// A new nickname.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RenameBody {
    /// At most 30 characters; empty for none.
    pub(super) nickname: String,
}

/// A person to authorize.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuthorizeBody {
    /// Mobile number with which the person is a customer.
    pub(super) phone: String,
    /// Full name.
    pub(super) name: String,
    /// `see` or `move`.
    pub(super) right: String,
}

/// An authorized person.
#[derive(Serialize, ToSchema)]
pub(crate) struct PersonView {
    /// UUID.
    pub(super) customer_id: String,
    /// Full name.
    pub(super) name: PersonalName,
    /// Masked mobile number, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) masked_phone: Option<PersonalPhone>,
    /// `see` or `move`.
    pub(super) right: String,
    /// Since when.
    pub(super) granted_at: String,
}

impl PersonView {
    /// As the owner of the account sees them.
    pub(super) fn of(person: Person, owner: CustomerId) -> Self {
        Self {
            customer_id: person.customer.to_string(),
            name: PersonalName::new(person.name).known_to(owner),
            masked_phone: person.phone.map(PersonalPhone::new),
            right: class::right_word(person.right).to_owned(),
            granted_at: person.granted_at.to_string(),
        }
    }
}

/// Authorized persons of an account.
#[derive(Serialize, ToSchema)]
pub(crate) struct PersonsView {
    /// In order of granting.
    pub(super) persons: Vec<PersonView>,
}

/// A movement.
#[derive(Serialize, ToSchema)]
pub(crate) struct MovementView {
    /// UUID of the transfer.
    pub(super) transfer_id: String,
    /// Position in the history of the account, from 1.
    pub(super) number: u64,
    /// `in` or `out`.
    pub(super) direction: String,
    /// How much, positive.
    pub(super) amount: Amount,
    /// What was on the account then.
    pub(super) balance_after: Amount,
    /// What kind: `transfer`, `salary`, `fee`, …
    pub(super) code: String,
    /// The other party as the reader may see it; may be empty.
    pub(super) counterparty_name: PersonalName,
    /// Its account, masked; may be empty.
    pub(super) counterparty_account: PersonalAccountNumber,
    /// Its bank; empty for this bank.
    pub(super) counterparty_bank: String,
    /// What the payer wrote.
    pub(super) memo: PersonalText,
    /// Booking day.
    pub(super) booked_on: String,
    /// Value day.
    pub(super) value_on: String,
    /// Instant, RFC 3339.
    pub(super) at: String,
    /// How its receipt is verified; only where one movement is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) receipt: Option<ReceiptView>,
}

/// How a receipt is verified.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReceiptView {
    /// Sixteen characters in groups of four.
    pub(super) verification_code: String,
}

impl MovementView {
    /// As `reader` sees it, who may see the account; `None` for staff.
    pub(super) fn of(shown: Shown, currency: Currency, reader: Option<CustomerId>) -> Self {
        let Shown { movement, narrative } = shown;
        let minor = i64::try_from(movement.amount).unwrap_or(i64::MAX);
        let words = narrative.map(|narrative| {
            (
                narrative.counterparty_name,
                narrative.counterparty_account,
                narrative.counterparty_bank,
                narrative.memo,
            )
        });
        let (name, account, bank, memo) = words.unwrap_or_default();
        let mut words =
            (PersonalName::new(name), PersonalAccountNumber::new(account), PersonalText::new(memo));
        if let Some(reader) = reader {
            words = (words.0.known_to(reader), words.1.known_to(reader), words.2.known_to(reader));
        }
        let (name, account, memo) = words;
        Self {
            transfer_id: movement.transfer.to_string(),
            number: movement.number,
            direction: if movement.side == Side::Credit { "in" } else { "out" }.to_owned(),
            amount: Money::new(minor, currency).into(),
            balance_after: Money::new(movement.balance_after, currency).into(),
            code: movement::word(movement.code).to_owned(),
            counterparty_name: name,
            counterparty_account: account,
            counterparty_bank: bank,
            memo,
            booked_on: movement.booked_on.to_string(),
            value_on: movement.value_on.to_string(),
            at: movement.at.to_string(),
            receipt: None,
        }
    }
}

/// A page of movements, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct MovementsView {
    /// May be fewer than asked for, even where there is a next page.
    pub(super) movements: Vec<MovementView>,
    /// Give it back as `cursor` for what follows; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next_cursor: Option<String>,
}

impl MovementsView {
    /// As [`MovementView::of`].
    pub(super) fn of(page: Page, currency: Currency, reader: Option<CustomerId>) -> Self {
        Self {
            movements: page
                .shown
                .into_iter()
                .map(|shown| MovementView::of(shown, currency, reader))
                .collect(),
            next_cursor: page.next.map(|number| number.to_string()),
        }
    }
}

/// Which movements.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MovementsQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Size of the page, 1..=100; 20 where absent.
    limit: Option<u32>,
    /// Part of the memo or the other party. For staff, who see neither: one of them whole.
    text: Option<String>,
    /// At least this much, decimal.
    amount_min: Option<String>,
    /// At most this much, decimal.
    amount_max: Option<String>,
    /// Booked on or after this day.
    from: Option<String>,
    /// Booked on or before this day.
    until: Option<String>,
    /// `in` or `out`.
    direction: Option<String>,
}

fn wrong(field: &'static str) -> AccountsRefused {
    AccountsRefused::invalid(field, "该查询条件不正确。", "This condition is not valid.")
}

impl MovementsQuery {
    pub(super) fn filter(
        self,
        account: AccountId,
        currency: Currency,
        text_is: TextIs,
    ) -> Result<Filter, AccountsRefused> {
        let amount = |field: &'static str, text: Option<String>| {
            let minor = |text: String| {
                let money = Money::parse(&text, currency).map_err(|_| wrong(field))?;
                u64::try_from(money.minor()).map_err(|_| wrong(field))
            };
            text.map(minor).transpose()
        };
        let day = |field: &'static str, text: Option<String>| {
            text.map(|text| text.parse().map_err(|_| wrong(field))).transpose()
        };
        let side = match self.direction.as_deref() {
            None => None,
            Some("in") => Some(Side::Credit),
            Some("out") => Some(Side::Debit),
            Some(_) => return Err(wrong("direction")),
        };
        let limit = self.limit.unwrap_or(20);
        if !(1..=100).contains(&limit) {
            return Err(wrong("limit"));
        }
        let text = self.text.unwrap_or_default();
        if text.chars().count() > 60 {
            return Err(wrong("text"));
        }
        let query = HistoryQuery {
            account,
            before: self.cursor.map(|text| text.parse().map_err(|_| wrong("cursor"))).transpose()?,
            limit,
            side,
            amount_min: amount("amount_min", self.amount_min)?,
            amount_max: amount("amount_max", self.amount_max)?,
            from: day("from", self.from)?,
            until: day("until", self.until)?,
        };
        Ok(Filter { query, text, text_is })
    }
}

/// Limits and how much of them is used.
#[derive(Serialize, ToSchema)]
pub(crate) struct LimitsView {
    /// The most in one transfer; absent for no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) per_transfer: Option<Amount>,
    /// The most in one day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) per_day: Option<Amount>,
    /// The most in one month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) per_month: Option<Amount>,
    /// Used today.
    pub(super) used_day: Amount,
    /// Used this month.
    pub(super) used_month: Amount,
}

impl LimitsView {
    fn of(limits: Limits, used: contracts::ledger::Used, currency: Currency) -> Self {
        let amount = |minor: u64| Money::new(i64::try_from(minor).unwrap_or(i64::MAX), currency).into();
        Self {
            per_transfer: limits.per_transfer.map(amount),
            per_day: limits.per_day.map(amount),
            per_month: limits.per_month.map(amount),
            used_day: amount(used.day),
            used_month: amount(used.month),
        }
    }
}

/// An account as staff see it: masked.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConsoleAccountView {
    /// UUID.
    id: String,
    /// UUID of the owner.
    customer_id: String,
    /// Masked name of the owner.
    owner_masked_name: PersonalName,
    /// First and last four digits.
    number_masked: PersonalAccountNumber,
    /// ISO 4217 code.
    currency: String,
    /// `I`, `II` or `III`.
    class: String,
    /// `active`, `frozen`, `dormant` or `closed`.
    state: String,
    /// `own`, `move` or `see`: of the customer whose accounts are listed.
    right: String,
    /// What is on it.
    balance: Amount,
    /// What can be moved away.
    available: Amount,
    /// Limits toward others.
    limits: LimitsView,
    /// Day of opening.
    opened_on: String,
}

impl ConsoleAccountView {
    pub(super) async fn of(accounts: &DepositAccounts, holding: Holding) -> Result<Self, Problem> {
        let profile = accounts.customers.profile(holding.account.customer).await?;
        let (balance, available) = (holding.posted().into(), holding.available().into());
        let account = holding.account;
        Ok(Self {
            id: account.id.to_string(),
            customer_id: account.customer.to_string(),
            owner_masked_name: profile
                .map_or_else(|| PersonalName::new(""), |(profile, _)| PersonalName::of(&profile)),
            number_masked: PersonalAccountNumber::new(account.number),
            currency: account.currency.to_string(),
            class: class::word(account.class).to_owned(),
            state: state::word(account.state).to_owned(),
            right: class::right_word(holding.right).to_owned(),
            balance,
            available,
            limits: LimitsView::of(holding.balance.limits, holding.balance.used, account.currency),
            opened_on: account.opened_on.to_string(),
        })
    }
}

/// Accounts found.
#[derive(Serialize, ToSchema)]
pub(crate) struct ConsoleAccountsView {
    /// May be empty.
    pub(super) accounts: Vec<ConsoleAccountView>,
}
