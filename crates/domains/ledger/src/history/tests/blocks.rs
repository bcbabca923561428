//! Blocks: what is packed is unpacked again, and no byte of it can change unseen.

use ids::TransferId;
use money::Side;

use crate::history::Moved;
use crate::history::block::{Block, Packer, Unpacker};

/// A sequence of numbers that is the same for a seed.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 ^ (self.0 >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 8
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

pub(super) fn some_movements(random: &mut Random, count: usize) -> Vec<Moved> {
    let extreme = |random: &mut Random| {
        let values = [0, 1, -1, i64::MIN, i64::MAX, 1_000, 123_456_789_000];
        values[random.below(values.len() as u64) as usize]
    };
    let (mut account, mut number, mut balance) = (0_u32, 1_u32, 0_i64);
    let mut all = vec![];
    for _ in 0..count {
        match random.below(4) {
            0 => {
                (account, number) = (account + 1 + random.below(1 << 20) as u32, 1 + random.below(99) as u32);
            }
            1 if random.below(3) == 0 => number += 2 + random.below(3) as u32,
            _ => number += 1,
        }
        let amount = if random.below(9) == 0 { u64::MAX } else { random.below(100_000) };
        balance = match random.below(5) {
            0 => extreme(random),
            1 => balance.wrapping_sub_unsigned(amount),
            _ => balance.wrapping_add_unsigned(amount),
        };
        let booked_on = [0, 20_000, 20_000, 20_001, i32::MIN, i32::MAX][random.below(6) as usize];
        let value_on = if random.below(3) == 0 { extreme(random) as i32 } else { booked_on };
        all.push(Moved {
            account,
            number,
            transfer: TransferId::from_u128(u128::from(random.next()) << 64 | u128::from(random.next())),
            side: if random.below(2) == 0 { Side::Debit } else { Side::Credit },
            amount,
            balance_after: balance,
            counterparty: random.below(1 << 32) as u32,
            code: [1, 1, 1, 9, u16::MAX][random.below(5) as usize],
            booked_on,
            value_on,
            at: extreme(random),
        });
    }
    all
}

fn packed(movements: &[Moved], bytes_max: usize) -> Vec<Block> {
    let mut packer = Packer::new(7, bytes_max);
    let mut blocks: Vec<Block> = movements.iter().filter_map(|moved| packer.push(moved)).collect();
    blocks.extend(packer.finish());
    assert_eq!(packer.finish(), None);
    blocks
}

fn unpacked(block: &Block) -> Result<Vec<Moved>, crate::history::Damaged> {
    let mut unpacker = Unpacker::try_new(block)?;
    let mut all = vec![];
    while let Some(moved) = unpacker.next()? {
        all.push(moved);
    }
    Ok(all)
}

#[test]
fn what_is_packed_is_unpacked_again() {
    let mut random = Random(20_261_126);
    for bytes_max in [120, 300, 1_000, 17_200] {
        let movements = some_movements(&mut random, 2_000);
        let blocks = packed(&movements, bytes_max);
        assert!(blocks.iter().all(|block| block.bytes.len() <= bytes_max), "{bytes_max}");
        assert!(blocks.len() > 2_000 * 30 / bytes_max);
        let again: Vec<Moved> = blocks.iter().flat_map(|block| unpacked(block).unwrap()).collect();
        assert!(again == movements, "{bytes_max}");
    }
}

#[test]
fn a_flip_of_any_bit_of_a_block_or_of_its_key_is_found() {
    let block = packed(&some_movements(&mut Random(5), 12), 17_200).remove(0);
    for at in 0..block.bytes.len() * 8 {
        let mut flipped = block.clone();
        flipped.bytes[at / 8] ^= 1 << (at % 8);
        assert!(unpacked(&flipped).is_err(), "bit {at}");
    }
    for bit in 0..63 {
        let flips = [
            Block { run: block.run ^ 1 << bit, ..block.clone() },
            Block { account: block.account ^ 1 << bit, ..block.clone() },
            Block { number: block.number ^ 1 << bit, ..block.clone() },
        ];
        for flipped in flips {
            assert!(unpacked(&flipped).is_err(), "{flipped:?}");
        }
    }
    for len in 0..block.bytes.len() {
        let cut = Block { bytes: block.bytes[..len].to_vec(), ..block.clone() };
        assert!(unpacked(&cut).is_err(), "cut after {len}");
    }
}
