//! A witness behind an HTTP address that comes and goes.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::task::JoinHandle;

use super::super::*;
use crate::journal::memory::MemoryJournal;
use crate::tests::kit::{book_rows, start};

type Taken = Arc<Mutex<Vec<String>>>;

async fn take(State(taken): State<Taken>, line: String) -> StatusCode {
    let mut taken = taken.lock().unwrap();
    if taken.last() != Some(&line) {
        taken.push(line);
    }
    StatusCode::CREATED
}

async fn tell(State(taken): State<Taken>) -> Result<String, StatusCode> {
    taken.lock().unwrap().last().cloned().ok_or(StatusCode::NOT_FOUND)
}

/// An address, and what it was given.
struct Outside {
    port: u16,
    taken: Taken,
    server: Option<JoinHandle<()>>,
    folder: tempfile::TempDir,
}

impl Outside {
    async fn new() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let mut outside = Self { port, taken: Taken::default(), server: None, folder };
        outside.serve(listener);
        outside
    }

    fn serve(&mut self, listener: tokio::net::TcpListener) {
        let router = Router::new().route("/statements", get(tell).post(take));
        let router = router.with_state(Arc::clone(&self.taken));
        self.server = Some(tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }));
    }

    async fn leave(&mut self) {
        if let Some(server) = self.server.take() {
            server.abort();
            let _ = server.await;
        }
    }

    async fn come_back(&mut self) {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", self.port)).await.unwrap();
        self.serve(listener);
    }

    fn settings(&self, with_file: bool, required: bool) -> WitnessSettings {
        WitnessSettings {
            file: with_file.then(|| self.folder.path().join("statements.jsonl")),
            url: Some(format!("http://127.0.0.1:{}/statements", self.port)),
            required,
            ..WitnessSettings::default()
        }
    }

    fn witness(&self, with_file: bool, required: bool) -> Witness {
        Witness::try_new(&self.settings(with_file, required), self.folder.path()).unwrap().unwrap()
    }

    fn taken(&self) -> Vec<u64> {
        let taken = self.taken.lock().unwrap();
        let number = |line: &String| {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            value["number"].as_u64().unwrap()
        };
        taken.iter().map(number).collect()
    }
}

async fn turn(witness: &Witness, length: u64) -> Result<(), Refused> {
    let journal = MemoryJournal::of(book_rows(length, None));
    witness.turn(&journal, journal.head().await.unwrap(), start()).await
}

#[tokio::test]
async fn statements_that_were_not_taken_are_sent_again_in_order() {
    for with_file in [true, false] {
        let mut outside = Outside::new().await;
        let witness = outside.witness(with_file, false);
        turn(&witness, 1).await.unwrap();
        outside.leave().await;
        for length in 2..5 {
            assert!(matches!(turn(&witness, length).await, Err(Refused::NotTaken { number: 2, .. })));
        }
        outside.come_back().await;
        turn(&witness, 4).await.unwrap();
        assert_eq!(outside.taken(), [1, 2, 3, 4]);
    }
}

/// With a file, what the address missed is sent even after another start.
#[tokio::test]
async fn what_the_address_missed_is_in_the_file() {
    let mut outside = Outside::new().await;
    turn(&outside.witness(true, false), 1).await.unwrap();
    outside.leave().await;
    let witness = outside.witness(true, false);
    witness.check(&MemoryJournal::of(book_rows(1, None))).await.unwrap();
    for length in 2..4 {
        assert!(matches!(turn(&witness, length).await, Err(Refused::Unreachable { .. })));
    }
    outside.come_back().await;
    let witness = outside.witness(true, false);
    turn(&witness, 5).await.unwrap();
    assert_eq!(outside.taken(), [1, 2, 3, 4]);
    assert_eq!(witness.verify(&MemoryJournal::of(book_rows(5, None))).await.unwrap(), 4);
    // A file that is lost is begun anew where the address is; one that is rolled back is found.
    let file = outside.folder.path().join("statements.jsonl");
    let whole = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    turn(&outside.witness(true, false), 6).await.unwrap();
    assert_eq!(outside.taken(), [1, 2, 3, 4, 5]);
    std::fs::write(&file, whole).unwrap();
    let refused = outside.witness(true, false).check(&MemoryJournal::of(book_rows(6, None))).await;
    assert!(matches!(refused, Err(Refused::Apart { first: 4, second: 5, .. })), "{refused:?}");
}

#[tokio::test]
async fn a_journal_behind_or_beside_is_found_by_the_address_alone() {
    let mut outside = Outside::new().await;
    turn(&outside.witness(false, false), 8).await.unwrap();
    let check = async |outside: &Outside, rows, required| {
        outside.witness(false, required).check(&MemoryJournal::of(rows)).await
    };
    check(&outside, book_rows(8, None), false).await.unwrap();
    check(&outside, book_rows(9, None), false).await.unwrap();
    let behind = check(&outside, book_rows(7, None), false).await;
    assert!(matches!(behind, Err(Refused::Behind { head: 7, sequence: 8, number: 1, .. })), "{behind:?}");
    let beside = check(&outside, book_rows(12, Some((5, 1))), false).await;
    assert!(matches!(beside, Err(Refused::Beside { sequence: 8, number: 1, .. })), "{beside:?}");
    // While it is away, a start is refused where it is required, and else it is asked at each turn.
    outside.leave().await;
    let away = check(&outside, book_rows(7, None), true).await;
    assert!(matches!(away, Err(Refused::Unreachable { .. })), "{away:?}");
    check(&outside, book_rows(7, None), false).await.unwrap();
    let witness = outside.witness(false, false);
    assert!(matches!(turn(&witness, 7).await, Err(Refused::Unreachable { .. })));
    outside.come_back().await;
    assert!(matches!(turn(&witness, 7).await, Err(Refused::Behind { .. })));
    assert_eq!(outside.taken(), [1]);
}

#[tokio::test]
async fn what_is_no_witness_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for url in ["https://127.0.0.1/x", "127.0.0.1:80", "http://", "file:///x"] {
        let settings = WitnessSettings { url: Some(url.to_owned()), ..WitnessSettings::default() };
        assert!(matches!(Witness::try_new(&settings, folder.path()), Err(Refused::Url(_))), "{url}");
    }
    assert!(Witness::try_new(&WitnessSettings::default(), folder.path()).unwrap().is_none());
    let outside = Outside::new().await;
    outside.taken.lock().unwrap().push("{}".to_owned());
    let refused = outside.witness(false, false).check(&MemoryJournal::default()).await;
    assert!(matches!(refused, Err(Refused::Unsound { .. })), "{refused:?}");
}
