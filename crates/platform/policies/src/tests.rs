//! What policies allow, what is refused of them, and how changed ones come into force.

mod console;
mod decisions;
mod faults;
mod reload;
mod slices;

use crate::{Fault, Faults, File, Files, May, PolicySet, Who};

/// The product's policies with `text` beside them as `own.cedar`, without the product's cases.
fn with(text: &str) -> Result<PolicySet, Faults> {
    let own = File { name: "own.cedar".to_owned(), text: text.to_owned() };
    PolicySet::try_new(Files { cases: None, ..Files::embedded() }.with(own))
}

/// The faults of `text` beside the product's policies.
fn faults(text: &str) -> Vec<Fault> {
    with(text).map_or_else(|faults| faults.0, |_| Vec::new())
}

/// Whether `who` (`customer`, or a role) may do `action`.
fn may(who: &str, action: &str, set: &PolicySet) -> bool {
    Who::named(who).unwrap().may(action, set) == May::Yes
}

/// What a bank has that lets nobody transfer in mini-programs.
const NO_MINI_PROGRAM: &str = r#"
@id("own.no_mini_program")
@says("小程序内不得转账")
forbid (principal is Customer, action in Action::"own_money", resource)
when { context.channel == Channel::"mini_program" };
"#;
