//! The body of a request, as fast as it must come.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::activity::Activity;
use crate::refused::Refused;

/// How slow bodies may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Between two pieces.
    pub(crate) pause: Duration,
    /// In all.
    pub(crate) whole: Duration,
    /// After `grace`, bytes per second; 0: any.
    pub(crate) rate_min_bytes: u64,
    pub(crate) grace: Duration,
}

impl Pace {
    /// How long may have been waited for a body of which so many bytes have come.
    fn patience(&self, bytes: u64) -> Duration {
        match bytes.saturating_mul(1_000).checked_div(self.rate_min_bytes) {
            Some(earned_ms) => self.whole.min(self.grace.saturating_add(Duration::from_millis(earned_ms))),
            None => self.whole,
        }
    }
}

/// Why a body ends early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BodyFailed {
    #[error("the body comes too slowly")]
    Slow,
    #[error("the body ended early")]
    Broken(#[source] hyper::Error),
}

/// A body. Only the time counts in which somebody waited for it.
pub(crate) struct Paced {
    body: Incoming,
    pace: Pace,
    activity: Arc<Activity>,
    bytes: u64,
    waited: Duration,
    since: Option<Instant>,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Paced {
    pub(crate) const fn new(body: Incoming, pace: Pace, activity: Arc<Activity>) -> Self {
        Self { body, pace, activity, bytes: 0, waited: Duration::ZERO, since: None, alarm: None }
    }

    /// Waits, but not too long.
    fn poll_late(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let since = *self.since.get_or_insert_with(Instant::now);
        let left = self.pace.patience(self.bytes).saturating_sub(self.waited);
        let deadline = since + left.min(self.pace.pause);
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if alarm.deadline() != deadline {
            alarm.as_mut().reset(deadline);
        }
        alarm.as_mut().poll(cx)
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = BodyFailed;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFailed>>> {
        let me = self.get_mut();
        let Poll::Ready(frame) = Pin::new(&mut me.body).poll_frame(cx) else {
            ready!(me.poll_late(cx));
            Refused::BodyTime.count();
            return Poll::Ready(Some(Err(BodyFailed::Slow)));
        };
        if let Some(since) = me.since.take() {
            me.waited += since.elapsed();
        }
        me.activity.touch();
        if let Some(Ok(data)) = frame.as_ref().map(|frame| frame.as_ref().map(Frame::data_ref)) {
            me.bytes += data.map_or(0, Bytes::len) as u64;
        }
        Poll::Ready(frame.map(|frame| frame.map_err(BodyFailed::Broken)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
