//! Tests of what a relying party takes and refuses: known answers, tables of forgeries, every byte changed once.

mod bytes;
mod config;
mod forge;
mod forged;
mod kit;
mod options;
mod vectors;
mod words;

use crate::Refused;

#[test]
fn codes_are_one_each_and_stable() {
    let mut codes: Vec<&str> = Refused::ALL.iter().map(|refused| refused.code()).collect();
    assert!(codes.iter().all(|code| code.starts_with("passkey_")), "{codes:?}");
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), Refused::ALL.len());
}
