//! Receipts: their font, their page, their verification code.

pub(crate) mod code;
pub(crate) mod font;
pub(crate) mod page;
