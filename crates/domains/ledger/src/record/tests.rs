//! The format, byte for byte, and what is refused.

use contracts::ledger::{Act, Command, Limits, OpenAccount, Refusal, Transfer};
use ids::TransferId;
use money::Side;

use super::*;
use crate::model::{Batch, Did, Effect, Executed, Holding, Posting};
use crate::tests::kit::{account, cny, command};

/// One entry of every kind.
fn every_entry(format: u16) -> Vec<Entry> {
    let executed = |command: Command, effect| {
        let booked_on = match &effect {
            Effect::HoldPosted(posting) | Effect::Posted(posting) => posting.booked_on,
            Effect::Held(holding) => holding.booked_on,
            _ => {
                if format == 1 {
                    0
                } else {
                    20_777
                }
            }
        };
        let (id, linked) = (command.id, command.linked);
        let digest = (format == 1 || linked).then_some(0x1122_3344_5566_7788);
        let did = match (&effect, &command.act) {
            (Effect::Posted(posting), Act::Transfer(transfer)) if format > 1 => Did::Posted {
                posting: *posting,
                counts: transfer.counts_toward_limits,
                names_booking: transfer.booked_on.is_some(),
                names_value: transfer.value_on.is_some(),
            },
            _ => Did::Other { act: command.act, effect },
        };
        Entry::Executed(Executed { id, linked, digest, booked_on, did })
    };
    let voided = if format == 1 { [u32::MAX; 2] } else { [0, 1] };
    let transfer = Transfer {
        debit: account(0x0A),
        credit: account(0x0B),
        amount: 12_345,
        hold_until: None,
        code: 40,
        booked_on: Some("2026-11-21".parse().unwrap()),
        value_on: None,
        counts_toward_limits: true,
    };
    let posting = Posting {
        debit: 0,
        credit: 1,
        amount: 12_345,
        code: 40,
        booked_on: 20_778,
        value_on: 20_779,
        debit_movement: 3,
        credit_movement: 4,
        debit_balance: -5,
        credit_balance: 12_350,
    };
    let hold = Transfer { hold_until: Some("2027-01-01T00:00:00Z".parse().unwrap()), ..transfer.clone() };
    let open = OpenAccount {
        account: account(0x0A),
        asset: cny(),
        normal: Side::Credit,
        kind: 1,
        floor: Some(-100),
        limits: Limits { per_transfer: Some(1), per_day: None, per_month: Some(u64::MAX) },
    };
    let account = account(0x0A);
    vec![
        executed(command(1, Act::RegisterAsset { asset: cny(), scale: 2 }), Effect::AssetRegistered),
        executed(command(2, Act::OpenAccount(open)), Effect::AccountOpened(0)),
        executed(command(3, Act::SetFloor { account, floor: None }), Effect::AccountChanged(0)),
        executed(
            command(4, Act::SetLimits { account, limits: Limits::default() }),
            Effect::AccountChanged(0),
        ),
        executed(
            command(5, Act::SetFreeze { account, debits: true, credits: false }),
            Effect::AccountChanged(0),
        ),
        executed(command(6, Act::CloseAccount { account }), Effect::Refused(Refusal::AccountNotEmpty)),
        executed(Command { linked: true, ..command(7, Act::Transfer(transfer)) }, Effect::Posted(posting)),
        executed(
            command(8, Act::Transfer(hold)),
            Effect::Held(Holding { debit: 0, credit: 1, booked_on: 20_778 }),
        ),
        executed(
            command(9, Act::PostHold { hold: TransferId::from_u128(8), amount: Some(7) }),
            Effect::HoldPosted(posting),
        ),
        executed(
            command(10, Act::VoidHold { hold: TransferId::from_u128(8) }),
            Effect::HoldVoided { debit: voided[0], credit: voided[1] },
        ),
        executed(
            command(11, Act::AdvanceBusinessDate { to: "2026-11-22".parse().unwrap() }),
            Effect::DateAdvanced,
        ),
        Entry::Expired { hold: TransferId::from_u128(8) },
    ]
}

fn golden(text: &str) -> Vec<u8> {
    hex::decode(text.split_whitespace().collect::<String>()).unwrap()
}

/// A journal of format 1 must be readable for ever: these bytes never change.
#[test]
fn format_1_is_read_for_ever() {
    let (head, hash, entries) = open(&golden(include_str!("golden_1.hex"))).unwrap();
    assert_eq!(hex::encode(hash), "6b4a4ec93ad8811fb2eb6c974792ef1b8b26b537512f39b5ac3a55dee8e2d60e");
    assert_eq!((head.format, head.epoch, head.sequence, head.previous), (1, 7, 42, [0xAB; 32]));
    assert_eq!(entries, every_entry(1));
    assert_eq!(head.last_at(), head.at + 11);
    let bytes = golden(include_str!("golden_1.hex"));
    let opened = Opened::try_new(&bytes).unwrap();
    assert_eq!(opened.entry(7).unwrap().as_ref(), entries.get(7));
    assert_eq!(opened.entry(12).unwrap(), None);
}

fn of_every_entry(algorithm: Algorithm) -> Sealed {
    let batch = Batch::of(42, 1_795_312_800_000_000_000, 20_777, &every_entry(2));
    seal(algorithm, 7, [0xAB; 32], &batch)
}

/// Likewise. A new layout gets a new format version and a test of its own.
#[test]
fn format_2_is_golden() {
    let sealed = of_every_entry(Algorithm::Sm3);
    assert_eq!(hex::encode(&sealed.bytes), hex::encode(golden(include_str!("golden_2.hex"))));
    let (head, hash, entries) = open(&sealed.bytes).unwrap();
    assert_eq!(hash, sealed.hash);
    assert_eq!(hex::encode(hash), "278572158ab4aaad13970c521c4e71e00fd1664b0d44a34bc81baad688da008e");
    assert_eq!((head.epoch, head.sequence, head.previous, head.date), (7, 42, [0xAB; 32], 20_777));
    assert_eq!(entries, every_entry(2));
    assert_eq!(head.last_at(), head.at + 11);
}

/// Entries are found by their place, in whatever chunk they stand.
#[test]
fn an_entry_is_read_by_itself() {
    let entries: Vec<Entry> = every_entry(2).into_iter().cycle().take(1_000).collect();
    let sealed = seal(Algorithm::Sm3, 1, [0; 32], &Batch::of(1, 1, 20_777, &entries));
    let opened = Opened::try_new(&sealed.bytes).unwrap();
    assert_eq!(opened.ends.len(), 32);
    for (place, entry) in (0_u32..).zip(&entries) {
        assert_eq!(opened.entry(place).unwrap().as_ref(), Some(entry));
    }
    assert_eq!(opened.entry(1_000).unwrap(), None);
}

#[test]
fn every_refusal_has_its_own_code() {
    for code in 1..=32 {
        let entry = Entry::Executed(Executed {
            id: TransferId::from_u128(1),
            linked: false,
            digest: None,
            booked_on: 5,
            did: Did::Other {
                act: Act::VoidHold { hold: TransferId::from_u128(2) },
                effect: Effect::Refused(crate::model::refusal_from_code(code).unwrap()),
            },
        });
        let batch = Batch::of(1, 1, 5, std::slice::from_ref(&entry));
        assert_eq!(open(&seal(Algorithm::Sha256, 1, [0; 32], &batch).bytes).unwrap().2, [entry]);
    }
    assert_eq!(crate::model::refusal_from_code(33), None);
}

#[test]
fn what_is_newer_or_unknown_is_refused_by_name() {
    let sealed = seal(Algorithm::Sm3, 1, [0; 32], &Batch::of(1, 1, 0, &[]));
    let with = |at: usize, byte: u8| {
        let mut bytes = sealed.bytes.clone();
        bytes[at] = byte;
        open(&bytes).unwrap_err()
    };
    assert_eq!(with(24, 3), Unreadable::Newer { format: 3, logic: 1 });
    assert_eq!(with(26, 9), Unreadable::Newer { format: 2, logic: 9 });
    assert!(with(26, 9).to_string().contains("use the newer program"));
    assert_eq!(with(27, 3), Unreadable::AlgorithmUnknown(3));
    assert_eq!(with(0, 3), Unreadable::NotARecord);
    assert_eq!(with(5, b'x'), Unreadable::NotARecord);
    assert_eq!(open(&[]).unwrap_err(), Unreadable::NotARecord);
}

/// Every flip of every bit is seen: the bytes no longer open, or they hash to something else.
#[test]
fn no_bit_of_a_record_is_unguarded() {
    for algorithm in [Algorithm::Sm3, Algorithm::Sha256] {
        let sealed = of_every_entry(algorithm);
        for at in 0..sealed.bytes.len() {
            for bit in 0..8 {
                let mut bytes = sealed.bytes.clone();
                bytes[at] ^= 1 << bit;
                assert!(
                    open(&bytes).map_or(true, |(_, hash, _)| hash != sealed.hash),
                    "byte {at}, bit {bit}"
                );
            }
        }
        for end in 0..sealed.bytes.len() {
            assert!(
                open(&sealed.bytes[..end]).map_or(true, |(_, hash, _)| hash != sealed.hash),
                "cut at {end}"
            );
        }
    }
}
