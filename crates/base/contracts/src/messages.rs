//! Messages: what the bank tells a customer outside the app, through a gateway that the bank configures.

use async_trait::async_trait;
use ids::MessageId;
use serde::{Deserialize, Serialize};

use crate::Unavailable;
use crate::discreet::discreet;
use crate::far::far;
use crate::identity::RecoveryStage;

/// Under this field of the keyed index are messages of a mobile number found, so that whoever erases a person can say
/// whose messages go without naming the number.
pub const RECIPIENT: &str = "messages.to";

/// What a message says. Each kind has its words in every language inside `messages`; callers give facts only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Content {
    /// A one-time code.
    OneTimeCode {
        /// Six digits.
        code: String,
        /// What it is for: `sign_up`, `sign_in`, `reset_password`, `set_pin`.
        purpose: String,
        /// Minutes it is good for.
        minutes: u32,
    },
    /// Money left or reached an account.
    Movement {
        /// Last four digits of the account.
        account_tail: String,
        /// Whether it came in.
        incoming: bool,
        /// Decimal amount with currency: `12.30 CNY`.
        amount: String,
        /// Balance after it.
        balance: String,
    },
    /// The account was frozen or unfrozen.
    FreezeChanged {
        /// Last four digits of the account.
        account_tail: String,
        /// Whether it is frozen now.
        frozen: bool,
    },
    /// Somebody signed in from a device not seen before.
    NewDevice {
        /// What the device calls itself.
        device: String,
    },
    /// A passkey was added or removed.
    PasskeyChanged {
        /// What its owner knows it by.
        passkey: String,
        /// Whether it was added; removed otherwise.
        added: bool,
    },
    /// An authenticator app was set up or removed.
    TotpChanged {
        /// Whether it was set up; removed otherwise.
        added: bool,
    },
    /// It was asked that the customer be erased.
    ErasureAsked {
        /// The day on which it is done: `2026-12-04`.
        on: String,
    },
    /// The customer is not erased.
    ErasureWithdrawn {
        /// Whether the bank dropped it, because an account is open; otherwise the customer took it back.
        by_bank: bool,
    },
    /// Somebody asks for a new password, or there is one.
    Recovery {
        /// How far it is.
        stage: RecoveryStage,
        /// Of one that was asked for: from when a new password can be set, in the bank's time: `2026-01-06 10:00`.
        ready_at: Option<String>,
    },
}

/// The language a message is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// Simplified Chinese.
    Chinese,
    /// English.
    English,
}

/// A message to send.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its id, minted by the caller: the same id is sent once.
    pub id: MessageId,
    /// Mobile number.
    pub to: String,
    /// What it says.
    pub content: Content,
    /// In which language.
    pub language: Language,
}

/// The way out to customers: an SMS gateway, or the embedded outbox that staff read in the console.
#[async_trait]
pub trait MessageGateway: Send + Sync {
    /// Accepts messages for delivery; durable when answered.
    ///
    /// # Errors
    /// [`Unavailable`].
    async fn send(&self, messages: Vec<Message>) -> Result<(), Unavailable>;
}

discreet! {
    Message { id, content, language }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::OneTimeCode { .. } => "OneTimeCode",
            Self::Movement { .. } => "Movement",
            Self::FreezeChanged { .. } => "FreezeChanged",
            Self::NewDevice { .. } => "NewDevice",
            Self::PasskeyChanged { .. } => "PasskeyChanged",
            Self::TotpChanged { .. } => "TotpChanged",
            Self::ErasureAsked { .. } => "ErasureAsked",
            Self::ErasureWithdrawn { .. } => "ErasureWithdrawn",
            Self::Recovery { .. } => "Recovery",
        })
    }
}

far! {
    MessageGateway = "messages": FarMessages, MessagesDesk;
    again send(messages: Vec<Message>) -> (), Unavailable;
}
