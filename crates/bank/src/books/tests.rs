//! Books taken over and generated, in a whole bank.

use std::path::Path;
use std::sync::Arc;

use clock::SystemClock;
use contracts::accounts::Right;
use contracts::ledger::{HistoryQuery, codes};
use secrecy::Secret;

use crate::books::{Books, DEMO_PASSWORD, DEMO_PIN, Origin};
use crate::composition::Bank;
use crate::configuration::Configuration;
use crate::{generate, import};

async fn open(folder: &Path) -> (Bank, Books) {
    let configuration = Configuration { data_dir: folder.join("data"), ..Configuration::default() };
    let bank = Bank::open(&configuration, Arc::new(SystemClock)).await.unwrap();
    let books = bank.books().unwrap();
    (bank, books)
}

/// Two clients of one account in the form of the Berka data; the stated balances want the second day reordered,
/// are off by 0.10 once and lose 5.00 once. `movements` is what `trans.asc` holds after its header.
fn source(folder: &Path, movements: &str) {
    let files = [
        ("district.asc", "A1;A2;A3\r\n1;\"Benesov\";\"central Bohemia\"\r\n"),
        ("client.asc", "client_id;birth_number;district_id\r\n1;\"706213\";1\r\n2;\"450204\";1\r\n"),
        ("disp.asc", "disp_id;client_id;account_id;type\r\n1;1;7;\"OWNER\"\r\n2;2;7;\"DISPONENT\"\r\n"),
        ("account.asc", "account_id;district_id;frequency;date\r\n7;1;\"POPLATEK MESICNE\";930101\r\n"),
        (
            "order.asc",
            "order_id;account_id;bank_to;account_to;amount;k_symbol\r\n9;7;\"YZ\";\"123\";12.00;\"SIPO\"\r\n",
        ),
    ];
    for (file, text) in files {
        std::fs::write(folder.join(file), text).unwrap();
    }
    let header = "trans_id;account_id;date;type;operation;amount;balance;k_symbol;bank;account\r\n";
    std::fs::write(folder.join("trans.asc"), format!("{header}{movements}")).unwrap();
}

const MOVEMENTS: &str = "1;7;930101;\"PRIJEM\";\"VKLAD\";10.00;10.00;\"\";;\r\n\
    2;7;930102;\"PRIJEM\";\"VKLAD\";3.00;1.00;\"\";;\r\n\
    3;7;930102;\"VYDAJ\";\"VYBER\";12.00;-2.00;\"\";;\r\n\
    4;7;930131;\"PRIJEM\";\"\";0.30;1.40;\"UROK\";;\r\n\
    5;7;930201;\"PRIJEM\";\"PREVOD Z UCTU\";20.00;26.40;\"DUCHOD\";\"QR\";\"88\"\r\n";

fn options(folder: &Path) -> import::Options {
    import::Options {
        profile: "berka".to_owned(),
        folder: folder.to_owned(),
        password: Secret::new(DEMO_PASSWORD.to_owned()),
        pin: Secret::new(DEMO_PIN.to_owned()),
    }
}

#[tokio::test]
async fn books_taken_over_twice_are_there_once_and_a_damaged_source_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (bank, books) = open(folder.path()).await;

    source(folder.path(), &MOVEMENTS.replace("930102;\"VYDAJ\"", "930230;\"VYDAJ\""));
    let refused = import::run(&books, &options(folder.path())).await.unwrap_err().to_string();
    assert!(refused.contains("trans.asc line 4: `930230` is not a day that exists"), "{refused}");
    assert_eq!(books.ledger.status().await.unwrap().accounts, 0, "nothing was written");

    source(folder.path(), MOVEMENTS);
    for round in 0..2 {
        let report = import::run(&books, &options(folder.path())).await.unwrap();
        let found = (report.rows, report.posted, report.exact, report.off_by_rounding, report.unexplained);
        assert_eq!(found, (5, 5, 3, 1, 1), "round {round}");
        assert_eq!(
            (report.corrections, report.accounts_at_stated_balance, report.standing_orders),
            (2, 1, 1)
        );
        assert_eq!(books.ledger.status().await.unwrap().transfers, 7);
    }

    let origin = Origin::new("berka");
    let day = "1993-01-01".parse().unwrap();
    let account = origin.account(day, "7");
    let history = books.ledger.history(HistoryQuery::newest(account, 10)).await.unwrap();
    let told: Vec<(u16, String, i64)> =
        history.iter().rev().map(|one| (one.code, one.booked_on.to_string(), one.balance_after)).collect();
    let expected = [
        (codes::CASH_DEPOSIT, "1993-01-01", 1_000),
        (codes::CASH_WITHDRAWAL, "1993-01-02", -200),
        (codes::CASH_DEPOSIT, "1993-01-02", 100),
        (codes::INTEREST, "1993-01-31", 130),
        (codes::BALANCE_CORRECTION, "1993-01-31", 140),
        (codes::PENSION, "1993-02-01", 2_140),
        (codes::BALANCE_CORRECTION, "1993-02-01", 2_640),
    ];
    assert_eq!(told, expected.map(|(code, on, balance)| (code, on.to_owned(), balance)));
    let granted = books.accounts.right(origin.customer(day, "2"), account).await.unwrap();
    assert_eq!(granted, Some(Right::Move));
    bank.close().await;
}

#[tokio::test]
async fn a_generated_bank_is_the_same_when_it_is_generated_again() {
    let folder = tempfile::tempdir().unwrap();
    let (bank, books) = open(folder.path()).await;
    let size = generate::Options { customers: 60, months: 3, seed: 4, until: "2026-11-22".parse().unwrap() };
    let plan = generate::plan(size);
    for _ in 0..2 {
        let report = generate::run(&books, &size).await.unwrap();
        assert_eq!(report.digest, plan.digest());
        assert_eq!(books.ledger.status().await.unwrap().transfers, report.transfers);
        assert!(!report.sign_ins.customers.is_empty());
    }
    let first = plan.customers.first().unwrap();
    assert!(books.customers.by_phone(first.phone().unwrap()).await.unwrap().is_some());
    bank.close().await;
}
