//! What payments are, apart from any store: names and how alike they are, words of a transfer, tries in an hour.

pub(crate) mod name;
pub(crate) mod tries;
pub(crate) mod words;
