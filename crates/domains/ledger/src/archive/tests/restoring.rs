//! From segments to a book that goes on.

use crate::archive::{ArchiveFailed, restore};
use crate::hash::Algorithm;
use crate::journal::memory::{Fault, MemoryJournal};
use crate::journal::{Journal as _, Row};
use crate::tests::kit::{Home, beginning, command, do_all, transfer};
use crate::verify::verify;
use contracts::ledger::Act;

use super::kit::{archive, journal, other_book, restored, rows, segments};

/// A hundred random transfers, the same for the same round.
fn round(number: u128) -> Vec<contracts::ledger::Command> {
    let mut random = 0x2026_1122_u128.wrapping_mul(number + 1);
    let mut next = |bound: u128| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 24) % bound
    };
    let mut each = |n: u128| {
        let debit = 2 + next(20);
        let credit = 2 + (debit + next(18)) % 20;
        command(100_000 + number * 1_000 + n, Act::Transfer(transfer(debit, credit, 1 + next(900) as u64)))
    };
    (0..100).map(&mut each).collect()
}

/// On every store: a book that was archived in three parts is restored elsewhere, has the same head and state, and
/// answers the commands of before as it did.
#[tokio::test]
async fn a_restored_book_is_the_book() {
    for (home, elsewhere) in Home::everywhere().await.into_iter().zip(Home::everywhere().await) {
        let ledger = home.open().await;
        do_all(&ledger, beginning(21)).await;
        let mut answers = vec![];
        for n in 0..12 {
            answers.push(do_all(&ledger, round(n)).await);
        }
        ledger.stop().await;
        let folder = db::testing::Folder::try_new().unwrap();
        let stores = home.stores().await.unwrap();
        let head = stores.journal.head().await.unwrap();
        for until in [1, head.sequence - 4, head.sequence] {
            archive(&*stores.journal, until, folder.path()).await;
        }
        let expected = verify(&*stores.journal, Some(&stores.derived)).await.unwrap();
        stores.close().await;

        let stores = elsewhere.stores().await.unwrap();
        let made = restore(&*stores.journal, folder.path()).await.unwrap();
        assert_eq!((made.segments, made.present, made.appended), (3, 0, head.sequence), "{}", home.name);
        assert_eq!(stores.journal.head().await.unwrap(), head);
        let found = verify(&*stores.journal, Some(&stores.derived)).await.unwrap();
        assert_eq!(found.fault, None);
        assert_eq!((&found.head_hash, &found.state_hash), (&expected.head_hash, &expected.state_hash));
        stores.close().await;

        let ledger = elsewhere.open().await;
        for (n, answer) in (0..).zip(&answers) {
            for (again, first) in do_all(&ledger, round(n)).await.iter().zip(answer) {
                match (again, first) {
                    (Ok(again), Ok(first)) => assert!(again.repeated && again.at == first.at),
                    (Err(again), Err(first)) => assert_eq!(again, first),
                    other => panic!("{other:?}"),
                }
            }
        }
        do_all(&ledger, round(99)).await;
        ledger.stop().await;
    }
}

#[tokio::test]
async fn only_what_is_missing_is_appended() {
    let all = rows(9, None);
    let (folder, _) = segments(&journal(9), &[3, 6, 9]).await;
    for present in 0..=9_usize {
        let journal = MemoryJournal::of(all[..present].to_vec());
        let made = restore(&journal, folder.path()).await.unwrap();
        assert_eq!((made.present, made.appended), (present as u64, 9 - present as u64));
        assert_eq!(made.head, journal.head().await.unwrap());
        assert_eq!(journal.rows(), all);
    }
    // A journal that goes on after the last segment lacks nothing.
    let longer = journal(12);
    let made = restore(&longer, folder.path()).await.unwrap();
    assert_eq!((made.present, made.appended), (12, 0));
}

#[tokio::test]
async fn a_journal_of_other_records_is_left_alone() {
    let (folder, _) = segments(&journal(9), &[3, 6, 9]).await;
    let damaged = |record: usize| {
        let mut rows = rows(7, None);
        rows[record - 1].record[100] ^= 1;
        rows
    };
    let gap: Vec<Row> = rows(7, None).into_iter().filter(|row| row.sequence != 4).collect();
    let wrong = [
        (other_book(Algorithm::Sm3, 7).rows(), 1),
        (rows(7, Some((5, 1))), 5),
        (rows(12, Some((9, 1))), 9),
        (rows(2, Some((2, 1))), 2),
        (damaged(1), 1),
        (damaged(6), 6),
        (gap, 4),
    ];
    for (rows, record) in wrong {
        let journal = MemoryJournal::of(rows.clone());
        let refused = restore(&journal, folder.path()).await.unwrap_err();
        assert!(
            matches!(refused, ArchiveFailed::JournalDiffers { sequence, .. } if sequence == record),
            "{record}: {refused}"
        );
        assert_eq!(journal.rows(), rows);
    }
}

#[tokio::test]
async fn segments_may_overlap_where_they_agree() {
    let (folder, _) = segments(&journal(9), &[3, 6, 9]).await;
    for ends in [vec![9], vec![2, 5], vec![4, 7], vec![1], vec![8]] {
        let (_others, others) = segments(&journal(9), &ends).await;
        let newest = others.last().unwrap();
        std::fs::copy(newest, folder.path().join(newest.file_name().unwrap())).unwrap();
        let (made, journal) = restored(folder.path()).await.unwrap();
        assert_eq!(made.appended, 9);
        assert_eq!(journal.rows(), rows(9, None));
    }
}

#[tokio::test]
async fn an_append_that_fails_is_gone_on_from() {
    let (folder, _) = segments(&journal(9), &[3, 9]).await;
    for fault in [Fault::Lost, Fault::Ambiguous] {
        let journal = MemoryJournal::default();
        journal.inject([Fault::None, Fault::None, Fault::None, Fault::None, fault]);
        let refused = restore(&journal, folder.path()).await.unwrap_err();
        assert!(matches!(refused, ArchiveFailed::Append(5, _)), "{refused}");
        let made = restore(&journal, folder.path()).await.unwrap();
        assert_eq!(made.present, if fault == Fault::Lost { 4 } else { 5 });
        assert_eq!(journal.rows(), rows(9, None));
    }
}
