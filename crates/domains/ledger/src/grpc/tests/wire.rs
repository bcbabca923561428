//! Rows read and written by hand are the messages of `proto/ledger.proto`.

use contracts::ledger::{Act, Command, Receipted, Refusal};
use prost::Message;

use crate::grpc::codec::{Incoming, Outgoing};
use crate::grpc::generated::{Kind, Transfer, TransferResult, TransferStatus};
use crate::grpc::rows::{Batch, Results};
use crate::grpc::wire::put_short;
use crate::refusal;
use crate::tests::kit::{account, id, transfer};

const ID: u128 = 0x0199_e0c2_6c5e_7d5a_9a3c_3f0d_6a1b_2c3d;
const HOLD: u128 = 7 << 64 | 9;

/// The list of messages that is the only field of request and answer.
fn listed<M: Message>(messages: &[M]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for message in messages {
        prost::encoding::message::encode(1, message, &mut bytes);
    }
    bytes
}

fn row() -> Transfer {
    Transfer {
        id_high: (ID >> 64) as u64,
        id_low: ID as u64,
        debit_low: 11,
        credit_high: 1,
        credit_low: 12,
        amount: 300,
        code: 40,
        ..Transfer::default()
    }
}

fn command(act: Act) -> Command {
    Command { id: id(ID), act, linked: false }
}

fn expected() -> contracts::ledger::Transfer {
    contracts::ledger::Transfer { credit: account(1 << 64 | 12), code: 40, ..transfer(11, 12, 300) }
}

/// One row as the schema writes it, and as the ledger understands it: bytes agree in both directions.
fn check(row: Transfer, command: Command) {
    let bytes = listed(&[row, row]);
    let batch = Batch(vec![command.clone(), command]);
    assert_eq!(Batch::read(&bytes).as_ref(), Ok(&batch));
    let mut written = Vec::new();
    batch.write(&mut written);
    assert_eq!(written, bytes);
}

#[test]
fn rows_are_what_the_schema_says() {
    check(row(), command(Act::Transfer(expected())));
    let full = contracts::ledger::Transfer {
        amount: u64::MAX,
        hold_until: Some("2026-12-01T00:00:00Z".parse().unwrap()),
        booked_on: Some("2026-11-20".parse().unwrap()),
        value_on: Some("2026-11-21".parse().unwrap()),
        counts_toward_limits: true,
        ..expected()
    };
    let message = Transfer {
        amount: u64::MAX,
        hold_until_ns: 1_796_083_200_000_000_000,
        booked_on: 20_261_120,
        value_on: 20_261_121,
        counts_toward_limits: true,
        linked: true,
        ..row()
    };
    check(message, Command { linked: true, ..command(Act::Transfer(full)) });
    let of_hold = |kind: Kind, amount| Transfer {
        id_high: (ID >> 64) as u64,
        id_low: ID as u64,
        kind: kind.into(),
        amount,
        hold_high: 7,
        hold_low: 9,
        ..Transfer::default()
    };
    check(of_hold(Kind::PostHold, 0), command(Act::PostHold { hold: id(HOLD), amount: None }));
    check(of_hold(Kind::PostHold, 5), command(Act::PostHold { hold: id(HOLD), amount: Some(5) }));
    check(of_hold(Kind::VoidHold, 0), command(Act::VoidHold { hold: id(HOLD) }));
}

#[test]
fn results_are_what_the_schema_says() {
    let done = Receipted { at: 77, repeated: true, debit_balance: Some(-5), credit_balance: Some(0) };
    let results = Results(vec![
        Ok(done),
        Ok(Receipted { at: 78, repeated: false, debit_balance: None, credit_balance: Some(i64::MIN) }),
        Err(Refusal::InsufficientFunds),
    ]);
    let messages = [
        TransferResult {
            at_ns: 77,
            repeated: true,
            debit_balance: Some(-5),
            credit_balance: Some(0),
            ..TransferResult::default()
        },
        TransferResult { at_ns: 78, credit_balance: Some(i64::MIN), ..TransferResult::default() },
        TransferResult { status: TransferStatus::InsufficientFunds.into(), ..TransferResult::default() },
    ];
    let mut written = Vec::new();
    results.write(&mut written);
    assert_eq!(written, listed(&messages));
    assert_eq!(Results::read(&written), Ok(results));
}

#[test]
fn every_refusal_has_its_number_and_name_in_the_schema() {
    let mut count = 0;
    for number in 1..=u8::MAX {
        let named = TransferStatus::try_from(i32::from(number)).ok();
        let refusal = refusal::of_number(number);
        assert_eq!(named.is_some(), refusal.is_some(), "{number}");
        if let (Some(named), Some(refusal)) = (named, refusal) {
            let (code, zh, en) = refusal::words(refusal);
            assert_eq!(named.as_str_name(), format!("TRANSFER_STATUS_{}", code.to_uppercase()));
            assert_eq!(refusal::number(refusal), number);
            assert!(zh.ends_with('。') && en.ends_with('.'), "{code}");
            count += 1;
        }
    }
    assert_eq!(count, 32);
}

#[test]
fn what_cannot_be_understood_is_refused_by_row_and_field() {
    let second = |change: fn(&mut Transfer)| {
        let mut bad = row();
        change(&mut bad);
        listed(&[row(), bad])
    };
    let with_field_17 = {
        let mut bytes = row().encode_to_vec();
        bytes.extend([17 << 3 & 0x7f | 0x80, 1, 1]);
        let mut message = vec![0x0a, bytes.len() as u8];
        message.extend(bytes);
        message
    };
    let whole = listed(&[row()]);
    for (bytes, words) in [
        (second(|row| (row.id_high, row.id_low) = (0, 0)), "row 1 (the first is 0): `id_high` and `id_low`"),
        (second(|row| row.debit_low = 0), "`debit_high`"),
        (second(|row| (row.credit_high, row.credit_low) = (0, 0)), "`credit_high`"),
        (second(|row| row.code = 0), "`code`"),
        (second(|row| row.code = 65_536), "`code`"),
        (second(|row| row.kind = 3), "`kind`"),
        (second(|row| row.kind = -1), "`kind`"),
        (second(|row| row.hold_low = 1), "`hold_high`"),
        (second(|row| row.kind = 1), "leave the fields of transfers out"),
        (second(|row| row.booked_on = 20_260_230), "`booked_on` is no day"),
        (second(|row| row.value_on = 99), "`value_on` is no day"),
        (second(|row| row.value_on = u32::MAX), "`value_on` is no day"),
        (second(|row| row.hold_until_ns = u64::MAX), "`hold_until_ns`"),
        (with_field_17, "does not have"),
        (whole[..whole.len() - 1].to_vec(), "no `Transfer`"),
        (vec![0x0a, 1, 0xff], "no `Transfer`"),
        (vec![0x12, 0], "send only `transfers`"),
        (vec![0xff; 20], "no `Transfer`"),
        (listed(&vec![row(); 8_191]), "more than 8190 rows"),
    ] {
        let fault = Batch::read(&bytes).unwrap_err();
        assert!(fault.contains(words), "{fault} / {words}");
    }
    assert_eq!(Batch::read(&listed(&vec![row(); 8_190])).unwrap().0.len(), 8_190);
    assert_eq!(Batch::read(&[]), Ok(Batch::default()));
}

#[test]
fn a_message_of_any_length_tells_it() {
    for length in [0, 127, 128, 300, 20_000] {
        let mut written = Vec::new();
        put_short(&mut written, 1, |out| out.resize(out.len() + length, 7));
        let mut expected = vec![0x0a];
        prost::encoding::encode_varint(length as u64, &mut expected);
        expected.resize(expected.len() + length, 7);
        assert_eq!(written, expected, "{length}");
    }
}
