//! Against a real module: SoftHSM, which `cargo xtask test` installs.
//!
//! The module is told by its environment where its tokens are. So each test starts itself anew in a process of its own,
//! with a token of its own; nothing is shared, and nobody's environment is changed.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use clock::{ManualClock, Timestamp};
use cryptoki::object::AttributeType;
use db::testing::{Folder, Store};

use super::*;
use crate::{KeyFileRefused, KeyPlace, Keys, KeysFailed, OpenFailed, RotateFailed, Subject};

const LIBRARY: &str = "/usr/lib/softhsm/libsofthsm2.so";
const CONFIGURATION: &str = "SOFTHSM2_CONF";
const ALONE: &str = "YUANHANG_TEST_ALONE";
const PIN: &str = "271828";
const FIELD: &str = "customers.phone";

/// Runs `test`, which is the body of the test `name`, in a process of its own with a fresh token `bank`.
fn alone<T: Future<Output = ()>>(name: &str, test: impl FnOnce() -> T) {
    if std::env::var_os(ALONE).is_some() {
        return tokio::runtime::Runtime::new().unwrap().block_on(test());
    }
    let folder = Folder::try_new().unwrap();
    let (tokens, configuration) = (folder.path().join("tokens"), folder.path().join("softhsm2.conf"));
    std::fs::create_dir(&tokens).unwrap();
    std::fs::write(&configuration, format!("directories.tokendir = {}\n", tokens.display())).unwrap();
    let made = Command::new("softhsm2-util")
        .args(["--init-token", "--free", "--label", "bank", "--so-pin", "314159", "--pin", PIN])
        .env(CONFIGURATION, &configuration)
        .output()
        .expect("the Debian package softhsm2 is needed");
    assert!(made.status.success(), "{made:?}");
    let done = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("module::tests::{name}"), "--nocapture"])
        .env(CONFIGURATION, &configuration)
        .env(ALONE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout) + String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.contains("1 passed"), "{said}");
}

fn address() -> ModuleAddress {
    ModuleAddress {
        library: LIBRARY.into(),
        token: "bank".to_owned(),
        pin: Secret::new(PIN.to_owned()),
        label: "yuanhang".to_owned(),
    }
}

async fn opened() -> Module {
    Module::open(address()).await.unwrap()
}

async fn keys(store: &Store, module: Option<Module>) -> Result<Keys, OpenFailed> {
    let clock = Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
    Keys::open_with(&store.db, &key_file(store), module, clock).await
}

fn key_file(store: &Store) -> std::path::PathBuf {
    store.folder.path().join("keys").join("bank.key")
}

fn names(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().skip(1).filter_map(|line| Some(line.rsplit_once(' ')?.0.to_owned())).collect()
}

#[test]
fn a_key_seals_and_never_leaves() {
    alone("a_key_seals_and_never_leaves", || async {
        let module = opened().await;
        let id = module.generate().unwrap();
        let plain = |text: &str| Zeroizing::new(text.as_bytes().to_vec());
        let sealed = module.seal(id, &[(b"a".to_vec(), plain("1")), (b"b".to_vec(), plain("22"))]).unwrap();
        assert_eq!(sealed.iter().map(Vec::len).collect::<Vec<_>>(), [30, 31]);
        let mut altered = sealed[0].clone();
        altered[14] ^= 1;
        let opened = module.unseal(
            id,
            &[
                (b"a".to_vec(), sealed[0].clone()),
                (b"a".to_vec(), sealed[1].clone()),
                (b"b".to_vec(), sealed[1].clone()),
                (b"a".to_vec(), altered),
                (b"a".to_vec(), sealed[0][..20].to_vec()),
                (b"a".to_vec(), vec![2]),
                (b"a".to_vec(), vec![]),
            ],
        );
        let none = None::<Zeroizing<Vec<u8>>>;
        let expected = [
            Some(plain("1")),
            none.clone(),
            Some(plain("22")),
            none.clone(),
            none.clone(),
            none.clone(),
            none,
        ];
        assert_eq!(opened.unwrap(), expected);

        let other = module.generate().unwrap();
        assert_eq!(module.unseal(other, &[(b"a".to_vec(), sealed[0].clone())]).unwrap(), [None]);
        let kinds = [AttributeType::Extractable, AttributeType::Sensitive, AttributeType::Value];
        let told = module.inner.with(|session| {
            let key = find(session, id)?.unwrap();
            session.get_attributes(key, &kinds)
        });
        assert_eq!(told.unwrap(), [Attribute::Extractable(false), Attribute::Sensitive(true)], "no value");

        module.destroy(id).unwrap();
        module.destroy(id).unwrap();
        let gone = module.unseal(id, &[(b"a".to_vec(), sealed[0].clone())]);
        assert!(matches!(gone, Err(ModuleFailed::Key { .. })), "{gone:?}");
    });
}

#[test]
fn what_cannot_be_opened_says_why() {
    alone("what_cannot_be_opened_says_why", || async {
        let refused = |address| async { Module::open(address).await.err().unwrap().to_string() };
        let library = ModuleAddress { library: "/nowhere/module.so".into(), ..address() };
        assert!(refused(library).await.contains("`/nowhere/module.so` cannot be used"));
        let token = ModuleAddress { token: "other".to_owned(), ..address() };
        assert!(refused(token).await.contains("no token `other`"));
        let pin = ModuleAddress { pin: Secret::new("000000".to_owned()), ..address() };
        let wrong = Module::open(pin).await.err().unwrap();
        assert!(matches!(wrong, ModuleFailed::Refused(Error::Pkcs11(RvError::PinIncorrect, _))), "{wrong:?}");
        opened().await;
    });
}

/// The device began anew under a running bank.
#[test]
fn sessions_that_the_device_forgot_are_opened_anew() {
    alone("sessions_that_the_device_forgot_are_opened_anew", || async {
        let module = opened().await;
        let id = module.generate().unwrap();
        let sealed = module.seal(id, &[(vec![], Zeroizing::new(vec![7]))]).unwrap().remove(0);
        for _ in 0..3 {
            module.inner.library.clone().finalize().unwrap();
            module.inner.library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).unwrap();
            let opened = module.unseal(id, &[(vec![], sealed.clone())]).unwrap();
            assert_eq!(opened, [Some(Zeroizing::new(vec![7]))]);
        }
    });
}

#[test]
fn a_bank_moves_into_its_module_and_out_again() {
    alone("a_bank_moves_into_its_module_and_out_again", || async {
        let module = opened().await;
        for store in db::testing::stores().await.unwrap() {
            let without = keys(&store, None).await.unwrap();
            let with = keys(&store, Some(module.clone())).await.unwrap();
            let subjects: Vec<Subject> = (0..700).map(|at| Subject::named(&format!("s{at}"))).collect();
            let made = with.data_keys(&subjects).await.unwrap();
            let sealed = made[&subjects[699]].seal(FIELD, b"13800000000");
            let (hash, mac) = (with.index("phone", "1"), with.mac("session", b"1"));
            let nowhere = without.rotate_in(KeyPlace::Module, false).await;
            assert!(matches!(nowhere, Err(RotateFailed::NoModule)));

            assert_eq!(with.rotate(false).await.unwrap().number, 2);
            assert_eq!(names(&key_file(&store)), ["bank", "root 2", "wrap 1", "module 2"], "{}", store.name);
            let new = with.seal(Subject::named("new"), FIELD, b"x").await.unwrap();
            let refused = without.open_sealed(Subject::named("new"), FIELD, &new).await;
            assert!(
                matches!(refused, Err(KeysFailed::KeyFile(KeyFileRefused::Sealed { .. }))),
                "{}: {refused:?}",
                store.name
            );
            let done = with.rewrap().await.unwrap();
            assert_eq!((done.rewrapped, done.damaged), (700, 0), "{}", store.name);
            with.retire(1, true).await.unwrap();
            assert_eq!(names(&key_file(&store)), ["bank", "root 2", "module 2"], "no secret is left in it");

            let refused = keys(&store, None).await;
            assert!(matches!(refused, Err(OpenFailed::KeyFile(KeyFileRefused::Sealed { .. }))));
            // Within the module, and out of it: each time with a process that starts anew.
            for (place, number) in [(KeyPlace::Module, 3), (KeyPlace::File, 4)] {
                let keys = keys(&store, Some(module.clone())).await.unwrap();
                assert_eq!(keys.open_sealed(subjects[699], FIELD, &sealed).await.unwrap(), b"13800000000");
                assert_eq!((keys.index("phone", "1"), keys.mac("session", b"1")), (hash, mac));
                assert_eq!(keys.rotate_in(place, false).await.unwrap().number, number);
                assert_eq!(keys.rewrap().await.unwrap().rewrapped, 701, "{}", store.name);
                keys.retire(number - 1, true).await.unwrap();
            }
            assert_eq!(names(&key_file(&store)), ["bank", "index", "mac", "wrap 4"], "{}", store.name);
            let out = keys(&store, None).await.unwrap();
            assert_eq!(out.open_sealed(subjects[699], FIELD, &sealed).await.unwrap(), b"13800000000");
            assert_eq!((out.index("phone", "1"), out.mac("session", b"1")), (hash, mac));
        }
        let left = module.inner.with(|session| session.find_objects(&[Attribute::Private(true)]));
        assert_eq!(left.unwrap(), [], "what was erased is gone from the module");
    });
}

#[test]
fn a_new_bank_begins_in_its_module() {
    alone("a_new_bank_begins_in_its_module", || async {
        let module = opened().await;
        for store in db::testing::stores().await.unwrap() {
            crate::MIGRATIONS.apply(&store.db).await.unwrap();
            let (one, two) =
                tokio::join!(keys(&store, Some(module.clone())), keys(&store, Some(module.clone())));
            let (one, two) = (one.unwrap(), two.unwrap());
            assert_eq!(names(&key_file(&store)), ["bank", "root 1", "module 1"], "{}", store.name);
            let sealed = one.seal(Subject::named("a"), FIELD, b"x").await.unwrap();
            assert_eq!(two.open_sealed(Subject::named("a"), FIELD, &sealed).await.unwrap(), b"x");
            assert_eq!(one.mac("session", b"1"), two.mac("session", b"1"));
        }
    });
}
