//! Trying the firewall out over HTTP: on the regression cases of a rule set, and on what honest customers write.

mod benign;
mod corpus;
mod front;
mod regress;

pub(crate) use benign::{Benign, honest};
pub(crate) use regress::{Regression, regress};
