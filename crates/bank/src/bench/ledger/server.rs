//! The side that is measured: a funded ledger with its listeners.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::task::Poll;

use axum::serve::ListenerExt as _;
use contracts::ledger::{Act, Asset, Command, Ledger, Limits, OpenAccount, Transfer, codes, kinds};
use ids::{AccountId, TransferId};
use ledger::LocalLedger;
use ledger::grpc::Door;
use money::{Currency, Side};
use secrecy::Secret;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::{Dice, account};
use crate::bench::load::Failed;

/// What each account is given, minor units: more than it will ever pay, and little enough for ten million of them.
const FUNDS: u64 = 100_000_000_000;
/// Submissions of the setup on their way at once.
const FUNDING_IN_FLIGHT: usize = 4;

/// Registers the currency, opens the accounts and funds them.
pub(super) async fn fund(ledger: &dyn Ledger, accounts: u64) -> Result<(), Failed> {
    let bank = account(accounts);
    let cny = Asset::from(Currency::CNY);
    let first =
        [Act::RegisterAsset { asset: cny, scale: Currency::CNY.scale() }, open(bank, Side::Debit, cny)];
    let rest = (0..accounts).flat_map(|number| {
        let transfer = Transfer {
            debit: bank,
            credit: account(number),
            amount: FUNDS,
            hold_until: None,
            code: codes::OPENING_BALANCE,
            booked_on: None,
            value_on: None,
            counts_toward_limits: false,
        };
        [open(account(number), Side::Credit, cny), Act::Transfer(transfer)]
    });
    let mut commands =
        first.into_iter().chain(rest).map(|act| Command { id: TransferId::mint(), act, linked: false });
    let mut waiting = VecDeque::new();
    loop {
        let batch: Vec<_> = commands.by_ref().take(ledger::SUBMISSION_MAX).collect();
        let more = !batch.is_empty();
        if more {
            let mut posting = ledger.post(batch);
            // Asked at once, so that the order is that of this list.
            let asked = std::future::poll_fn(|cx| Poll::Ready(posting.as_mut().poll(cx))).await;
            match asked {
                Poll::Ready(receipts) => check(receipts?)?,
                Poll::Pending => waiting.push_back(posting),
            }
        }
        while waiting.len() >= FUNDING_IN_FLIGHT || (!more && !waiting.is_empty()) {
            if let Some(posting) = waiting.pop_front() {
                check(posting.await?)?;
            }
        }
        if !more {
            return Ok(());
        }
    }
}

fn check(receipts: Vec<contracts::ledger::Receipt>) -> Result<(), Failed> {
    receipts.into_iter().try_for_each(|receipt| receipt.map(|_| ())).map_err(Into::into)
}

fn open(account: AccountId, normal: Side, asset: Asset) -> Act {
    let floor = (normal == Side::Credit).then_some(0);
    Act::OpenAccount(OpenAccount {
        account,
        asset,
        normal,
        kind: if normal == Side::Credit { kinds::CURRENT } else { kinds::SETTLEMENT },
        floor,
        limits: Limits::default(),
    })
}

/// Listeners in front of a ledger.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    pub(super) token: String,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Server {
    pub(super) async fn start(ledger: &Arc<LocalLedger>, interface: &str) -> Result<Self, Failed> {
        let token =
            format!("{:016x}{:016x}", Dice::new(std::process::id().into()).roll(), Dice::new(7).roll());
        let (stop, stopped) = oneshot::channel();
        let stopped = async move {
            let _ = stopped.await;
        };
        let ledger = Arc::clone(ledger) as Arc<dyn Ledger>;
        if interface == "http" {
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            let address = listener.local_addr()?;
            let listener = listener.tap_io(|stream| {
                let _ = stream.set_nodelay(true);
            });
            let serving = tokio::spawn(async move {
                tokio::select! {
                    served = axum::serve(listener, ledger::bare_router(ledger)).into_future() => {
                        eprintln!("the listener has ended: {served:?}");
                    }
                    () = stopped => {}
                }
            });
            return Ok(Self { address, token, stop, serving });
        }
        let door = Door::open("127.0.0.1:0", Secret::new(token.clone())).await?;
        let address = door.address()?;
        let queue_commands = ledger::Settings::default().queue_commands;
        let serving = tokio::spawn(async move {
            if let Err(error) = door.serve(ledger, queue_commands, stopped).await {
                eprintln!("the listener has ended: {error}");
            }
        });
        Ok(Self { address, token, stop, serving })
    }

    pub(super) async fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.serving.await;
    }
}

/// Bytes of everything in a data directory.
pub(super) fn bytes(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).map(|metadata| metadata.len()).sum()
}
