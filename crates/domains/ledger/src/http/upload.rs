//! Transfers in bulk over HTTP: a file of one JSON object per line, answered by one line per row, in order.
//!
//! Rows are posted as they come, up to 8,190 at a time; a row that cannot be read is answered and stops no other.
//! An upload that breaks off has posted whatever had come in complete lines; the same file again, with the same
//! ids, moves nothing twice. Answers wait in memory up to a bound, so that a client may send its whole file before
//! it reads; beyond the bound nothing more is read until the client takes answers.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use ::http::{Access, Consequence, Lang, Problem, ProblemBody, Routes};
use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};
use contracts::Unavailable;
use contracts::ledger::{Command, Ledger, Receipt};
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::assets::Assets;
use super::lines::{Line, Lines};
use super::row::{self, Asked, BatchRow, BatchRowResult, RowRefused};
use crate::handle::SUBMISSION_MAX;

const MEDIA_TYPE: &str = "application/x-ndjson";
/// Rows of one file.
const ROWS_MAX: u64 = 1_000_000;
/// Files taken at once.
const UPLOADS_MAX: usize = 4;
/// Answers of one file that wait for its client, bytes: some 300,000 rows.
const ANSWERS_WAITING_BYTES: usize = 64 << 20;
/// How long a client may be silent in the middle of its file.
const SILENCE: Duration = Duration::from_secs(30);
/// How often the ledger is asked again where too much is waiting, and the rest in between.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(50);
/// Bytes of a usual answer.
const ANSWER_BYTES: usize = 200;

#[derive(Clone)]
struct Uploads {
    ledger: Arc<dyn Ledger>,
    assets: Assets,
    places: Arc<Semaphore>,
}

/// The route of the upload.
pub(crate) fn routes(ledger: Arc<dyn Ledger>) -> Routes {
    let places = Arc::new(Semaphore::new(UPLOADS_MAX));
    Routes::of(Uploads { ledger, assets: Assets::default(), places })
        .add(Access::Staff, ::http::routes!(upload_transfers))
        .finish()
}

/// Posts a file of transfers: one JSON object per line, at most 4,096 bytes each and 1,000,000 in all. Answers one
/// line per row, in order; blank lines are passed over. Rows that cannot be read are answered and stop no other.
/// Send the file again where an answer is missing: rows with the same ids move nothing twice.
#[utoipa::path(post, path = "/api/ledger/batch/transfers", tag = "ledger", operation_id = "ledger_batch_transfers",
    request_body(content = BatchRow, content_type = "application/x-ndjson"),
    responses((status = 200, body = BatchRowResult, content_type = "application/x-ndjson"),
        (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 415, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn upload_transfers(
    State(uploads): State<Uploads>,
    lang: Lang,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !media_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(MEDIA_TYPE) {
        let zh = "请求体须为 UTF-8 编码的 application/x-ndjson，每行一笔。";
        let en = "Send the body as application/x-ndjson in UTF-8, one row per line.";
        return Err(Consequence::new(415, "unsupported_media_type", zh, en).into());
    }
    let place = Arc::clone(&uploads.places).try_acquire_owned();
    let place = place.map_err(|_| Problem::from(Consequence::unavailable()))?;
    let (answers, mut waiting) = mpsc::unbounded_channel::<(Bytes, OwnedSemaphorePermit)>();
    let clerk = Clerk {
        ledger: uploads.ledger,
        assets: uploads.assets,
        lang,
        rows: 0,
        asked: Vec::new(),
        answers,
        room: Arc::new(Semaphore::new(ANSWERS_WAITING_BYTES)),
    };
    tokio::spawn(async move {
        clerk.serve(body.into_data_stream()).await;
        drop(place);
    });
    // A permit goes back when its answers have been taken.
    let told = futures_util::stream::poll_fn(move |cx| {
        waiting.poll_recv(cx).map(|next| next.map(|(answer, _)| Ok::<_, Infallible>(answer)))
    });
    let mut response = Body::from_stream(told).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    Ok(response)
}

/// Why no more is read of a file.
struct Ended;

/// Takes one file.
struct Clerk {
    ledger: Arc<dyn Ledger>,
    assets: Assets,
    lang: Lang,
    /// Rows read so far, blank lines included: the number of the last line.
    rows: u64,
    asked: Vec<(u64, Result<Asked, RowRefused>)>,
    answers: mpsc::UnboundedSender<(Bytes, OwnedSemaphorePermit)>,
    room: Arc<Semaphore>,
}

impl Clerk {
    async fn serve(mut self, mut body: BodyDataStream) {
        let mut lines = Lines::default();
        loop {
            match tokio::time::timeout(SILENCE, body.next()).await {
                Ok(Some(Ok(bytes))) => {
                    if self.take(&mut lines, &bytes).await.is_err() {
                        return;
                    }
                }
                Ok(None) => {
                    if let Some(last) = lines.last() {
                        self.read(&last);
                    }
                    let _ = self.post().await;
                    return;
                }
                // It broke off: the line that is not complete is left, what is complete is posted.
                Ok(Some(Err(_))) | Err(_) => {
                    let _ = self.post().await;
                    return;
                }
            }
        }
    }

    async fn take(&mut self, lines: &mut Lines, bytes: &[u8]) -> Result<(), Ended> {
        let mut bytes = bytes;
        while let Some(line) = lines.next(&mut bytes) {
            self.read(&line);
            if self.rows > ROWS_MAX {
                let _ = self.post().await;
                return Err(Ended);
            }
            if self.asked.len() == SUBMISSION_MAX {
                self.post().await?;
            }
        }
        Ok(())
    }

    fn read(&mut self, line: &Line) {
        self.rows += 1;
        let row = match line {
            _ if self.rows > ROWS_MAX => Err(RowRefused::new(
                "too_many_rows",
                "每个文件最多 1000000 行，其余的行没有读取。",
                "A file has at most 1,000,000 rows; the rest was not read.",
            )),
            Line::Whole(bytes) if bytes.iter().all(u8::is_ascii_whitespace) => return,
            Line::Whole(bytes) => row::read(bytes),
            Line::TooLong => Err(RowRefused::new(
                "line_too_long",
                "每行最多 4096 字节。",
                "A line has at most 4,096 bytes.",
            )),
        };
        self.asked.push((self.rows, row));
    }

    /// Gives the rows that wait to the ledger and answers all of them.
    async fn post(&mut self) -> Result<(), Ended> {
        if self.asked.is_empty() {
            return Ok(());
        }
        let asked = std::mem::take(&mut self.asked);
        let (receipts, ended) = match self.execute(&asked).await {
            Ok(receipts) => (receipts, Ok(())),
            Err(_) => (Vec::new(), Err(Ended)),
        };
        let mut receipts = receipts.into_iter();
        let mut out = Vec::with_capacity(asked.len() * ANSWER_BYTES);
        for (number, row) in &asked {
            match row {
                Err(refused) => row::tell_refused(*number, None, refused, self.lang, &mut out),
                Ok(asked) => match receipts.next() {
                    Some(Ok(receipt)) => {
                        row::tell(*number, asked.command.id, asked.currency, &receipt, self.lang, &mut out);
                    }
                    Some(Err(refused)) => {
                        row::tell_refused(*number, Some(asked.command.id), &refused, self.lang, &mut out);
                    }
                    None => {
                        let unknown = RowRefused::unavailable();
                        row::tell_refused(*number, Some(asked.command.id), &unknown, self.lang, &mut out);
                    }
                },
            }
        }
        self.answer(out).await?;
        ended
    }

    /// What became of each row that could be read, in order.
    async fn execute(
        &self,
        asked: &[(u64, Result<Asked, RowRefused>)],
    ) -> Result<Vec<Result<Receipt, RowRefused>>, Unavailable> {
        let readable = || asked.iter().filter_map(|(_, row)| row.as_ref().ok());
        self.assets.learn(&*self.ledger, readable().filter_map(Asked::debited)).await?;
        let fits = |asked: &Asked| {
            let known = asked.debited().and_then(|account| self.assets.known(account));
            known.is_none_or(|known| known == asked.asset())
        };
        let fitting: Vec<bool> = readable().map(fits).collect();
        let commands: Vec<Command> = readable()
            .zip(&fitting)
            .filter(|(_, fits)| **fits)
            .map(|(asked, _)| asked.command.clone())
            .collect();
        let mut receipts = self.submit(commands).await?.into_iter();
        let told = fitting.into_iter().map_while(|fits| match fits {
            true => receipts.next().map(Ok),
            false => Some(Err(RowRefused::currency_mismatch())),
        });
        Ok(told.collect())
    }

    /// Asks again for a while where too much is waiting: the client has been told nothing yet.
    async fn submit(&self, commands: Vec<Command>) -> Result<Vec<Receipt>, Unavailable> {
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        let mut tries_left = TRIES;
        loop {
            match self.ledger.post(commands.clone()).await {
                Err(Unavailable::Overloaded) if tries_left > 0 => {
                    tries_left -= 1;
                    tokio::time::sleep(PAUSE).await;
                }
                answer => return answer,
            }
        }
    }

    /// Hands answers on, once there is room for them.
    async fn answer(&self, out: Vec<u8>) -> Result<(), Ended> {
        let wanted = u32::try_from(out.len().min(ANSWERS_WAITING_BYTES)).map_err(|_| Ended)?;
        // Whoever went away will send the file again: nothing more is posted for them.
        tokio::select! {
            () = self.answers.closed() => Err(Ended),
            room = Arc::clone(&self.room).acquire_many_owned(wanted) => {
                let room = room.map_err(|_| Ended)?;
                self.answers.send((out.into(), room)).map_err(|_| Ended)
            }
        }
    }
}
