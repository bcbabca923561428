//! The history on its own, in small pieces.

mod blocks;
mod damage;
mod days;
mod oracle;
mod random;
mod speed;
