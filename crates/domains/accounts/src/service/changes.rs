//! Changes of state: recorded, told to the ledger, settled. A change that was cut off is finished by a loop.

use std::time::Duration;

use clock::Timestamp;
use contracts::accounts::{Account, StateChanged};
use contracts::ledger::{Command, Refusal};
use db::outbox::Event;
use ids::{AccountId, CustomerId, StaffId, TransferId};

use super::{DepositAccounts, Refused};
use crate::error::AccountsRefused;
use crate::model::state::{self, Change};
use crate::store::change::{self, Row};

const REASON: &str = "accounts.reason";

/// A change of state as staff see it.
pub(crate) struct Noted {
    pub(crate) row: Row,
    pub(crate) reason: String,
}

impl DepositAccounts {
    /// Changes the state of `account`; nothing happens where it is already so.
    pub(crate) async fn change_state(
        &self,
        account: &Account,
        change: Change,
        staff: Option<StaffId>,
        reason: &str,
    ) -> Refused<Account> {
        let to = change.after(account.state).ok_or(AccountsRefused::StateForbids(account.state))?;
        if to == account.state {
            return Ok(account.clone());
        }
        let row = Row {
            id: TransferId::mint(),
            account: account.id,
            requested_at: self.clock.now(),
            staff,
            from: account.state,
            to,
            reason_sealed: self.keys.seal(account.customer.into(), REASON, reason.as_bytes()).await?,
        };
        change::record(&self.db, row.clone()).await?;
        self.carry_out(row, account.customer).await?;
        self.find(account.id).await?.ok_or(AccountsRefused::NotFound)
    }

    async fn carry_out(&self, row: Row, customer: CustomerId) -> Refused<()> {
        let command = Command { id: row.id, act: state::act(row.account, row.to), linked: false };
        match self.ledger.submit(vec![command]).await?.pop() {
            Some(Ok(_)) => {}
            Some(Err(refusal)) => {
                change::refuse(&self.db, row.id).await?;
                return Err(match refusal {
                    Refusal::AccountNotEmpty => AccountsRefused::NotEmpty,
                    Refusal::AccountClosed => {
                        AccountsRefused::StateForbids(contracts::accounts::State::Closed)
                    }
                    _ => AccountsRefused::NotFound,
                });
            }
            None => return Err(contracts::Unavailable::Stopping.into()),
        }
        let news = StateChanged { account: row.account, customer, from: row.from, to: row.to };
        let event = Event::try_new(&row.account.to_string(), &news, self.clock.now())?;
        let account = row.account;
        self.briefs.forget_account(account);
        let settled = change::settle(&self.db, row, event).await;
        self.briefs.forget_account(account);
        Ok(settled.map(|_| ())?)
    }

    /// Finishes changes that were cut off between their record and the ledger's answer.
    pub(crate) async fn finish_changes(&self, older_than: Duration) -> Refused<()> {
        let before = self.clock.now().checked_sub(older_than).unwrap_or(Timestamp::MIN);
        for row in change::pending(&self.db, before).await? {
            let Some(account) = self.find(row.account).await? else { continue };
            match self.carry_out(row, account.customer).await {
                // Refused changes are settled as such; nobody waits for the answer any more.
                Ok(()) | Err(AccountsRefused::NotEmpty | AccountsRefused::StateForbids(_)) => {}
                Err(refused) => return Err(refused),
            }
        }
        Ok(())
    }

    /// Changes that took effect, newest first.
    pub(crate) async fn changes_of(&self, account: AccountId) -> Refused<Vec<Noted>> {
        let account = self.find(account).await?.ok_or(AccountsRefused::NotFound)?;
        let rows = change::of_account(&self.db, account.id).await?;
        let key = self.keys.known_keys(&[account.customer.into()]).await?.remove(&account.customer.into());
        let reason = |row: &Row| {
            let plain = key.as_ref()?.open(REASON, &row.reason_sealed).ok()?;
            String::from_utf8(plain).ok()
        };
        Ok(rows.into_iter().map(|row| Noted { reason: reason(&row).unwrap_or_default(), row }).collect())
    }

    /// Gives the account another nickname.
    pub(crate) async fn rename(&self, account: &Account, nickname: &str) -> Refused<Account> {
        let sealed = self.keys.seal(account.customer.into(), super::NICKNAME, nickname.as_bytes()).await?;
        self.briefs.forget_account(account.id);
        let renamed = crate::store::rename(&self.db, account.id, sealed).await;
        self.briefs.forget_account(account.id);
        renamed?;
        self.find(account.id).await?.ok_or(AccountsRefused::NotFound)
    }
}
