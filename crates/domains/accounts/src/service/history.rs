//! The history of an account: movements of the ledger joined with what they mean.

use contracts::accounts::{Account, Narrative};
use contracts::ledger::{HistoryQuery, Movement};
use ids::TransferId;

use super::{DepositAccounts, Refused};
use crate::error::AccountsRefused;

/// Movements fetched from the ledger at once while searching text.
const WINDOW: u32 = 500;
/// Movements looked through in one request; the cursor goes on from there.
const LOOKED_THROUGH_MAX: u32 = 5_000;

/// What is looked for. Days and amounts are for the ledger, text for the narratives.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// For the ledger; its `limit` is the size of the page, 1..=100.
    pub(crate) query: HistoryQuery,
    /// Of the memo or of the other party, in any case; empty for everything.
    pub(crate) text: String,
    /// How it is compared.
    pub(crate) text_is: TextIs,
}

/// How a text is compared with what a movement means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextIs {
    /// It is a part of it.
    Part,
    /// It is the whole of it: who does not see the texts must not find them out bit by bit.
    Whole,
}

/// A movement and what it means, as far as that is known.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) movement: Movement,
    pub(crate) narrative: Option<Narrative>,
}

/// A page of a history.
pub(crate) struct Page {
    pub(crate) shown: Vec<Shown>,
    /// Where the next page begins: before this movement. `None` at the end. A page that found little may be short
    /// and still have a next one.
    pub(crate) next: Option<u64>,
}

impl DepositAccounts {
    /// A page of the history of `account`, newest first.
    pub(crate) async fn page(&self, account: &Account, filter: Filter) -> Refused<Page> {
        let wanted = usize::try_from(filter.query.limit).unwrap_or(1);
        let text = filter.text.trim().to_lowercase();
        if text.is_empty() {
            let movements = self.ledger.history(filter.query).await?;
            let next = if movements.len() < wanted { None } else { movements.last().map(before) };
            return Ok(Page { shown: self.join(account, movements).await?, next: next.flatten() });
        }
        let (mut shown, mut query, mut looked_through) = (Vec::new(), filter.query, 0);
        query.limit = WINDOW;
        loop {
            let movements = self.ledger.history(query.clone()).await?;
            let ended = movements.len() < WINDOW as usize;
            for one in self.join(account, movements).await? {
                query.before = Some(one.movement.number);
                if matches(&one, &text, filter.text_is) {
                    shown.push(one);
                    if shown.len() == wanted {
                        let next = query.before.filter(|number| *number > 1);
                        return Ok(Page { shown, next });
                    }
                }
            }
            looked_through += WINDOW;
            if ended {
                return Ok(Page { shown, next: None });
            }
            if looked_through >= LOOKED_THROUGH_MAX {
                return Ok(Page { shown, next: query.before.filter(|number| *number > 1) });
            }
        }
    }

    async fn join(&self, account: &Account, movements: Vec<Movement>) -> Refused<Vec<Shown>> {
        let transfers: Vec<TransferId> = movements.iter().map(|movement| movement.transfer).collect();
        let mut narratives = self.narratives(account, &transfers).await?;
        Ok(movements
            .into_iter()
            .map(|movement| Shown { narrative: narratives.remove(&movement.transfer), movement })
            .collect())
    }

    /// One movement.
    pub(crate) async fn movement(&self, account: &Account, transfer: TransferId) -> Refused<Shown> {
        let movement = self.ledger.movement(account.id, transfer).await?.ok_or(AccountsRefused::NotFound)?;
        self.join(account, vec![movement]).await?.pop().ok_or(AccountsRefused::NotFound)
    }
}

fn before(last: &Movement) -> Option<u64> {
    (last.number > 1).then_some(last.number)
}

fn matches(one: &Shown, text: &str, text_is: TextIs) -> bool {
    let digits: String = text.chars().filter(|c| *c != ' ').collect();
    let same = |words: &str, text: &str| match text_is {
        TextIs::Part => words.contains(text),
        TextIs::Whole => words == text,
    };
    let holds = |words: &str| same(&words.to_lowercase(), text);
    one.narrative.as_ref().is_some_and(|narrative| {
        holds(&narrative.memo)
            || holds(&narrative.counterparty_name)
            || holds(&narrative.counterparty_bank)
            || same(&narrative.counterparty_account.replace(' ', ""), &digits)
    })
}
