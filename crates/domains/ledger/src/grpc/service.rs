//! The calls of the interface.

use std::pin::Pin;
use std::sync::Arc;

use clock::BusinessDate;
use contracts::Unavailable;
use contracts::ledger::{Balance, DayBalances, DayKind, DayQuery, HistoryQuery, Ledger};
use futures_util::{Stream, stream};
use ids::AccountId;
use tokio::sync::Semaphore;
use tonic::{Request, Response, Status, Streaming};

use super::generated::ledger_server::Ledger as Calls;
use super::generated::{
    Account, DayBalance, DayKind as KindAsked, Id, LookupAccountsRequest, LookupAccountsResponse, Movement,
    QueryDayBalancesRequest, QueryDayBalancesResponse, QueryHistoryRequest, QueryHistoryResponse, Side,
    SignedSum, Sum,
};
use super::pipeline::Pipeline;
use super::rows::{Batch, Results, day_of, halves, number_of};
use crate::gather::Gather;
use crate::handle::SUBMISSION_MAX;

/// Movements in one message.
const PAGE: u32 = 1_000;
/// Days in one message.
const DAYS: usize = 1_000;

/// Takes calls to the ledger.
pub(super) struct Desk {
    ledger: Arc<dyn Ledger>,
    gather: Arc<Gather>,
    /// Commands that may wait in the ledger from here: half of what may wait in all, so that others find room.
    room: Semaphore,
}

impl Desk {
    pub(super) fn new(ledger: Arc<dyn Ledger>, queue_commands: u32) -> Self {
        let room = (queue_commands as usize / 2).max(SUBMISSION_MAX);
        Self { gather: Gather::new(Arc::clone(&ledger)), ledger, room: Semaphore::new(room) }
    }

    /// Executes a batch once there is room; of batches that are both gathered, or both not, whoever came first is
    /// first.
    pub(super) async fn post(self: Arc<Self>, Batch(commands): Batch) -> Result<Results, Status> {
        if commands.is_empty() {
            return Ok(Results::default());
        }
        let wanted = u32::try_from(commands.len()).unwrap_or(u32::MAX);
        let _room = self.room.acquire_many(wanted).await.map_err(|_| status_of(&Unavailable::Stopping))?;
        self.gather.post(commands).await.map(Results).map_err(|error| status_of(&error))
    }
}

fn status_of(error: &Unavailable) -> Status {
    match error {
        Unavailable::Overloaded => {
            Status::resource_exhausted("too much is waiting; send the same rows again in a moment")
        }
        _ => Status::unavailable(
            "it is unknown whether the batch took effect; send the same rows again, nothing is done twice",
        ),
    }
}

/// Ready-made answers of a stream.
type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

#[tonic::async_trait]
impl Calls for Arc<Desk> {
    type CreateTransfersStreamStream = Pipeline;
    type QueryHistoryStream = Answers<QueryHistoryResponse>;
    type QueryDayBalancesStream = Answers<QueryDayBalancesResponse>;

    async fn create_transfers(&self, request: Request<Batch>) -> Result<Response<Results>, Status> {
        Arc::clone(self).post(request.into_inner()).await.map(Response::new)
    }

    async fn create_transfers_stream(
        &self,
        request: Request<Streaming<Batch>>,
    ) -> Result<Response<Pipeline>, Status> {
        Ok(Response::new(Pipeline::new(request.into_inner(), Arc::clone(self))))
    }

    async fn lookup_accounts(
        &self,
        request: Request<LookupAccountsRequest>,
    ) -> Result<Response<LookupAccountsResponse>, Status> {
        let asked = request.into_inner().accounts;
        if asked.len() > SUBMISSION_MAX {
            return Err(Status::invalid_argument(format!(
                "more than {SUBMISSION_MAX} accounts; ask in parts"
            )));
        }
        let ids: Vec<_> = asked.iter().map(|id| AccountId::from_u128(bits(id))).collect();
        let balances = self.ledger.balances(&ids).await.map_err(|error| status_of(&error))?;
        let accounts = balances.into_iter().map(|balance| balance.as_ref().map(told).unwrap_or_default());
        Ok(Response::new(LookupAccountsResponse { accounts: accounts.collect() }))
    }

    async fn query_history(
        &self,
        request: Request<QueryHistoryRequest>,
    ) -> Result<Response<Self::QueryHistoryStream>, Status> {
        let request = request.into_inner();
        let left = if request.limit == 0 { u64::MAX } else { request.limit };
        let query = query_of(&request).map_err(Status::invalid_argument)?;
        let ledger = Arc::clone(&self.ledger);
        // The next page is read only when the client has taken the one before.
        let pages = stream::try_unfold(Some((query, left)), move |next| {
            let ledger = Arc::clone(&ledger);
            async move {
                let Some((mut query, left)) = next else { return Ok(None) };
                query.limit = u32::try_from(left).unwrap_or(PAGE).min(PAGE);
                let limit = query.limit as usize;
                let page = ledger.history(query.clone()).await.map_err(|error| status_of(&error))?;
                let Some(last) = page.last() else { return Ok(None) };
                query.before = Some(last.number);
                let left = left - page.len() as u64;
                let goes_on = page.len() == limit && left > 0 && last.number > 1;
                let movements = page.iter().map(movement).collect();
                Ok(Some((QueryHistoryResponse { movements }, goes_on.then_some((query, left)))))
            }
        });
        Ok(Response::new(Box::pin(pages)))
    }

    async fn query_day_balances(
        &self,
        request: Request<QueryDayBalancesRequest>,
    ) -> Result<Response<Self::QueryDayBalancesStream>, Status> {
        let query = day_query_of(&request.into_inner()).map_err(Status::invalid_argument)?;
        let told = self.ledger.day_balances(query).await.map_err(|error| status_of(&error))?;
        Ok(Response::new(Box::pin(stream::iter(day_messages(&told).into_iter().map(Ok)))))
    }
}

fn day_query_of(request: &QueryDayBalancesRequest) -> Result<DayQuery, &'static str> {
    let account = account_of(request.account.as_ref())?;
    let (from, until) = days_of(request.from, request.until)?;
    let kind = match KindAsked::try_from(request.kind) {
        Ok(KindAsked::Booking) => DayKind::Booking,
        Ok(KindAsked::Value) => DayKind::Value,
        Err(_) => return Err("`kind` is none of DAY_KIND_BOOKING, DAY_KIND_VALUE"),
    };
    Ok(DayQuery { account, kind, from, until })
}

/// At least one message.
fn day_messages(told: &DayBalances) -> Vec<QueryDayBalancesResponse> {
    let days: Vec<DayBalance> = told
        .days
        .iter()
        .map(|day| DayBalance {
            day: number_of(day.day),
            movements: day.movements,
            debits: Some(sum(day.debits)),
            credits: Some(sum(day.credits)),
            balance: Some(signed_sum(day.balance)),
        })
        .collect();
    let mut messages: Vec<QueryDayBalancesResponse> = days
        .chunks(DAYS)
        .map(|days| QueryDayBalancesResponse { before: None, days: days.to_vec() })
        .collect();
    if messages.is_empty() {
        messages.push(QueryDayBalancesResponse::default());
    }
    if let Some(first) = messages.first_mut() {
        first.before = Some(signed_sum(told.before));
    }
    messages
}

fn account_of(id: Option<&Id>) -> Result<AccountId, &'static str> {
    let account =
        id.map(bits).filter(|bits| *bits != 0).ok_or("`account` is missing: whose are asked for")?;
    Ok(AccountId::from_u128(account))
}

type Day = Option<BusinessDate>;

fn days_of(from: u32, until: u32) -> Result<(Day, Day), &'static str> {
    let from = day_of(u64::from(from)).ok_or("`from` is no day; write 20261122 for 2026-11-22")?;
    let until = day_of(u64::from(until)).ok_or("`until` is no day; write 20261122 for 2026-11-22")?;
    Ok((from, until))
}

fn query_of(request: &QueryHistoryRequest) -> Result<HistoryQuery, &'static str> {
    let account = account_of(request.account.as_ref())?;
    let (from, until) = days_of(request.from, request.until)?;
    let given = |value: u64| (value != 0).then_some(value);
    let side = match Side::try_from(request.side) {
        Ok(Side::Unspecified) => None,
        Ok(Side::Debit) => Some(money::Side::Debit),
        Ok(Side::Credit) => Some(money::Side::Credit),
        Err(_) => return Err("`side` is none of SIDE_UNSPECIFIED, SIDE_DEBIT, SIDE_CREDIT"),
    };
    Ok(HistoryQuery {
        account,
        before: given(request.before),
        limit: PAGE,
        side,
        amount_min: given(request.amount_min),
        amount_max: given(request.amount_max),
        from,
        until,
    })
}

const fn bits(id: &Id) -> u128 {
    (id.high as u128) << 64 | id.low as u128
}

const fn id(bits: u128) -> Id {
    let (high, low) = halves(bits);
    Id { high, low }
}

const fn side(side: money::Side) -> i32 {
    match side {
        money::Side::Debit => Side::Debit as i32,
        money::Side::Credit => Side::Credit as i32,
    }
}

const fn sum(sum: u128) -> Sum {
    let (high, low) = halves(sum);
    Sum { high, low }
}

const fn signed_sum(sum: i128) -> SignedSum {
    SignedSum { high: (sum >> 64) as i64, low: sum as u64 }
}

fn told(balance: &Balance) -> Account {
    let sum = |of: u128| Some(sum(of));
    Account {
        known: true,
        asset: balance.asset.code().to_owned(),
        normal: side(balance.normal),
        debits_posted: sum(balance.debits_posted),
        debits_pending: sum(balance.debits_pending),
        credits_posted: sum(balance.credits_posted),
        credits_pending: sum(balance.credits_pending),
        floor: balance.floor,
        frozen_debits: balance.frozen_debits,
        frozen_credits: balance.frozen_credits,
        closed: balance.closed,
    }
}

fn movement(movement: &contracts::ledger::Movement) -> Movement {
    Movement {
        number: movement.number,
        transfer: Some(id(movement.transfer.as_u128())),
        side: side(movement.side),
        amount: movement.amount,
        balance_after: movement.balance_after,
        counterparty: Some(id(movement.counterparty.as_u128())),
        code: u32::from(movement.code),
        booked_on: number_of(movement.booked_on),
        value_on: number_of(movement.value_on),
        at_ns: u64::try_from(movement.at.as_nanosecond()).unwrap_or(0),
    }
}
