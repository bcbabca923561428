//! What stands between an HTTP/1 connection and hyper: heads are held until they are whole and found to be sound.
//!
//! Whoever sends a head slowly thereby costs what it has sent and no more, for hyper hears nothing of it. In place of a
//! head that is refused, hyper is given one that no client can send (`GET *`), and the service answers that with the
//! refusal: in its turn, after the requests before it.

use std::future::Future;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::activity::Activity;
use crate::framing::{Bounds, Framing};
use crate::refused::Refused;

/// The head that stands for a refused one. A client's own is refused: `*` is for `OPTIONS`.
const INSTEAD: &[u8] = b"GET * HTTP/1.1\r\nhost: entrance\r\nconnection: close\r\n\r\n";
/// How much more is read of a head that is not whole.
const HELD_BYTES: usize = 1_024;

/// How long heads may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    pub(crate) head: Duration,
    pub(crate) idle: Duration,
}

/// A connection whose heads are checked.
pub(crate) struct Intake<IO> {
    io: IO,
    framing: Framing,
    activity: Arc<Activity>,
    times: Times,
    /// An unfinished head; before it, `ready` bytes that may go on.
    held: Vec<u8>,
    ready: usize,
    /// Nothing more is read.
    ended: bool,
    /// A request was in progress at the last look.
    was_busy: bool,
    deadline: Instant,
    alarm: Option<Pin<Box<Sleep>>>,
}

impl<IO: AsyncRead + Unpin> Intake<IO> {
    pub(crate) fn new(io: IO, bounds: Bounds, times: Times, activity: Arc<Activity>) -> Self {
        Self {
            io,
            framing: Framing::new(bounds),
            activity,
            times,
            held: Vec::new(),
            ready: 0,
            ended: false,
            was_busy: false,
            deadline: Instant::now() + times.head,
            alarm: None,
        }
    }

    /// Waits for something that may go on; `false` where the connection ended before.
    pub(crate) async fn first(&mut self) -> io::Result<bool> {
        std::future::poll_fn(|cx| self.poll_held(cx)).await?;
        Ok(self.ready > 0)
    }

    /// Reads on until some of what is held may go on, or nothing more comes.
    fn poll_held(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.ready == 0 && !self.ended {
            let before = self.held.len();
            if self.held.len() == self.held.capacity() {
                self.held.reserve(HELD_BYTES);
            }
            let read = pin!(self.io.read_buf(&mut self.held)).poll(cx);
            match read {
                Poll::Pending => {
                    if self.held.is_empty() {
                        self.held = Vec::new();
                    }
                    return self.poll_late(cx);
                }
                Poll::Ready(read) => {
                    if read? == 0 {
                        self.ended = true;
                        break;
                    }
                    if before == 0 {
                        self.deadline = self.deadline.min(Instant::now() + self.times.head);
                    }
                    let scanned = self.framing.scan(&self.held);
                    self.ready = scanned.pass;
                    self.take(scanned.refused)?;
                }
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Ends with a refusal where there is one.
    fn take(&mut self, refused: Option<Refused>) -> io::Result<()> {
        let Some(why) = refused else { return Ok(()) };
        why.count();
        self.ended = true;
        if !self.framing.is_in_head() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a chunk of the body is none"));
        }
        self.activity.refuse(why);
        self.held.truncate(self.ready);
        self.held.extend_from_slice(INSTEAD);
        self.ready = self.held.len();
        Ok(())
    }

    /// Whether it has taken too long. Ends the connection then: silently where nobody had begun to ask.
    fn poll_late(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.framing.is_in_head() {
            return Poll::Pending;
        }
        loop {
            let deadline = self.deadline;
            let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
            if alarm.deadline() > deadline {
                alarm.as_mut().reset(deadline);
            }
            ready!(alarm.as_mut().poll(cx));
            if Instant::now() >= self.deadline {
                break;
            }
            alarm.as_mut().reset(self.deadline);
        }
        if self.held.is_empty() {
            self.ended = true;
        } else {
            self.take(Some(Refused::HeadTime))?;
        }
        Poll::Ready(Ok(()))
    }

    /// Hands on what is ready.
    fn give(&mut self, buf: &mut ReadBuf<'_>) {
        let given = self.ready.min(buf.remaining());
        buf.put_slice(self.held.get(..given).unwrap_or_default());
        self.ready -= given;
        self.held.drain(..given);
        if self.held.is_empty() {
            self.held = Vec::new();
        }
    }

    /// Whether a connection that only waits may still wait: not while it waits for us.
    fn look(&mut self) {
        if self.activity.is_handed_over() {
            self.framing.let_pass();
            self.ready = self.held.len();
            return;
        }
        let is_busy = self.activity.is_busy();
        if self.held.is_empty() && (is_busy || self.was_busy) {
            self.deadline = Instant::now() + self.times.idle;
        }
        self.was_busy = is_busy;
    }
}

impl<IO: AsyncRead + Unpin> AsyncRead for Intake<IO> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let me = self.get_mut();
        me.look();
        loop {
            if me.ready == 0 && !me.held.is_empty() {
                ready!(me.poll_held(cx))?;
            }
            if me.ready > 0 {
                me.give(buf);
                return Poll::Ready(Ok(()));
            }
            if me.ended {
                // hyper takes an end here for a client that went away, and would not send the refusal.
                return if me.activity.refused().is_some() { Poll::Pending } else { Poll::Ready(Ok(())) };
            }
            let before = buf.filled().len();
            match Pin::new(&mut me.io).poll_read(cx, buf) {
                Poll::Pending => {
                    ready!(me.poll_late(cx))?;
                    continue;
                }
                Poll::Ready(read) => read?,
            }
            let read = buf.filled().get(before..).unwrap_or_default();
            if read.is_empty() {
                me.ended = true;
                return Poll::Ready(Ok(()));
            }
            let scanned = me.framing.scan(read);
            me.held.extend_from_slice(read.get(scanned.pass..).unwrap_or_default());
            buf.set_filled(before + scanned.pass);
            if !me.held.is_empty() {
                me.deadline = Instant::now() + me.times.head;
            }
            me.take(scanned.refused)?;
            if scanned.pass > 0 {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl<IO: AsyncWrite + Unpin> AsyncWrite for Intake<IO> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
