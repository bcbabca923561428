//! Stories against whole banks, each on every store that is there: SQLite always, PostgreSQL where the test command
//! started one.
//!
//! One test binary on purpose: a whole bank takes long to link.

#[cfg(test)]
mod access_table;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod configuration;
#[cfg(test)]
mod crawl;
#[cfg(test)]
mod embedded;
#[cfg(test)]
mod erasure;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod firewall;
#[cfg(test)]
mod instances;
#[cfg(test)]
mod key_rotation;
#[cfg(test)]
mod killed;
#[cfg(test)]
mod money_moves;
#[cfg(test)]
mod news;
#[cfg(test)]
mod policies_change;
#[cfg(test)]
mod processes;
#[cfg(test)]
mod raw;
#[cfg(test)]
mod remote;
#[cfg(test)]
mod staff_enroll;
#[cfg(test)]
mod strangers;
#[cfg(test)]
mod third_parties;
#[cfg(test)]
mod traces;
#[cfg(test)]
mod two_books;
#[cfg(test)]
mod two_eyes;
