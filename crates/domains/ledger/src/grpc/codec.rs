//! How messages are read and written: rows in bulk by hand ([`super::rows`]), everything else by `prost`.

use std::marker::PhantomData;

use prost::bytes::{Buf, BufMut};
use tonic::Status;
use tonic::codec::{BufferSettings, Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

use super::generated;

/// A buffer of this size is taken for each stream before anything has come.
const BUFFER_BYTES: usize = 8 * 1024;
/// Answers gathered before they are handed on, where more are ready: as large as a frame may be.
const YIELD_BYTES: usize = 256 * 1024;

/// A message that is read.
pub trait Incoming: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// What is wrong and what to do.
    fn read(bytes: &[u8]) -> Result<Self, String>;
}

/// A message that is written.
pub trait Outgoing {
    /// Writes it at the end of `out`.
    fn write(&self, out: &mut Vec<u8>);
}

macro_rules! by_prost {
    ($($message:ident)*) => {$(
        impl Incoming for generated::$message {
            fn read(bytes: &[u8]) -> Result<Self, String> {
                <Self as prost::Message>::decode(bytes).map_err(|error| {
                    format!("the bytes are no `{}`: {error}", stringify!($message))
                })
            }
        }

        impl Outgoing for generated::$message {
            fn write(&self, out: &mut Vec<u8>) {
                prost::Message::encode_raw(self, out);
            }
        }
    )*};
}

by_prost! {
    LookupAccountsRequest LookupAccountsResponse QueryHistoryRequest QueryHistoryResponse
    QueryDayBalancesRequest QueryDayBalancesResponse
}

/// Sends `S` and reads `R`.
#[derive(Debug)]
pub struct WireCodec<S, R>(PhantomData<(S, R)>);

impl<S, R> Default for WireCodec<S, R> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<S: Outgoing + Send + 'static, R: Incoming + Send + 'static> Codec for WireCodec<S, R> {
    type Encode = S;
    type Decode = R;
    type Encoder = Writing<S>;
    type Decoder = Reading<R>;

    fn encoder(&mut self) -> Writing<S> {
        Writing { buffer: Vec::new(), message: PhantomData }
    }

    fn decoder(&mut self) -> Reading<R> {
        Reading(PhantomData)
    }
}

/// Writes messages.
#[derive(Debug)]
pub struct Writing<S> {
    buffer: Vec<u8>,
    message: PhantomData<S>,
}

impl<S: Outgoing> Encoder for Writing<S> {
    type Item = S;
    type Error = Status;

    fn encode(&mut self, message: S, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        self.buffer.clear();
        message.write(&mut self.buffer);
        out.reserve(self.buffer.len());
        out.put_slice(&self.buffer);
        Ok(())
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::new(BUFFER_BYTES, YIELD_BYTES)
    }
}

/// Reads messages.
#[derive(Debug)]
pub struct Reading<R>(PhantomData<R>);

impl<R: Incoming> Decoder for Reading<R> {
    type Item = R;
    type Error = Status;

    fn decode(&mut self, bytes: &mut DecodeBuf<'_>) -> Result<Option<R>, Status> {
        // The message lies in one piece: whatever came in frames was gathered before.
        let (chunk, length) = (bytes.chunk(), bytes.remaining());
        let message = match chunk.len() == length {
            true => R::read(chunk),
            false => R::read(&bytes.copy_to_bytes(length)),
        };
        bytes.advance(bytes.remaining());
        message.map(Some).map_err(Status::invalid_argument)
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::new(BUFFER_BYTES, YIELD_BYTES)
    }
}
