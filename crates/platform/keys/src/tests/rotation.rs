//! The master key is exchanged under processes that run, and nothing is lost, found again or let in that should not be.

use std::path::PathBuf;

use sea_orm::{ConnectionTrait, Statement, Value};

use super::*;
use crate::store::rewrap::{self, Exchange};
use crate::{Generation, KeyPlace, Rewrapped, RotateFailed, Rotated, Status};

const FIELD: &str = "customers.phone";

fn subject(at: usize) -> Subject {
    Subject::named(&at.to_string())
}

fn file(store: &Store, name: &str) -> PathBuf {
    store.folder.path().join("keys").join(name)
}

async fn seal(keys: &Keys, from: usize, to: usize) -> Vec<Vec<u8>> {
    let subjects: Vec<Subject> = (from..to).map(subject).collect();
    let made = keys.data_keys(&subjects).await.unwrap();
    (from..to).map(|at| made[&subject(at)].seal(FIELD, at.to_string().as_bytes())).collect()
}

async fn write(store: &Store, sql: &'static str, values: [Value; 2]) {
    let write = store.db.write::<_, sea_orm::DbErr, _>(move |tx| {
        let values = values.clone();
        Box::pin(async move {
            let backend = tx.get_database_backend();
            tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await
        })
    });
    write.await.unwrap();
}

/// Number, what it wraps, newest, retired, in the key file.
fn short(status: &Status) -> Vec<(u32, u64, bool, bool, bool)> {
    let line = |at: &Generation| {
        (at.number, at.wraps, at.is_newest, at.retired_at.is_some(), at.place == Some(KeyPlace::File))
    };
    status.generations.iter().map(line).collect()
}

#[tokio::test]
async fn a_generation_is_made_used_and_ended_under_running_processes() {
    for store in db::testing::stores().await.unwrap() {
        let serving = keys(&store, "bank.key").await.unwrap();
        let sealed = seal(&serving, 0, 1200).await;
        let (hash, mac) = (serving.index("phone", "1"), serving.mac("session", b"1"));
        serving.destroy(subject(7)).await.unwrap();
        let beside = keys(&store, "bank.key").await.unwrap();
        let command = keys(&store, "bank.key").await.unwrap();
        assert_eq!(short(&command.status().await.unwrap()), [(1, 1199, true, false, true)]);
        assert!(matches!(command.retire(1, false).await, Err(RotateFailed::Newest { number: 1 })));
        assert!(matches!(command.retire(2, false).await, Err(RotateFailed::Unknown { number: 2 })));

        assert_eq!(command.rotate(false).await.unwrap(), Rotated { number: 2, in_use: true });
        // One that runs wraps by it from its next key on; another that runs opens that.
        let fresh = seal(&serving, 2000, 2003).await;
        let opened = beside.open_sealed(subject(2002), FIELD, &fresh[2]).await.unwrap();
        assert_eq!(opened, b"2002", "{}", store.name);
        let status = command.status().await.unwrap();
        assert_eq!(short(&status), [(1, 1199, false, false, true), (2, 3, true, false, true)]);
        assert_eq!(status.destroyed, 1);
        assert!(matches!(command.retire(1, true).await, Err(RotateFailed::Used { number: 1 })));

        let rewrapped = command.rewrap().await.unwrap();
        assert_eq!(rewrapped, Rewrapped { number: 2, rewrapped: 1199, damaged: 0 }, "{}", store.name);
        assert_eq!(command.rewrap().await.unwrap().rewrapped, 0);
        command.retire(1, false).await.unwrap();
        assert_eq!(
            short(&command.status().await.unwrap()),
            [(1, 0, false, true, true), (2, 1202, true, false, true)]
        );
        command.retire(1, true).await.unwrap();
        let text = std::fs::read_to_string(file(&store, "bank.key")).unwrap();
        assert!(text.starts_with("yuanhang-keys 2\n") && !text.contains("wrap 1 "), "{}", text.len());

        // One that has not heard of any of it creates no key under what is retired.
        let late = seal(&beside, 3000, 3001).await;
        let started = keys(&store, "bank.key").await.unwrap();
        for keys in [&serving, &beside, &started] {
            assert_eq!(keys.open_sealed(subject(3000), FIELD, &late[0]).await.unwrap(), b"3000");
            for at in [0, 600, 1199] {
                let opened = keys.open_sealed(subject(at), FIELD, &sealed[at]).await.unwrap();
                assert_eq!(opened, at.to_string().as_bytes(), "{}", store.name);
            }
            assert_eq!((keys.index("phone", "1"), keys.mac("session", b"1")), (hash, mac));
            assert!(!keys.destroy(subject(7)).await.unwrap());
            let gone = keys.open_sealed(subject(7), FIELD, &sealed[7]).await;
            assert!(matches!(gone, Err(KeysFailed::Destroyed)), "{}", store.name);
        }
        assert_eq!(command.rotate(false).await.unwrap().number, 3, "numbers are not used again");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rewrapping_is_interrupted_and_customers_come_and_go_meanwhile() {
    for store in db::testing::stores().await.unwrap() {
        let serving = keys(&store, "bank.key").await.unwrap();
        let sealed = seal(&serving, 0, 4000).await;
        let command = keys(&store, "bank.key").await.unwrap();
        command.rotate(false).await.unwrap();
        let life = tokio::spawn({
            let serving = serving.clone();
            async move {
                for at in 0..150 {
                    serving.destroy(subject(at * 20)).await.unwrap();
                    seal(&serving, 5000 + at, 5001 + at).await;
                }
            }
        });
        // Cut off after less and less, as a process that is killed; what was done stays done.
        for patience_ms in [60, 30, 15] {
            let cut = std::time::Duration::from_millis(patience_ms);
            let _ = tokio::time::timeout(cut, command.rewrap()).await;
        }
        let other = keys(&store, "bank.key").await.unwrap();
        let (one, two) = tokio::join!(command.rewrap(), other.rewrap());
        assert_eq!((one.unwrap().damaged, two.unwrap().damaged), (0, 0));
        life.await.unwrap();
        command.rewrap().await.unwrap();
        command.retire(1, true).await.unwrap();

        let started = keys(&store, "bank.key").await.unwrap();
        let status = started.status().await.unwrap();
        assert_eq!(short(&status)[1].1, 4000, "{}: 4000, less 150, and 150", store.name);
        assert_eq!(status.destroyed, 150);
        for (at, sealed) in sealed.iter().enumerate() {
            let opened = started.open_sealed(subject(at), FIELD, sealed).await;
            match at % 20 == 0 && at < 3000 {
                true => assert!(matches!(opened, Err(KeysFailed::Destroyed)), "{}: {at}", store.name),
                false => assert_eq!(opened.unwrap(), at.to_string().as_bytes(), "{}: {at}", store.name),
            }
        }
    }
}

/// A command that began to wrap by what was the newest then, and comes to write when that is already retired.
#[tokio::test]
async fn nothing_is_wrapped_by_what_is_retired() {
    for store in db::testing::stores().await.unwrap() {
        let keys = keys(&store, "bank.key").await.unwrap();
        let sealed = seal(&keys, 0, 1).await;
        keys.rotate(false).await.unwrap();
        let stored = crate::store::load(&store.db, &[subject(0)]).await.unwrap().remove(0);
        let exchange = Exchange { subject: subject(0), old: stored.wrapped.unwrap(), new: vec![1; 45] };
        keys.rotate(false).await.unwrap();
        keys.retire(2, true).await.unwrap();
        let done = rewrap::exchange(&store.db, vec![exchange.clone()], 2).await.unwrap();
        assert_eq!(done, None, "{}", store.name);
        assert_eq!(keys.rewrap().await.unwrap(), Rewrapped { number: 3, rewrapped: 1, damaged: 0 });
        // What was exchanged meanwhile is left as it is.
        let done = rewrap::exchange(&store.db, vec![exchange], 3).await.unwrap();
        assert_eq!(done, Some(0), "{}", store.name);
        let started = super::keys(&store, "bank.key").await.unwrap();
        assert_eq!(started.open_sealed(subject(0), FIELD, &sealed[0]).await.unwrap(), b"0");
    }
}

/// Two machines, each with a copy of the key file of its own.
#[tokio::test]
async fn a_generation_is_prepared_and_copied_before_it_is_used() {
    for store in db::testing::stores().await.unwrap() {
        let here = keys(&store, "here.key").await.unwrap();
        let copy = || std::fs::copy(file(&store, "here.key"), file(&store, "there.key")).unwrap();
        copy();
        let there = keys(&store, "there.key").await.unwrap();
        for _ in 0..2 {
            assert_eq!(here.rotate(true).await.unwrap(), Rotated { number: 2, in_use: false });
        }
        assert_eq!(
            short(&here.status().await.unwrap()),
            [(1, 0, true, false, true), (2, 0, false, false, true)]
        );
        copy();
        assert_eq!(there.rotate(false).await.unwrap(), Rotated { number: 2, in_use: true });
        let sealed = seal(&there, 0, 1).await;
        assert_eq!(here.open_sealed(subject(0), FIELD, &sealed[0]).await.unwrap(), b"0");

        // Not copied: what is wrapped by it does not open there until it is.
        here.rotate(false).await.unwrap();
        let sealed = seal(&here, 1, 2).await;
        let refused = there.open_sealed(subject(1), FIELD, &sealed[0]).await;
        let lacks = |refused: &KeyFileRefused| matches!(refused, KeyFileRefused::Lacks { number: 3, .. });
        assert!(matches!(refused, Err(KeysFailed::KeyFile(refused)) if lacks(&refused)), "{}", store.name);
        let refused = keys(&store, "there.key").await;
        assert!(matches!(refused, Err(OpenFailed::KeyFile(refused)) if lacks(&refused)));
        assert!(matches!(there.rotate(false).await, Err(RotateFailed::KeyFile(refused)) if lacks(&refused)));
        copy();
        assert_eq!(there.open_sealed(subject(1), FIELD, &sealed[0]).await.unwrap(), b"1");

        // Another generation under the same number is not taken for it.
        let text = std::fs::read_to_string(file(&store, "there.key")).unwrap();
        let line = text.lines().find(|line| line.starts_with("wrap 3 ")).unwrap();
        let other = text.replace(line, &format!("wrap 3 {}", "ab".repeat(16)));
        std::fs::write(file(&store, "there.key"), other).unwrap();
        let refused = keys(&store, "there.key").await;
        assert!(matches!(refused, Err(OpenFailed::KeyFile(refused)) if lacks(&refused)));
    }
}

#[tokio::test]
async fn a_damaged_key_is_counted_and_keeps_its_generation() {
    for store in db::testing::stores().await.unwrap() {
        let keys = keys(&store, "bank.key").await.unwrap();
        seal(&keys, 0, 3).await;
        let sql = "UPDATE keys_data_key SET wrapped = $1 WHERE subject = $2";
        let values: [Value; 2] = [vec![1_u8; 45].into(), subject(1).bytes().to_vec().into()];
        write(&store, sql, values).await;
        keys.rotate(false).await.unwrap();
        for rewrapped in [2, 0] {
            assert_eq!(keys.rewrap().await.unwrap(), Rewrapped { number: 2, rewrapped, damaged: 1 });
        }
        assert!(matches!(keys.retire(1, true).await, Err(RotateFailed::Used { .. })), "{}", store.name);
    }
}

/// Tables and key file as the program of before left them.
#[tokio::test]
async fn a_bank_of_before_is_opened_and_rotated() {
    for store in db::testing::stores().await.unwrap() {
        let before = db::Migrations { domain: "keys", steps: &crate::MIGRATIONS.steps[..1] };
        before.apply(&store.db).await.unwrap();
        let path = file(&store, "bank.key");
        let secret = SecretFile { what: "the key file", header: "yuanhang-keys 1", path: &path };
        let ring = Ring::of(&secret.create(secret.fresh().unwrap()).unwrap());
        let key = DataKey::generate(subject(1));
        let sealed = key.seal(FIELD, b"1");
        let (_, wrapped) = ring.get(1).unwrap().wrap(&[key]).await.unwrap().remove(0);
        let master = "INSERT INTO keys_master (fingerprint, created_at) VALUES ($1, $2)";
        write(&store, master, [ring.root.bank.to_vec().into(), 0_i64.into()]).await;
        let row = "INSERT INTO keys_data_key (subject, wrapped, created_at) VALUES ($1, $2, 0)";
        write(&store, row, [subject(1).bytes().to_vec().into(), wrapped.into()]).await;

        let keys = keys(&store, "bank.key").await.unwrap();
        assert_eq!(keys.index("phone", "1"), ring.root.index("phone", b"1"));
        assert_eq!(keys.open_sealed(subject(1), FIELD, &sealed).await.unwrap(), b"1", "{}", store.name);
        assert_eq!(keys.rotate(false).await.unwrap().number, 2);
        assert_eq!(keys.rewrap().await.unwrap().rewrapped, 1);
        keys.retire(1, true).await.unwrap();
        let opened = super::keys(&store, "bank.key").await.unwrap();
        assert_eq!(opened.open_sealed(subject(1), FIELD, &sealed).await.unwrap(), b"1", "{}", store.name);
    }
}

#[test]
fn a_list_of_keys_says_the_same_as_the_secret_and_nothing_else_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.key");
    let made = crate::key_file::create(&path, None).unwrap();
    crate::key_file::replace(&path, &made).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let read = crate::key_file::read_known(&path, None).unwrap();
    assert_eq!(read.root.bank, made.root.bank);
    assert_eq!(read.root.index("phone", b"1"), made.root.index("phone", b"1"));
    assert_eq!(read.root.mac("session", b"1"), made.root.mac("session", b"1"));
    assert_eq!(read.get(1).unwrap().fingerprint(), made.get(1).unwrap().fingerprint());

    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 5);
    for (malformed, at) in [
        (text.replace("keys 2", "keys 22"), 1),
        (text.replace("wrap 1 ", "wrap 0 "), 5),
        (text.replace("wrap 1 ", "wrap x "), 5),
        (text.clone() + lines[4], 6),
        (text.clone() + lines[1], 6),
        (text.clone() + "unwrap 2 00", 6),
        (text.replace(lines[4], ""), 5),
        (lines[..4].join("\n"), 5),
        (lines[..1].join("\n"), 2),
        (text.replace(lines[3], &lines[3][..66]), 4),
        (text.clone() + "root 1 00", 6 + 1),
        (text.clone() + "module 1 " + &"ab".repeat(16), 6),
    ] {
        std::fs::write(&path, &malformed).unwrap();
        let refused = crate::key_file::read(&path, None).map(|_| ()).unwrap_err();
        let malformed = matches!(refused, KeyFileRefused::Malformed { line, .. } if line == at);
        assert!(malformed, "line {at}: {refused}");
    }
}
