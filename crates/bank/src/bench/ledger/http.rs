//! A client over HTTP that costs little: requests and answers are put together and read by hand.

use std::io::Write;
use std::net::SocketAddr;
use std::time::Instant;

use contracts::ledger::{Act, Command};
use money::{Currency, Money};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::load::{Done, Mint};
use crate::bench::load::Failed;

/// One keep-alive connection.
pub(super) struct HttpConnection {
    stream: TcpStream,
    mint: Mint,
    request: Vec<u8>,
    answer: Vec<u8>,
}

impl HttpConnection {
    pub(super) async fn open(address: SocketAddr, mint: Mint) -> Result<Self, Failed> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, mint, request: Vec::new(), answer: Vec::new() })
    }

    pub(super) async fn run(mut self) -> Result<Done, Failed> {
        let mut done = Done::new();
        while let Some(batch) = self.mint.next() {
            self.write(batch.first().ok_or("an empty batch")?)?;
            let sent = Instant::now();
            self.stream.write_all(&self.request).await?;
            let status = self.read().await?;
            done.answer_one(status == 200, sent);
            if status != 200 && status != 409 {
                return Err(format!("answered {status}: {}", String::from_utf8_lossy(&self.answer)).into());
            }
        }
        done.ended = Instant::now();
        Ok(done)
    }

    fn write(&mut self, command: &Command) -> Result<(), Failed> {
        let Act::Transfer(transfer) = &command.act else { return Err("not a transfer".into()) };
        let amount = Money::new(i64::try_from(transfer.amount)?, Currency::CNY).to_decimal();
        let body = format!(
            "{{\"id\":\"{}\",\"debit\":\"{}\",\"credit\":\"{}\",\"amount\":{{\"amount\":\"{amount}\",\
             \"currency\":\"CNY\"}},\"code\":{}}}",
            command.id, transfer.debit, transfer.credit, transfer.code,
        );
        self.request.clear();
        write!(
            self.request,
            "POST /transfers HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )?;
        Ok(())
    }

    /// Reads one answer and returns its status.
    async fn read(&mut self) -> Result<u16, Failed> {
        self.answer.clear();
        loop {
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                return Err("the connection was closed".into());
            }
            if let Some(status) = whole(&self.answer)? {
                return Ok(status);
            }
        }
    }
}

/// The status of an answer that is all there.
fn whole(answer: &[u8]) -> Result<Option<u16>, Failed> {
    const LENGTH: &str = "content-length: ";
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(answer.get(..end).unwrap_or_default())?;
    let length = head.split("\r\n").find_map(|line| line.strip_prefix(LENGTH));
    let length: usize = length.ok_or("an answer without its length")?.parse()?;
    if answer.len() < end + 4 + length {
        return Ok(None);
    }
    Ok(Some(head.get(9..12).ok_or("an answer without a status")?.parse()?))
}
