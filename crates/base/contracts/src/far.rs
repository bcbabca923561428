//! Contracts between processes: how a question to a neighbor and its answer are written, whatever carries them.
//!
//! A question is a JSON object of the method's arguments by name, an answer the method's `Result` as JSON. Old and
//! new processes run side by side, so both grow additively: an argument or field that is added is an `Option` or has
//! a default, and what a side does not know it passes over. A method or variant that the other side does not know is
//! answered as [`Unavailable::Misunderstood`], never guessed.
//!
//! [`far!`] writes for a contract its *far* form, which asks through a [`Carrier`], and its *desk*, which answers what
//! came through one. Neither knows of sockets.

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Unavailable;

/// One method of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// The domain's name: `customers`.
    pub contract: &'static str,
    /// The method's name: `profile`.
    pub method: &'static str,
    /// Whether it may be asked again when nobody knows if it was heard: it reads, or does the same once.
    pub repeatable: bool,
}

/// Carries questions to one neighbor and brings back its answers.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// The answer to `question`.
    ///
    /// # Errors
    /// [`Unavailable`]: there was none in time, or the neighbor does not understand.
    async fn carry(&self, call: &Call, question: Vec<u8>) -> Result<Vec<u8>, Unavailable>;
}

/// Why a question was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Misunderstood {
    /// The contract has no such method here.
    #[error("there is no such method")]
    Method,
    /// Its arguments are not what the method takes.
    #[error("the arguments cannot be read: {0}")]
    Question(String),
    /// The answer cannot be written.
    #[error("the answer cannot be written: {0}")]
    Answer(String),
    /// Another process of the same service is to be asked. Something may have been done.
    #[error("another process answers this now")]
    Elsewhere,
}

/// Answers questions that came from other processes.
#[async_trait]
pub trait Desk: Send + Sync {
    /// The domain's name.
    fn contract(&self) -> &'static str;

    /// The names of its methods, in no order.
    fn methods(&self) -> &'static [&'static str];

    /// The answer to `question`.
    ///
    /// # Errors
    /// [`Misunderstood`]; nothing was done then, unless the answer could not be written or is another's.
    async fn answer(&self, method: &str, question: &[u8]) -> Result<Vec<u8>, Misunderstood>;
}

/// An error of a contract that can say that nobody answered.
pub trait Unreached {
    /// Nobody answered.
    fn unreached(why: Unavailable) -> Self;
}

impl<E: From<Unavailable>> Unreached for E {
    fn unreached(why: Unavailable) -> Self {
        Self::from(why)
    }
}

/// Of a batch nothing is known then; it is the first that is named.
impl<E: From<Unavailable>> Unreached for (usize, E) {
    fn unreached(why: Unavailable) -> Self {
        (0, E::from(why))
    }
}

/// Asks through `carrier`.
///
/// # Errors
/// What the neighbor answered, or that it did not.
pub async fn ask<Q, A, E>(carrier: &dyn Carrier, call: &Call, question: &Q) -> Result<A, E>
where
    Q: Serialize + Sync,
    A: DeserializeOwned,
    E: DeserializeOwned + Unreached,
{
    let misunderstood = |_| E::unreached(Unavailable::Misunderstood);
    let question = serde_json::to_vec(question).map_err(misunderstood)?;
    let answer = carrier.carry(call, question).await.map_err(E::unreached)?;
    serde_json::from_slice::<Result<A, E>>(&answer).map_err(misunderstood)?
}

/// Reads a question.
///
/// # Errors
/// [`Misunderstood::Question`].
pub fn heard<Q: DeserializeOwned>(question: &[u8]) -> Result<Q, Misunderstood> {
    serde_json::from_slice(question).map_err(|error| Misunderstood::Question(error.to_string()))
}

/// Writes an answer.
///
/// # Errors
/// [`Misunderstood::Answer`].
pub fn told<A: Serialize>(answer: &A) -> Result<Vec<u8>, Misunderstood> {
    serde_json::to_vec(answer).map_err(|error| Misunderstood::Answer(error.to_string()))
}

/// The type in which an argument arrives: its own, or the one named after `=` for what is borrowed.
macro_rules! arrives {
    ($asked:ty) => {
        $asked
    };
    ($asked:ty, $owned:ty) => {
        $owned
    };
}

/// An argument as it travels: a secret, which refuses to be written, by exposing it.
macro_rules! given {
    ($arg:ident) => {
        &$arg
    };
    ($arg:ident secret) => {
        $arg.expose()
    };
}

/// An argument as the method takes it.
macro_rules! handed {
    ($heard:expr) => {
        $heard
    };
    ($heard:expr, $owned:ty) => {
        &$heard
    };
}

/// Writes the far form and the desk of a contract. A method is `again` where it may be asked again, else `once`; a
/// borrowed argument names the type in which it arrives, and a secret is marked by `#secret`.
macro_rules! far {
    (
        $contract:ident = $name:literal: $far:ident, $desk:ident;
        $($kind:ident $method:ident($($(#$secret:ident)? $arg:ident: $asked:ty $(= $owned:ty)?),*) -> $ok:ty, $err:ty;)*
    ) => {
        #[doc = concat!("[`", stringify!($contract), "`] of another process.")]
        pub struct $far(pub std::sync::Arc<dyn crate::far::Carrier>);

        #[doc = concat!("Answers other processes with the [`", stringify!($contract), "`] of this one.")]
        pub struct $desk(pub std::sync::Arc<dyn $contract>);

        #[allow(non_camel_case_types, reason = "the type of an argument is called as the argument")]
        #[async_trait::async_trait]
        impl $contract for $far {
            $(async fn $method(&self, $($arg: $asked),*) -> Result<$ok, $err> {
                const CALL: crate::far::Call = crate::far::Call {
                    contract: $name,
                    method: stringify!($method),
                    repeatable: crate::far::repeatable!($kind),
                };
                #[derive(serde::Serialize)]
                struct Question<$($arg),*> {
                    $($arg: $arg),*
                }
                crate::far::ask(&*self.0, &CALL, &Question { $($arg: crate::far::given!($arg $($secret)?)),* }).await
            })*
        }

        #[async_trait::async_trait]
        impl crate::far::Desk for $desk {
            fn contract(&self) -> &'static str {
                $name
            }

            fn methods(&self) -> &'static [&'static str] {
                &[$(stringify!($method)),*]
            }

            async fn answer(
                &self,
                method: &str,
                question: &[u8],
            ) -> Result<Vec<u8>, crate::far::Misunderstood> {
                match method {
                    $(stringify!($method) => {
                        #[derive(serde::Deserialize)]
                        struct Question {
                            $($arg: crate::far::arrives!($asked $(, $owned)?)),*
                        }
                        let Question { $($arg),* } = crate::far::heard(question)?;
                        let answer: Result<$ok, $err> =
                            self.0.$method($(crate::far::handed!($arg $(, $owned)?)),*).await;
                        crate::far::told(&answer)
                    })*
                    _ => Err(crate::far::Misunderstood::Method),
                }
            }
        }

        #[cfg(test)]
        impl $desk {
            /// What stored payloads of this contract are made of and read with.
            pub(crate) fn sampled() -> crate::payloads::Sample {
                let mut lines = Vec::new();
                $(lines.extend(crate::payloads::all(|_nth| {
                    $(let $arg: crate::far::arrives!($asked $(, $owned)?) = _nth.of();)*
                    let answer = serde_json::to_value(_nth.of::<Result<$ok, $err>>()).unwrap();
                    let prompted = crate::payloads::Prompted::to(&answer);
                    let far = $far(std::sync::Arc::clone(&prompted) as _);
                    let _ = crate::payloads::at_once(
                        far.$method($(crate::far::handed!($arg $(, $owned)?)),*)
                    );
                    crate::payloads::Line::Asked {
                        contract: $name.to_owned(),
                        method: stringify!($method).to_owned(),
                        question: prompted.question(),
                        answer,
                    }
                }));)*
                crate::payloads::Sample::Contract {
                    name: $name,
                    lines,
                    desk: |carrier| std::sync::Arc::new($desk(std::sync::Arc::new($far(carrier)))),
                    unread: |method, answer| match method {
                        $(stringify!($method) => {
                            serde_json::from_str::<Result<$ok, $err>>(&answer.to_string())
                                .err()
                                .map(|error| error.to_string())
                        })*
                        _ => Some(crate::far::Misunderstood::Method.to_string()),
                    },
                }
            }
        }
    };
}

/// `again` or `once`.
macro_rules! repeatable {
    (again) => {
        true
    };
    (once) => {
        false
    };
}

pub(crate) use {arrives, far, given, handed, repeatable};
