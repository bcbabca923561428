//! A client's connection below TLS: what was read of it already, how long it may take nothing, and a slow farewell.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use crate::places::Place;
use crate::refused::Refused;

/// How long what a client still sends is thrown away after the last answer, and how much of it, bytes. To close while
/// something is unread would take the answer away from it (RFC 9112, 9.6).
const FAREWELL: Duration = Duration::from_millis(500);
const FAREWELL_BYTES_MAX: usize = 1 << 20;

/// The connection.
pub(crate) struct Socket<IO> {
    io: IO,
    /// Read before, and not yet handed on.
    before: Vec<u8>,
    stalled: Duration,
    alarm: Option<Pin<Box<Sleep>>>,
    farewell: Farewell,
    /// Kept as long as the connection is open, whoever has it.
    place: Place,
}

enum Farewell {
    No,
    Said { until: Pin<Box<Sleep>>, left: usize },
    Over,
}

impl<IO: AsyncRead + AsyncWrite + Unpin> Socket<IO> {
    pub(crate) const fn new(io: IO, stalled: Duration, place: Place) -> Self {
        Self { io, before: Vec::new(), stalled, alarm: None, farewell: Farewell::No, place }
    }

    pub(crate) const fn place(&mut self) -> &mut Place {
        &mut self.place
    }

    /// Reads until `enough` says so of what has come so far, or nothing more comes; it is read again afterwards.
    pub(crate) async fn peek(&mut self, enough: impl Fn(&[u8]) -> bool) -> io::Result<&[u8]> {
        while !enough(&self.before) {
            // Little at a time: most come at once, and who does not shall not take up room.
            let mut some = [0; 256];
            let read = self.io.read(&mut some).await?;
            if read == 0 {
                break;
            }
            self.before.extend_from_slice(some.get(..read).unwrap_or_default());
        }
        Ok(&self.before)
    }

    /// `taken`, unless nothing is taken for too long.
    fn in_time<T>(&mut self, cx: &mut Context<'_>, taken: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if taken.is_ready() {
            self.alarm = None;
            return taken;
        }
        let stalled = self.stalled;
        ready!(self.alarm.get_or_insert_with(|| Box::pin(sleep(stalled))).as_mut().poll(cx));
        Refused::Stalled.count();
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client takes nothing")))
    }

    /// Throws away what still comes.
    fn poll_farewell(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Farewell::Said { until, left } = &mut self.farewell else { return Poll::Ready(()) };
        let mut room = [0; 4_096];
        loop {
            if until.as_mut().poll(cx).is_ready() {
                break;
            }
            let mut some = ReadBuf::new(&mut room);
            let read = ready!(Pin::new(&mut self.io).poll_read(cx, &mut some));
            let count = some.filled().len();
            *left = left.saturating_sub(count);
            if read.is_err() || count == 0 || *left == 0 {
                break;
            }
        }
        self.farewell = Farewell::Over;
        Poll::Ready(())
    }
}

impl<IO: AsyncRead + Unpin> AsyncRead for Socket<IO> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.before.is_empty() {
            return Pin::new(&mut self.io).poll_read(cx, buf);
        }
        let given = self.before.len().min(buf.remaining());
        buf.put_slice(self.before.get(..given).unwrap_or_default());
        self.before.drain(..given);
        if self.before.is_empty() {
            self.before = Vec::new();
        }
        Poll::Ready(Ok(()))
    }
}

impl<IO: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Socket<IO> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let taken = Pin::new(&mut self.io).poll_write(cx, buf);
        self.in_time(cx, taken)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let taken = Pin::new(&mut self.io).poll_write_vectored(cx, bufs);
        self.in_time(cx, taken)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if matches!(self.farewell, Farewell::No) {
            ready!(Pin::new(&mut self.io).poll_shutdown(cx))?;
            self.farewell = Farewell::Said { until: Box::pin(sleep(FAREWELL)), left: FAREWELL_BYTES_MAX };
        }
        self.poll_farewell(cx).map(Ok)
    }
}
