//! Account classes and how many of each a customer may hold (银发〔2015〕392号, 银发〔2016〕302号).

use contracts::accounts::{Class, Right};

/// How it stands in the store and on the wire.
pub(crate) const fn word(class: Class) -> &'static str {
    match class {
        Class::I => "I",
        Class::II => "II",
        Class::III => "III",
    }
}

/// The class of a word.
pub(crate) fn parse(word: &str) -> Option<Class> {
    [Class::I, Class::II, Class::III].into_iter().find(|class| self::word(*class) == word)
}

/// How many open accounts of a class and currency one customer may hold: one of class I (银发〔2016〕261号), five each of
/// classes II and III (银发〔2018〕16号).
pub(crate) const fn held_max(class: Class) -> i64 {
    match class {
        Class::I => 1,
        Class::II | Class::III => 5,
    }
}

/// Whether an account of this class may be opened without the customer being present.
pub(crate) const fn opens_remotely(class: Class) -> bool {
    matches!(class, Class::II | Class::III)
}

/// How a right stands in the store and on the wire.
pub(crate) const fn right_word(right: Right) -> &'static str {
    match right {
        Right::See => "see",
        Right::Move => "move",
        Right::Own => "own",
    }
}

/// The right of a word.
pub(crate) fn parse_right(word: &str) -> Option<Right> {
    [Right::See, Right::Move, Right::Own].into_iter().find(|right| right_word(*right) == word)
}
