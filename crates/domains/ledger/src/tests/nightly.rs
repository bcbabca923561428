//! The verification that runs by itself each day.

use std::sync::Arc;
use std::time::Duration;

use clock::{Clock, ManualClock};
use contracts::ledger::Ledger;
use db::JobRun;
use runtime::{House, Outside, Site, StoreAddress};
use sea_orm::ConnectionTrait;

use super::kit::{beginning, start};
use crate::{Settings, service};

/// What became of the latest run, once it is of another day than `not` or has another outcome.
async fn outcome(site: &Site, seen: &Option<JobRun>) -> JobRun {
    let told = async {
        loop {
            let latest = JobRun::latest(&site.db, "ledger.verify").await.unwrap();
            match latest {
                Some(run)
                    if Some(&run) != seen.as_ref() && (run.done_at.is_some() || run.failure.is_some()) =>
                {
                    return run;
                }
                _ => tokio::task::yield_now().await,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), told).await.expect("the job runs")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_day_the_journal_is_verified_and_damage_is_told() {
    for store in db::testing::stores().await.unwrap() {
        let clock = Arc::new(ManualClock::new(start()));
        let address = match store.name {
            "sqlite" => StoreAddress::Sqlite,
            _ => StoreAddress::Postgres(store.address.clone()),
        };
        let folder = store.folder.path();
        let site = Site::new(store.db.clone(), Arc::clone(&clock) as Arc<dyn Clock>, folder, address, "this");
        site.offer(Arc::new(Settings::default()));
        let (house, _) = House::start(&[service()], Outside::default(), &site).await.unwrap();
        let ledger = site.need::<dyn Ledger>().unwrap();
        for done in ledger.submit(beginning(6)).await.unwrap() {
            done.unwrap();
        }
        let first = outcome(&site, &None).await;
        assert_eq!((first.tries, first.begun_at), (0, None), "a new bank owes nothing");

        clock.advance(Duration::from_secs(86_400));
        let well = outcome(&site, &Some(first)).await;
        assert!(well.done_at.is_some() && well.failure.is_none(), "{well:?}");
        if site.is_shared() {
            let edit = "UPDATE ledger_record SET epoch = epoch + 1 WHERE sequence = 1";
            store.db.reader().execute_unprepared(edit).await.unwrap();
            clock.advance(Duration::from_secs(86_400));
            let found = outcome(&site, &Some(well)).await;
            let why = found.failure.unwrap_or_default();
            assert!(found.done_at.is_none() && why.contains("does not verify: record 1"), "{why}");
        }
        house.stop().await;
    }
}
