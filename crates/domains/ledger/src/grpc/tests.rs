//! The batch interface: what travels, who may call, and what a broken or a slow client meets.

mod calls;
mod wire;
