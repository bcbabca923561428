//! Batch after batch of one stream: read ahead, executed in order, answered in order.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::Stream;
use futures_util::future::BoxFuture;
use tonic::{Status, Streaming};

use super::rows::{Batch, Results};
use super::service::Desk;
use crate::gather::Gather;

/// Batches of one stream between read and answered.
const READ_AHEAD: usize = 4;

/// A batch that was read.
enum Slot {
    /// Waits until those before it are answered.
    Held(Batch),
    Asked(BoxFuture<'static, Result<Results, Status>>),
    Answered(Result<Results, Status>),
}

/// The answers of one stream. It is asked for more only when the client takes them, and reads only then.
pub(super) struct Pipeline {
    incoming: Streaming<Batch>,
    desk: Arc<Desk>,
    slots: VecDeque<Slot>,
    /// Whether what was asked last is gathered with other streams: the two ways may overtake each other, so a
    /// batch that goes the other way is held until nothing of this stream is on its way.
    gathered: bool,
    held: bool,
    ended: bool,
}

impl Pipeline {
    pub(super) fn new(incoming: Streaming<Batch>, desk: Arc<Desk>) -> Self {
        let slots = VecDeque::with_capacity(READ_AHEAD);
        Self { incoming, desk, slots, gathered: false, held: false, ended: false }
    }

    fn read_ahead(&mut self, cx: &mut Context<'_>) {
        while !self.ended && !self.held && self.slots.len() < READ_AHEAD {
            let slot = match Pin::new(&mut self.incoming).poll_next(cx) {
                Poll::Pending => return,
                Poll::Ready(None) => {
                    self.ended = true;
                    return;
                }
                Poll::Ready(Some(Err(status))) => {
                    self.ended = true;
                    Slot::Answered(Err(status))
                }
                Poll::Ready(Some(Ok(batch))) => {
                    self.held = !self.slots.is_empty() && Gather::takes(&batch.0) != self.gathered;
                    if self.held { Slot::Held(batch) } else { self.ask(batch, cx) }
                }
            };
            self.slots.push_back(slot);
        }
    }

    /// Asked at once, so that batches reach the ledger in the order in which they came.
    fn ask(&mut self, batch: Batch, cx: &mut Context<'_>) -> Slot {
        self.gathered = Gather::takes(&batch.0);
        let mut asked: BoxFuture<'static, _> = Box::pin(Arc::clone(&self.desk).post(batch));
        match asked.as_mut().poll(cx) {
            Poll::Ready(answer) => Slot::Answered(answer),
            Poll::Pending => Slot::Asked(asked),
        }
    }
}

impl Stream for Pipeline {
    type Item = Result<Results, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.read_ahead(cx);
        let first = match self.slots.pop_front() {
            None if self.ended => return Poll::Ready(None),
            None => return Poll::Pending,
            Some(Slot::Held(batch)) => {
                self.held = false;
                self.ask(batch, cx)
            }
            Some(Slot::Asked(mut asked)) => match asked.as_mut().poll(cx) {
                Poll::Ready(answer) => Slot::Answered(answer),
                Poll::Pending => Slot::Asked(asked),
            },
            Some(answered) => answered,
        };
        match first {
            Slot::Answered(answer) => {
                // After a failure what was read and not answered is unknown to the client, which repeats it.
                self.ended |= answer.is_err();
                Poll::Ready(Some(answer))
            }
            waiting => {
                self.slots.push_front(waiting);
                Poll::Pending
            }
        }
    }
}
