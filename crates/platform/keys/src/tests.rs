//! Tampering, and the life of a data key on both databases.

mod known_answers;
mod rotation;
mod second_implementation;

use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use clock::{ManualClock, Timestamp};
use db::testing::Store;
use proptest::prelude::*;

use crate::cache::Cache;
use crate::cipher::DataKey;
use crate::ring::Ring;
use crate::wrapping::{FileKey, Wrapping};
use crate::{KeyFileRefused, Keys, KeysFailed, OVERHEAD, OpenFailed, SecretFile, SecretFileRefused, Subject};

proptest! {
    #[test]
    fn what_is_sealed_opens_here_and_nowhere_else(
        plain in proptest::collection::vec(any::<u8>(), 0..200),
        field in "[a-z.]{1,20}",
        at in any::<proptest::sample::Index>(),
        flip in 1..=255_u8,
    ) {
        let key = DataKey::generate(Subject::named("a"));
        let sealed = key.seal(&field, &plain);
        prop_assert_eq!(sealed.len(), plain.len() + OVERHEAD);
        prop_assert_eq!(key.open(&field, &sealed).unwrap(), plain.clone());
        prop_assert_ne!(key.seal(&field, &plain), sealed.clone());

        let mut changed = sealed.clone();
        changed[at.index(sealed.len())] ^= flip;
        prop_assert!(key.open(&field, &changed).is_err());
        prop_assert!(key.open(&field, &sealed[..at.index(sealed.len())]).is_err());
        let other_field = field.clone() + "x";
        prop_assert!(key.open(&other_field, &sealed).is_err());
        prop_assert!(DataKey::generate(Subject::named("a")).open(&field, &sealed).is_err());
    }

    #[test]
    fn a_wrapped_key_belongs_to_one_subject_and_one_generation(secret: [u8; 16], other: [u8; 16]) {
        prop_assume!(secret != other);
        let [wrapping, other] = [secret, other].map(|secret| FileKey(secret.into()));
        let key = DataKey::generate(Subject::named("a"));
        let wrapped = wrapping.wrap(&key);
        let sealed = key.seal("f", b"x");
        let unwrapped = wrapping.unwrap(Subject::named("a"), &wrapped).unwrap();
        prop_assert_eq!(unwrapped.open("f", &sealed).unwrap(), b"x");
        prop_assert!(wrapping.unwrap(Subject::named("b"), &wrapped).is_none());
        prop_assert!(other.unwrap(Subject::named("a"), &wrapped).is_none());
        prop_assert_ne!(Wrapping::File(other).fingerprint(), Wrapping::File(wrapping).fingerprint());
    }
}

#[test]
fn hashes_for_lookup_are_apart_by_field_and_purpose() {
    let root = Ring::of(&[7; 32]).root;
    assert_eq!(root.index("phone", b"1"), root.index("phone", b"1"));
    let all = [
        root.index("phone", b"1"),
        root.index("phone1", b""),
        root.index("phone", b"2"),
        root.mac("phone", b"1"),
        Ring::of(&[8; 32]).root.index("phone", b"1"),
    ];
    for (at, one) in all.iter().enumerate() {
        assert!(all.iter().skip(at + 1).all(|other| other != one));
    }
}

#[test]
fn the_cache_stays_within_its_bound() {
    let cache = Cache::with_capacity(10, None);
    let subject = |at: usize| Subject::named(&at.to_string());
    for at in 0..100 {
        cache.put(0, subject(at), DataKey::generate(subject(at)));
        assert!(cache.get(subject(0)).is_some(), "a key in use stays");
        assert!(cache.len() <= 10);
    }
    let before = cache.generation();
    cache.forget(subject(0));
    cache.put(before, subject(0), DataKey::generate(subject(0)));
    assert!(cache.get(subject(0)).is_none(), "a key read before it was destroyed does not come back");
}

async fn keys(store: &Store, file: &str) -> Result<Keys, OpenFailed> {
    let clock = Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
    Keys::open(&store.db, &store.folder.path().join("keys").join(file), clock).await
}

#[tokio::test]
async fn a_data_key_lives_until_it_is_destroyed() {
    for store in db::testing::stores().await.unwrap() {
        let first = keys(&store, "local.key").await.unwrap();
        let (alice, bob) = (Subject::named("alice"), Subject::named("bob"));
        let sealed = first.seal(alice, "customers.phone", b"13800000000").await.unwrap();
        let hash = first.index("phone", "13800000000");

        // Another process opens the same with the same file.
        let second = keys(&store, "local.key").await.unwrap();
        assert_eq!(second.open_sealed(alice, "customers.phone", &sealed).await.unwrap(), b"13800000000");
        assert_eq!(second.index("phone", "13800000000"), hash);
        let elsewhere = second.open_sealed(alice, "customers.name", &sealed).await;
        assert!(matches!(elsewhere, Err(KeysFailed::Damaged)));
        assert!(matches!(second.open_sealed(bob, "f", &sealed).await, Err(KeysFailed::Unknown)));

        assert!(second.destroy(alice).await.unwrap(), "{}", store.name);
        assert!(!second.destroy(alice).await.unwrap());
        assert!(!second.destroy(bob).await.unwrap());
        for subject in [alice, bob] {
            assert!(matches!(second.seal(subject, "f", b"x").await, Err(KeysFailed::Destroyed)));
            let opened = second.open_sealed(subject, "customers.phone", &sealed).await;
            assert!(matches!(opened, Err(KeysFailed::Destroyed)));
        }
    }
}

#[tokio::test]
async fn many_keys_come_in_one_go_and_racing_creators_agree() {
    for store in db::testing::stores().await.unwrap() {
        let keys = keys(&store, "local.key").await.unwrap();
        let subjects: Vec<Subject> = (0..1234).map(|at| Subject::named(&format!("s{at}"))).collect();
        assert!(keys.known_keys(&subjects).await.unwrap().is_empty());
        keys.destroy(subjects[7]).await.unwrap();

        let tasks: Vec<_> = (0..4)
            .map(|_| {
                let (keys, subjects) = (keys.clone(), subjects.clone());
                tokio::spawn(async move { keys.data_keys(&subjects).await.unwrap() })
            })
            .collect();
        let mut made = Vec::new();
        for task in tasks {
            made.push(task.await.unwrap());
        }
        assert!(made.iter().all(|keys| keys.len() == 1233 && !keys.contains_key(&subjects[7])));
        for subject in [subjects[0], subjects[600], subjects[1233]] {
            let sealed = made[0][&subject].seal("f", b"x");
            assert!(made.iter().all(|keys| keys[&subject].open("f", &sealed).is_ok()), "{}", store.name);
        }
        assert_eq!(keys.known_keys(&subjects).await.unwrap().len(), 1233);
    }
}

#[tokio::test]
async fn the_key_file_is_made_once_and_guarded() {
    let store = db::testing::sqlite().await.unwrap();
    keys(&store, "local.key").await.unwrap();
    let path = store.folder.path().join("keys/local.key");
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(text.starts_with("yuanhang-keys 1\n") && text.trim_end().len() == 16 + 64, "{}", text.len());

    let refused = |opened: Result<Keys, OpenFailed>| match opened {
        Err(OpenFailed::KeyFile(refused)) => refused,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it opened"),
    };
    let missing = refused(keys(&store, "elsewhere.key").await);
    assert!(matches!(missing, KeyFileRefused::Missing { .. }), "{missing}");

    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let open = refused(keys(&store, "local.key").await);
    assert!(matches!(open, KeyFileRefused::File(SecretFileRefused::TooOpen { mode: 0o640, .. })), "{open}");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();

    let digits = text.lines().nth(1).unwrap();
    for malformed in ["", "yuanhang-keys 1\n", "yuanhang-keys 1\nzz", &format!("yuanhang-keys 3\n{digits}\n")]
    {
        std::fs::write(&path, malformed).unwrap();
        let refused = refused(keys(&store, "local.key").await);
        assert!(
            matches!(refused, KeyFileRefused::File(SecretFileRefused::Malformed { .. })),
            "{malformed}: {refused}"
        );
    }
    std::fs::write(&path, format!("yuanhang-keys 1\n{}\n", "ab".repeat(32))).unwrap();
    let other = refused(keys(&store, "local.key").await);
    assert!(matches!(other, KeyFileRefused::Other { .. }), "{other}");

    std::fs::write(&path, &text).unwrap();
    assert!(keys(&store, "local.key").await.is_ok());
}

/// Two processes of one bank that start at once without a key file must not each have their own.
#[test]
fn who_makes_a_secret_at_once_is_given_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys").join("bank.key");
    for _ in 0..20 {
        let secrets: Vec<_> = std::thread::scope(|scope| {
            let make = || {
                let file = SecretFile { what: "the key file", header: "yuanhang-keys 1", path: &path };
                file.create(file.fresh().unwrap()).unwrap()
            };
            let makers: Vec<_> = (0..4).map(|_| scope.spawn(make)).collect();
            makers.into_iter().map(|maker| maker.join().unwrap()).collect()
        });
        assert!(secrets.windows(2).all(|pair| pair[0] == pair[1]));
        let left = std::fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(left, 1, "nothing but the file is left");
        std::fs::remove_file(&path).unwrap();
    }
}
