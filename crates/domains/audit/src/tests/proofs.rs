//! Proofs, checked without the bank.

use contracts::audit::Audit as _;

use super::kit::{act, acts, at, benches};
use crate::model::record::Record;
use crate::{Proof, Proved, Unproved, check, prove, prove_growth};

#[tokio::test]
async fn every_record_is_proved_and_nothing_else_is() {
    for bench in benches().await {
        let (reader, key) = (bench.store.db.reader(), bench.witness.public_key());
        bench.recorder.append(acts(0..900)).await.unwrap();
        assert_eq!(prove(reader, 3).await.unwrap(), None, "nothing is signed yet");
        bench.witness.sign(at(900)).await.unwrap();
        bench.recorder.append(acts(900..1_000)).await.unwrap();
        assert_eq!(prove(reader, 900).await.unwrap(), None, "the checkpoint does not speak of it");
        for number in (0..900).step_by(31).chain([255, 256, 511, 768, 899]) {
            let proof = prove(reader, number).await.unwrap().unwrap();
            let text = serde_json::to_string(&proof).unwrap();
            let Ok(Proved::Included(record, checkpoint)) = check(&text, &key) else {
                panic!("{number}: {text}")
            };
            assert_eq!(record, Record::of(number, &act(number)));
            assert_eq!(checkpoint.count, 900);
            let Proof::Inclusion { record, path, checkpoint } = proof else { panic!("{number}") };
            let other = |record: &str, path: &[String], checkpoint: &str| {
                let (record, path, checkpoint) = (record.to_owned(), path.to_vec(), checkpoint.to_owned());
                Proof::Inclusion { record, path, checkpoint }.check(&key)
            };
            assert_eq!(other(&record.replace("done", "d0ne"), &path, &checkpoint), Err(Unproved::Root));
            assert_eq!(other(&record, &path[1..], &checkpoint), Err(Unproved::Root));
            let forged = checkpoint.replace("\"count\":900", "\"count\":901");
            assert!(matches!(other(&record, &path, &forged), Err(Unproved::Checkpoint(_))));
        }
        assert_eq!(check("{}", &key), Err(Unproved::NotAProof));
    }
}

#[tokio::test]
async fn that_a_record_only_grew_is_proved() {
    for bench in benches().await {
        let (reader, key) = (bench.store.db.reader(), bench.witness.public_key());
        let mut next = 0;
        for until in [1, 2, 255, 256, 257, 700, 1_024, 1_300] {
            bench.recorder.append(acts(next..until)).await.unwrap();
            bench.witness.sign(at(until)).await.unwrap();
            next = until;
        }
        for earlier in [1, 2, 255, 256, 257, 700, 1_024, 1_300] {
            let proof = prove_growth(reader, earlier).await.unwrap().unwrap();
            let text = serde_json::to_string(&proof).unwrap();
            let Ok(Proved::Consistent(before, after)) = check(&text, &key) else {
                panic!("{earlier}: {text}")
            };
            assert_eq!((before.count, after.count), (earlier, 1_300));
        }
        assert_eq!(prove_growth(reader, 1_301).await.unwrap(), None);
        let Some(Proof::Consistency { path, earlier, later }) = prove_growth(reader, 700).await.unwrap()
        else {
            panic!("there is one")
        };
        let of_other = prove_growth(reader, 257).await.unwrap().unwrap();
        let Proof::Consistency { earlier: other, .. } = of_other else { panic!("there is one") };
        let swapped = Proof::Consistency { path, earlier: other, later };
        assert_eq!(swapped.check(&key), Err(Unproved::Root));
        drop(earlier);
    }
}
