//! Reading what the witness holds, and comparing it with the journal.

use std::collections::VecDeque;
use std::sync::Arc;

use proofs::Tree;

use super::statement::{Signed, Statement};
use super::{Known, Refused, Witness, digits, unusable};
use crate::journal::{Journal, Position, ReadFailed};

impl Witness {
    /// Reads the last statements outside, and compares them with each other and with the journal.
    pub(super) async fn learn(&self, known: &mut Known, journal: &dyn Journal) -> Result<(), Refused> {
        let kept = self.last_kept()?;
        if let Some(kept) = &kept {
            compare(journal, kept, &self.named_file()).await?;
        }
        // What the file says is known even where the endpoint does not answer.
        known.last.clone_from(&kept);
        known.tree = None;
        let sent = self.last_sent().await?;
        if let Some(sent) = &sent {
            compare(journal, sent, &self.named_endpoint()).await?;
        }
        if self.file.is_some() {
            self.agree(kept.as_deref(), sent.as_deref())?;
        }
        if let (Some(sent), None) = (&sent, &kept) {
            // A file that is new beside an endpoint goes on where the endpoint is.
            self.keep(sent).await?;
            known.last = Some(Arc::clone(sent));
        }
        if self.endpoint.is_some() {
            let number = sent.map_or(0, |sent| sent.statement.number);
            self.unsent_after(known, number)?;
        }
        known.complete = true;
        Ok(())
    }

    /// Reads every statement of the file, and the last of the endpoint, and compares each with the journal: its
    /// signature, its place in the chain, its record and its tree. Returns how many there were.
    ///
    /// # Errors
    /// [`Refused`].
    pub async fn verify(&self, journal: &dyn Journal) -> Result<u64, Refused> {
        let sent = match self.last_sent().await {
            Err(Refused::Unreachable { url, why }) if !self.required => {
                tracing::warn!(url, why, "the witness cannot be asked");
                None
            }
            sent => sent?,
        };
        let count = self.verify_file(journal).await?;
        if let Some(sent) = &sent {
            compare(journal, sent, &self.named_endpoint()).await?;
            if self.file.is_some() {
                self.agree(self.last_kept()?.as_deref(), Some(sent))?;
            }
        }
        Ok(count.max(sent.map_or(0, |sent| sent.statement.number)))
    }

    async fn verify_file(&self, journal: &dyn Journal) -> Result<u64, Refused> {
        let Some(file) = &self.file else { return Ok(0) };
        let key = self.public_key();
        let head = journal.head().await?;
        let (mut before, mut walk) = (None::<Signed>, None::<Walk>);
        let mut number_in_file = 0_u64;
        for line in file.lines().map_err(|error| unusable(file, error))? {
            let line = line.map_err(|error| unusable(file, error))?;
            number_in_file += 1;
            let witness = format!("{}, line {number_in_file}", self.named_file());
            let signed = Signed::try_from_line(&line, &key)
                .map_err(|what| Refused::Unsound { witness: witness.clone(), what })?;
            follows(before.as_ref(), &signed, &witness)?;
            let (sequence, number) = (signed.statement.sequence, signed.statement.number);
            if sequence > head.sequence {
                return Err(Refused::Behind { head: head.sequence, number, witness, sequence });
            }
            let walk = walk.get_or_insert_with(|| Tree::new(signed.statement.algorithm).into());
            let reached = walk.to(journal, sequence).await?;
            matches(&signed.statement, reached, &witness)?;
            if walk.tree != signed.tree {
                return Err(Refused::OtherTree { sequence, number, witness });
            }
            before = Some(signed);
        }
        Ok(before.map_or(0, |last| last.statement.number))
    }

    fn last_kept(&self) -> Result<Option<Arc<Signed>>, Refused> {
        let Some(file) = &self.file else { return Ok(None) };
        let line = file.last().map_err(|error| unusable(file, error))?;
        line.map(|line| self.open(&line, self.named_file())).transpose()
    }

    async fn last_sent(&self) -> Result<Option<Arc<Signed>>, Refused> {
        let Some(endpoint) = &self.endpoint else { return Ok(None) };
        let unreachable = |why| Refused::Unreachable { url: endpoint.url().to_owned(), why };
        let line = endpoint.last().await.map_err(unreachable)?;
        line.map(|line| self.open(&line, self.named_endpoint())).transpose()
    }

    fn open(&self, line: &str, witness: String) -> Result<Arc<Signed>, Refused> {
        let signed = Signed::try_from_line(line, &self.public_key());
        signed.map(Arc::new).map_err(|what| Refused::Unsound { witness, what })
    }

    fn named_file(&self) -> String {
        self.file.as_ref().map(|file| format!("`{}`", file.path().display())).unwrap_or_default()
    }

    fn named_endpoint(&self) -> String {
        self.endpoint.as_ref().map(|endpoint| format!("`{}`", endpoint.url())).unwrap_or_default()
    }

    /// The endpoint never holds a statement that the file does not hold, unless the file is new.
    fn agree(&self, kept: Option<&Signed>, sent: Option<&Signed>) -> Result<(), Refused> {
        let (Some(kept), Some(sent)) = (kept, sent) else { return Ok(()) };
        let (first, second) = (kept.statement.number, sent.statement.number);
        if first < second || (first == second && kept.statement != sent.statement) {
            let (one, other) = (self.named_file(), self.named_endpoint());
            return Err(Refused::Apart { one, first, other, second });
        }
        Ok(())
    }

    /// Finds in the file what the endpoint was not given.
    fn unsent_after(&self, known: &mut Known, number: u64) -> Result<(), Refused> {
        let Some(file) = &self.file else { return Ok(()) };
        known.unsent.clear();
        if known.last.as_ref().is_none_or(|last| last.statement.number <= number) {
            return Ok(());
        }
        for line in file.lines().map_err(|error| unusable(file, error))? {
            let signed = self.open(&line.map_err(|error| unusable(file, error))?, self.named_file())?;
            if signed.statement.number > number {
                known.unsent.push_back(signed);
            }
        }
        Ok(())
    }
}

/// Checks that a statement follows the one before it in a file. The first line may be of any number: what was
/// before it may have been put away.
fn follows(before: Option<&Signed>, signed: &Signed, witness: &str) -> Result<(), Refused> {
    let statement = &signed.statement;
    let right = match before {
        None => statement.number > 0 && (statement.number > 1 || statement.previous == [0; 32]),
        Some(before) => {
            let before = &before.statement;
            statement.number == before.number + 1
                && statement.previous == before.chain_hash()
                && statement.sequence > before.sequence
                && statement.epoch >= before.epoch
                && statement.algorithm == before.algorithm
        }
    };
    if right {
        return Ok(());
    }
    Err(Refused::Chain {
        witness: witness.to_owned(),
        number: statement.number,
        before: before.map_or(0, |before| before.statement.number),
    })
}

/// Compares a statement with the journal: it must hold the record that the statement names.
async fn compare(journal: &dyn Journal, signed: &Signed, witness: &str) -> Result<(), Refused> {
    let statement = &signed.statement;
    let (number, sequence) = (statement.number, statement.sequence);
    let head = journal.head().await?;
    if head.sequence < sequence {
        let witness = witness.to_owned();
        return Err(Refused::Behind { head: head.sequence, number, witness, sequence });
    }
    let found = journal.positions(sequence.saturating_sub(1)).await?;
    matches(statement, found.into_iter().next().filter(|found| found.sequence == sequence), witness)
}

/// Compares a statement with what the journal has in its place.
fn matches(statement: &Statement, found: Option<Position>, witness: &str) -> Result<(), Refused> {
    let Statement { sequence, epoch, hash, number, .. } = *statement;
    if found == Some(Position { sequence, epoch, hash }) {
        return Ok(());
    }
    Err(Refused::Beside {
        sequence,
        found: found.map_or_else(|| "of no record".to_owned(), |found| digits(&found.hash)),
        number,
        witness: witness.to_owned(),
        witnessed: digits(&hash),
    })
}

/// Grows a tree along the journal, reading each position once.
#[derive(Debug)]
pub(crate) struct Walk {
    /// The tree so far.
    pub(crate) tree: Tree,
    read: VecDeque<Position>,
}

impl From<Tree> for Walk {
    fn from(tree: Tree) -> Self {
        Self { tree, read: VecDeque::new() }
    }
}

impl Walk {
    /// Adds the records up to `sequence`. Returns the position of that one as the columns say it; `None` where
    /// there was none to add.
    ///
    /// # Errors
    /// [`ReadFailed`]; a record that is missing is [`ReadFailed::Damaged`].
    pub(crate) async fn to(
        &mut self,
        journal: &dyn Journal,
        sequence: u64,
    ) -> Result<Option<Position>, ReadFailed> {
        let mut last = None;
        while self.tree.count() < sequence {
            let next = self.tree.count() + 1;
            if self.read.is_empty() {
                self.read = journal.positions(next - 1).await?.into();
                tokio::task::yield_now().await;
            }
            let position = self.read.pop_front().filter(|position| position.sequence == next);
            let position = position.ok_or_else(|| ReadFailed::Damaged {
                sequence: i64::try_from(next).unwrap_or(i64::MAX),
                what: "it is missing".to_owned(),
            })?;
            self.tree.push(&position.hash);
            last = Some(position);
        }
        Ok(last)
    }
}
