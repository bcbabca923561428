//! A row of a table, played: a bank of two processes, a request, and a proof made as the row says.

use std::sync::Arc;

use clock::{ManualClock, Timestamp};

use super::forge::{Forge, edited};
use crate::testing::Device;
use crate::{Asked, Proofs, Refused, Rules, Thumbprint};

/// The second at which every row begins. A nonce begins with it.
pub(super) const START: i64 = 1_800_000_000;
/// What all processes of the bank know.
const SECRET: [u8; 32] = [7; 32];

/// The bank, the request and the forger.
struct World {
    clock: Arc<ManualClock>,
    here: Proofs,
    neighbor: Proofs,
    stranger: Proofs,
    forge: Forge,
    method: String,
    path: String,
    origins: Vec<String>,
    token: Option<String>,
    bound: Option<Thumbprint>,
    is_change: bool,
}

pub(super) fn instant(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

impl World {
    fn new(rules: Rules) -> Self {
        let clock = Arc::new(ManualClock::new(instant(START)));
        let proofs = |secret| Proofs::new(secret, clock.clone(), rules);
        let (here, neighbor, stranger) = (proofs(SECRET), proofs(SECRET), proofs([8; 32]));
        let forge = Forge::new(&here.nonce());
        Self {
            here,
            neighbor,
            stranger,
            forge,
            method: "POST".into(),
            path: "/api/payments/transfers".into(),
            origins: vec!["https://bank.example".into(), "http://127.0.0.1:8080".into()],
            token: None,
            bound: None,
            is_change: true,
            clock,
        }
    }

    fn check(&mut self, at: At) -> Result<Thumbprint, Refused> {
        let proof = self.forge.make();
        let origins: Vec<&str> = self.origins.iter().map(String::as_str).collect();
        let asked = Asked {
            proof: &proof,
            method: &self.method,
            path: &self.path,
            origins: &origins,
            token: self.token.as_deref(),
            key: self.bound.as_ref(),
            is_change: self.is_change,
        };
        match at {
            At::Here => self.here.check(&asked),
            At::Neighbor => self.neighbor.check(&asked),
        }
    }

    /// Moves the clock to `second` after the start, which may be before it.
    fn clock(&self, second: &str) {
        self.clock.set(instant(START + second.parse::<i64>().unwrap()));
    }

    /// One step of a row, see `tests.rs`.
    fn step(&mut self, step: &str) {
        let (verb, rest) = step.split_once(' ').unwrap_or((step, ""));
        match verb {
            "method" => self.method = rest.into(),
            "path" => self.path = rest.into(),
            "at" => self.origins = rest.split_whitespace().map(str::to_owned).collect(),
            "token" => self.token = Some(rest.into()),
            "look" => self.is_change = false,
            "change" => self.is_change = true,
            "bound" => {
                let key =
                    if rest == "other" { Device::new().thumbprint() } else { self.forge.device.thumbprint() };
                self.bound = Some(key);
            }
            "clock" => self.clock(rest),
            "rules" => {
                let (name, value) = rest.split_once(' ').unwrap();
                let value: usize = value.parse().unwrap();
                let mut rules = Rules::default();
                match name {
                    "remembered" => rules.remembered_max = value,
                    "bytes" => rules.proof_bytes_max = value,
                    other => panic!("no rule is called {other}"),
                }
                *self = Self::new(rules);
            }
            "nonce" => self.nonce(rest),
            "device-other" => self.forge.take(Device::new()),
            "nonce-of-now" => {
                let nonce = self.here.nonce();
                self.forge.draft.payload.insert("nonce".into(), nonce.into());
            }
            "sent" => assert_eq!(self.check(At::Here).map(|_| ()), Ok(()), "`sent` is accepted"),
            "sent-to-neighbor" => {
                assert_eq!(self.check(At::Neighbor).map(|_| ()), Ok(()), "`{step}` is accepted")
            }
            "refused" => assert_eq!(self.check(At::Here).unwrap_err().code(), rest, "`{step}`"),
            _ => self.forge.step(verb, rest),
        }
    }

    /// Puts the nonce of `here`, `neighbor` or `stranger` into the proof, as given so many seconds after the start,
    /// then edited.
    fn nonce(&mut self, how: &str) {
        let words: Vec<&str> = how.split_whitespace().collect();
        let (now, given) = (clock::Clock::now(&*self.clock), words.get(1).map_or("0", |word| *word));
        self.clock(given);
        let nonce = match words[0] {
            "here" => self.here.nonce(),
            "neighbor" => self.neighbor.nonce(),
            "stranger" => self.stranger.nonce(),
            other => panic!("nobody is called {other}"),
        };
        self.clock.set(now);
        let nonce = words.get(2).map_or(nonce.clone(), |edit| edited(&nonce, edit));
        self.forge.draft.payload.insert("nonce".into(), nonce.into());
    }
}

/// Which process is asked.
#[derive(Clone, Copy)]
enum At {
    Here,
    Neighbor,
}

/// Plays a row and returns how it ended: `ok`, or a code, with its reason where it has one.
pub(super) fn played(steps: &str) -> String {
    let mut world = World::new(Rules::default());
    let mut at = At::Here;
    for step in steps.split(" ; ").map(str::trim).filter(|step| *step != "as it is") {
        if step == "to-neighbor" {
            at = At::Neighbor;
        } else {
            world.step(step);
        }
    }
    let outcome = world.check(at);
    if let Err(Refused::NonceNeeded { nonce }) = &outcome {
        world.forge.draft.payload.insert("nonce".into(), nonce.as_str().into());
        world.forge.draft.payload.insert("jti".into(), "the-number-of-the-repetition".into());
        assert!(world.check(at).is_ok(), "{steps}: whoever is told to use a nonce succeeds with it");
    }
    match outcome {
        Ok(key) => {
            assert_eq!(key, world.forge.device.thumbprint(), "{steps}");
            "ok".into()
        }
        Err(refused @ (Refused::Malformed(why) | Refused::KeyMalformed(why))) => {
            format!("{}: {why}", refused.code())
        }
        Err(refused) => refused.code().into(),
    }
}
