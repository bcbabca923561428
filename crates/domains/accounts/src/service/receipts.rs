//! Receipts of movements, and the public check of their codes.

use clock::{BusinessDate, Timestamp};
use contracts::accounts::Account;
use contracts::ledger::Movement;
use http::Lang;
use ids::{AccountId, TransferId};
use money::{Money, Side};
use secrecy::mask;
use std::sync::Arc;

use super::{DepositAccounts, Refused, Shown};
use crate::error::AccountsRefused;
use crate::model::movement;
use crate::receipt::code::VerificationCode;
use crate::receipt::page::{self, Facts, Party};
use crate::store::narrative;

/// What the public page says of a genuine receipt.
pub(crate) struct Checked {
    pub(crate) at: Timestamp,
    pub(crate) booked_on: BusinessDate,
    pub(crate) amount: Money,
    pub(crate) payer: Party,
    pub(crate) payee: Party,
}

/// The amount of a movement in the currency of its account.
pub(crate) fn amount_of(account: &Account, movement: &Movement) -> Money {
    Money::new(i64::try_from(movement.amount).unwrap_or(i64::MAX), account.currency)
}

impl DepositAccounts {
    /// The verification code of the receipt for this side of a transfer.
    pub(crate) fn code_of(&self, account: AccountId, transfer: TransferId) -> VerificationCode {
        let mut content = account.to_bytes().to_vec();
        content.extend_from_slice(&transfer.to_bytes());
        VerificationCode::of(self.keys.mac("accounts.receipt", &content))
    }

    /// The code, remembered so that the public page finds it.
    pub(crate) async fn give_code(
        &self,
        account: AccountId,
        transfer: TransferId,
    ) -> Refused<VerificationCode> {
        let code = self.code_of(account, transfer);
        if narrative::by_code(&self.db, code.to_bytes()).await?.is_none() {
            let row = narrative::Code { code: code.to_bytes(), account, transfer };
            narrative::insert(&self.db, Vec::new(), vec![row]).await?;
        }
        Ok(code)
    }

    /// Draws the receipt of a movement for the owner of `account`.
    pub(crate) async fn receipt(
        self: Arc<Self>,
        account: &Account,
        transfer: TransferId,
        lang: Lang,
    ) -> Refused<Vec<u8>> {
        let shown = self.movement(account, transfer).await?;
        let code = self.give_code(account.id, transfer).await?;
        let facts = self.facts(account, &shown, code, lang).await?;
        let drawn = tokio::task::spawn_blocking(move || page::draw(&facts, lang, self.font.load()?)).await;
        drawn.map_err(|error| AccountsRefused::ReceiptFailed(error.to_string()))?
    }

    async fn facts(
        &self,
        account: &Account,
        shown: &Shown,
        code: VerificationCode,
        lang: Lang,
    ) -> Refused<Facts> {
        let (own, other) = self.parties(account, shown, lang).await?;
        let movement = &shown.movement;
        let amount = amount_of(account, movement);
        let (kind_zh, kind_en) = movement::titles(movement.code);
        let english = lang == Lang::English;
        let (payer, payee) = if movement.side == Side::Debit { (own, other) } else { (other, own) };
        Ok(Facts {
            bank_name: self.bank_name(lang).to_owned(),
            payer,
            payee,
            amount: grouped(amount),
            capitals: money::capitals(amount),
            kind: if english { kind_en } else { kind_zh }.to_owned(),
            memo: shown.narrative.as_ref().map(|narrative| narrative.memo.clone()).unwrap_or_default(),
            booked_on: movement.booked_on.to_string(),
            at: china_time(movement.at),
            transfer: movement.transfer.to_string(),
            code: code.to_string(),
        })
    }

    /// The owner's side whole, the other side as the owner may see it.
    async fn parties(&self, account: &Account, shown: &Shown, lang: Lang) -> Refused<(Party, Party)> {
        let profile = self.customers.profile(account.customer).await?;
        let own = Party {
            name: profile.map(|(profile, _)| profile.name().to_owned()).unwrap_or_default(),
            account: in_groups(&account.number),
            bank: self.bank_name(lang).to_owned(),
        };
        let other = shown.narrative.as_ref().map_or_else(Party::default, |narrative| Party {
            name: narrative.counterparty_name.clone(),
            account: narrative.counterparty_account.clone(),
            bank: match narrative.counterparty_bank.as_str() {
                // A narrative with a name and no bank speaks of this bank.
                "" if !narrative.counterparty_name.is_empty() => self.bank_name(lang).to_owned(),
                bank => bank.to_owned(),
            },
        });
        Ok((own, other))
    }

    fn bank_name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Chinese => &self.settings.settings.bank_name_zh,
            Lang::English => &self.settings.settings.bank_name_en,
        }
    }

    /// What a code vouches for, masked for the public.
    pub(crate) async fn check_receipt(&self, text: &str) -> Refused<Checked> {
        let code = VerificationCode::parse(text).ok_or(AccountsRefused::ReceiptUnknown)?;
        let found = narrative::by_code(&self.db, code.to_bytes()).await?;
        let (id, transfer) = found.ok_or(AccountsRefused::ReceiptUnknown)?;
        // The row only says where to look; the code itself must be the one that the key gives.
        if self.code_of(id, transfer) != code {
            return Err(AccountsRefused::ReceiptUnknown);
        }
        let account = self.find(id).await?.ok_or(AccountsRefused::ReceiptUnknown)?;
        let shown = match self.movement(&account, transfer).await {
            Err(AccountsRefused::NotFound) => return Err(AccountsRefused::ReceiptUnknown),
            other => other?,
        };
        let (own, other) = self.parties(&account, &shown, Lang::Chinese).await?;
        let profile = self.customers.profile(account.customer).await?;
        let own =
            Party { name: profile.map(|(profile, _)| profile.masked_name()).unwrap_or_default(), ..own };
        let other = Party { name: mask::party_name(&other.name), ..other };
        let (payer, payee) = if shown.movement.side == Side::Debit { (own, other) } else { (other, own) };
        let hide = |party: Party| Party { account: mask::account_number(&party.account), ..party };
        Ok(Checked {
            at: shown.movement.at,
            booked_on: shown.movement.booked_on,
            amount: amount_of(&account, &shown.movement),
            payer: hide(payer),
            payee: hide(payee),
        })
    }
}

/// `6288 9900 0000 0000 421`.
fn in_groups(number: &str) -> String {
    let chars: Vec<char> = number.chars().collect();
    chars.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// `¥1,230.00`, `USD 12.00`.
fn grouped(amount: Money) -> String {
    let decimal = amount.to_decimal();
    let (whole, fraction) = decimal.split_once('.').unwrap_or((&decimal, ""));
    let digits: Vec<char> = whole.chars().rev().collect();
    let groups: Vec<String> = digits.chunks(3).map(|group| group.iter().collect()).collect();
    let whole: String = groups.join(",").chars().rev().collect();
    let point = if fraction.is_empty() { "" } else { "." };
    let sign = if amount.currency() == money::Currency::CNY {
        "¥".to_owned()
    } else {
        format!("{} ", amount.currency())
    };
    format!("{sign}{whole}{point}{fraction}")
}

/// `2026-11-22 09:30:05 (UTC+8)`.
fn china_time(at: Timestamp) -> String {
    let local = clock::china().to_datetime(at);
    format!("{} (UTC+8)", local.strftime("%Y-%m-%d %H:%M:%S"))
}
