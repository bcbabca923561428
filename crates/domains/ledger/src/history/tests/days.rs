//! Day blocks: what is packed is what the movements add up to, and no byte of it can change unseen.

use std::collections::BTreeMap;

use money::Side;

use super::blocks::{Random, some_movements};
use crate::history::Moved;
use crate::history::block::Block;
use crate::history::days::{DayPacker, DayUnpacker};

fn packed(movements: &[Moved], bytes_max: usize) -> Vec<Block> {
    let mut packer = DayPacker::new(7, bytes_max);
    let mut blocks = vec![];
    movements.iter().for_each(|moved| packer.push(moved, &mut blocks));
    packer.finish(&mut blocks);
    let count = blocks.len();
    packer.finish(&mut blocks);
    assert_eq!(blocks.len(), count, "nothing is left");
    blocks
}

/// Account, booking day and value day; movements, debits, credits.
type Sums = BTreeMap<(u32, i32, i32), (u64, u128, u128)>;

fn unpacked(blocks: &[Block]) -> Result<Sums, crate::history::Damaged> {
    let mut sums = Sums::new();
    let mut last = None;
    for block in blocks {
        let mut unpacker = DayUnpacker::try_new(block)?;
        while let Some((account, day)) = unpacker.next()? {
            let (booked_on, value_on) = day.key();
            let key = (account, booked_on, value_on);
            assert!(last.is_none_or(|last| last < key), "in order, each once");
            last = Some(key);
            sums.insert(key, (day.movements, day.debits, day.credits));
        }
    }
    Ok(sums)
}

#[test]
fn days_are_what_movements_add_up_to() {
    let mut random = Random(20_261_126);
    for bytes_max in [120, 300, 18_380] {
        let movements = some_movements(&mut random, 3_000);
        let mut expected = Sums::new();
        for moved in &movements {
            let sum = expected.entry((moved.account, moved.booked_on, moved.value_on)).or_default();
            sum.0 += 1;
            *(if moved.side == Side::Debit { &mut sum.1 } else { &mut sum.2 }) += u128::from(moved.amount);
        }
        let large = |sum: &&(u64, u128, u128)| sum.1.max(sum.2) > u128::from(u64::MAX);
        assert!(expected.values().filter(large).count() > 20, "sums beyond 64 bits come about");
        let blocks = packed(&movements, bytes_max);
        assert!(blocks.iter().all(|block| block.bytes.len() <= bytes_max), "{bytes_max}");
        assert!(unpacked(&blocks).unwrap() == expected, "{bytes_max}");
    }
}

#[test]
fn a_flip_of_any_bit_of_a_block_of_days_is_found() {
    let block = packed(&some_movements(&mut Random(5), 40), 18_380).remove(0);
    for at in 0..block.bytes.len() * 8 {
        let mut flipped = block.clone();
        flipped.bytes[at / 8] ^= 1 << (at % 8);
        assert!(unpacked(&[flipped]).is_err(), "bit {at}");
    }
    for bit in 0..63 {
        let run = Block { run: block.run ^ 1 << bit, ..block.clone() };
        let account = Block { account: block.account ^ 1 << bit, ..block.clone() };
        assert!(unpacked(&[run]).is_err() && unpacked(&[account]).is_err(), "bit {bit} of the key");
    }
    for len in 0..block.bytes.len() {
        let cut = Block { bytes: block.bytes[..len].to_vec(), ..block.clone() };
        assert!(unpacked(&[cut]).is_err(), "cut after {len}");
    }
}
