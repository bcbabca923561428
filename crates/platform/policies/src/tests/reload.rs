//! Changed files come into force, faulty ones do not.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use clock::{ManualClock, Timestamp};

use super::NO_MINI_PROGRAM;
use crate::{Files, InForce, Settings, Who};

fn write(folder: &Path, files: &Files) {
    for file in files.policies.iter().chain(&files.cases) {
        fs::write(folder.join(&file.name), &file.text).unwrap();
    }
}

/// Whether mini-programs may transfer now.
fn may_transfer(in_force: &InForce) -> bool {
    let who = Who::named("customer").unwrap().with_channel("mini_program").unwrap();
    who.may("payments_transfer", in_force) == crate::May::Yes
}

#[test]
fn changed_files_come_into_force_and_faulty_ones_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    write(path, &Files::embedded());
    fs::write(path.join("README.md"), "not a policy").unwrap();
    fs::write(path.join(".own.cedar.swp"), "half of one").unwrap();
    let clock = Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
    let settings = Settings { folder: Some(path.to_owned()) };
    let in_force = InForce::open(&settings, Arc::clone(&clock) as _).unwrap();
    let later = Timestamp::from_second(60).unwrap();
    clock.set(later);
    in_force.look();
    assert!(may_transfer(&in_force) && in_force.standing().since == Timestamp::UNIX_EPOCH);

    fs::write(path.join("own.cedar"), NO_MINI_PROGRAM).unwrap();
    in_force.look();
    assert!(may_transfer(&in_force), "what is perhaps still being written waits for a second look");
    in_force.look();
    assert!(!may_transfer(&in_force), "and is in force then");
    assert_eq!(in_force.standing().since, later);

    fs::write(path.join("own.cedar"), &NO_MINI_PROGRAM[..60]).unwrap();
    (0..4).for_each(|_| in_force.look());
    assert!(!may_transfer(&in_force), "a faulty file leaves the ones before in force");
    let refused = in_force.standing().refused.unwrap().to_string();
    assert!(refused.contains("own.cedar:"), "{refused}");

    fs::remove_dir_all(path).unwrap();
    (0..4).for_each(|_| in_force.look());
    assert!(!may_transfer(&in_force), "so does a folder that is gone");
    assert!(in_force.standing().refused.unwrap().to_string().contains("cannot be read"));

    fs::create_dir(path).unwrap();
    (0..4).for_each(|_| in_force.look());
    assert!(in_force.standing().refused.unwrap().to_string().contains("there are no policies"));

    write(path, &Files::embedded());
    (0..2).for_each(|_| in_force.look());
    assert!(may_transfer(&in_force) && in_force.standing().refused.is_none());
}

#[test]
fn a_fault_that_is_taken_back_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &Files::embedded());
    let settings = Settings { folder: Some(folder.path().to_owned()) };
    let in_force = InForce::open(&settings, Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH))).unwrap();
    fs::write(folder.path().join("own.cedar"), "permit").unwrap();
    (0..2).for_each(|_| in_force.look());
    assert!(in_force.standing().refused.is_some());
    fs::remove_file(folder.path().join("own.cedar")).unwrap();
    in_force.look();
    assert!(in_force.standing().refused.is_none());
}

#[test]
fn a_bank_does_not_start_with_faulty_policies() {
    let clock = || Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { folder: Some(folder.path().to_owned()) };
    assert!(InForce::open(&settings, clock()).is_err(), "there are none");
    fs::write(folder.path().join("own.cedar"), NO_MINI_PROGRAM).unwrap();
    assert!(InForce::open(&settings, clock()).is_ok());
    fs::write(folder.path().join("own.cedar"), [0xff, 0xfe]).unwrap();
    assert!(InForce::open(&settings, clock()).is_err(), "it is no text");
    assert!(InForce::open(&Settings::default(), clock()).is_ok());
}
