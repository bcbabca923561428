//! What every route shares: who may enter, how bodies are read, how refusals look, amounts, paging.
//!
//! A domain lists its routes in [`Routes`] with the [`Access`] of each; the check is part of the route itself, so a
//! route cannot be reached past it, and the whole list can be walked by a test. Which customer and which role may do
//! what a route does is for an [`Authority`] to say, whom [`Routes::governed`] puts over them. What may enter is held against
//! the description of the route, which is the one that is served ([`Undescribed`] where that cannot be done). Refusals are RFC 9457 problems with
//! stable codes and words in Chinese and English ([`Problem`], [`Refusal`]). Wire shapes are separate types beside
//! the routes; [`Amount`] is how money travels, and [`Personal`] how personal fields do: masked, but to whom they are
//! known. This crate knows no domain and opens no socket.

mod access;
mod amount;
mod answers;
mod body;
mod countersign;
mod described;
mod language;
pub mod personal;
mod problem;
mod routes;
mod unmask;
mod visitor;
mod watch;

pub use access::{Access, AccessRequest, Authority, Decision};
pub use amount::{Amount, AmountRefused};
pub use body::{Body, Form, IdempotencyKey, Params, Segments};
pub use countersign::{Check, Countersigning};
pub use described::Undescribed;
pub use language::Lang;
pub use personal::{
    Personal, PersonalAccountNumber, PersonalAddress, PersonalBornOn, PersonalDevice, PersonalIdNumber,
    PersonalName, PersonalPhone, PersonalText, answer_to,
};
pub use problem::{Consequence, Problem, ProblemBody, Refusal, localize};
pub use routes::{Entry, Routes, RoutesOf};
pub use unmask::{UnmaskBody, Unmasked, UnmaskedView, Unmasking, case_number};
pub use utoipa_axum::routes;
pub use visitor::{Customer, Staff, ThirdParty, Trace, Unproved, Visitor};
pub use watch::Watch;

#[cfg(test)]
mod tests;
