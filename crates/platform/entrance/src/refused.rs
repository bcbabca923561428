//! Why a request or a connection is refused, and what is said of it.

use axum::response::{IntoResponse, Response};
use http::{Consequence, Problem};

/// Why. What cannot be read in one way only is refused, because whoever stands in front may read it in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// As many connections as may be.
    Connections,
    /// As many of this address as may be.
    AddressConnections,
    /// A proxy did not say whom it speaks for.
    Proxy,
    /// No TLS handshake, or one that failed.
    Handshake,
    /// The handshake took too long.
    HandshakeTime,
    /// The head of a request took too long.
    HeadTime,
    /// A body came too slowly.
    BodyTime,
    /// The client took nothing of an answer, or nothing happened at all.
    Stalled,
    /// The head is too large.
    HeadSize,
    /// Too many headers.
    HeaderCount,
    /// A line does not end with CR LF (RFC 9112, 2.2), or there are empty lines.
    LineEnding,
    /// Not `method target version` with single spaces (RFC 9112, 3).
    RequestLine,
    /// Not HTTP/1.1 or 1.0.
    Version,
    /// A method that asks for a tunnel.
    Tunnel,
    /// A target that is no path and no address of ours (RFC 9112, 3.2).
    Target,
    /// A header without a proper name, or with space before the colon (RFC 9112, 5.1).
    HeaderName,
    /// A header over several lines (RFC 9112, 5.2).
    Folded,
    /// A control character in a header (RFC 9110, 5.5).
    Control,
    /// None, more than one or a malformed `Host` (RFC 9112, 3.2).
    Host,
    /// The target names another authority than `Host` (RFC 9112, 3.2.2; RFC 9113, 8.3.1).
    Authority,
    /// `Content-Length` that is no number, or twice (RFC 9112, 6.3).
    Length,
    /// `Transfer-Encoding` other than `chunked`, once, in HTTP/1.1 (RFC 9112, 6.1).
    TransferEncoding,
    /// Both of them (RFC 9112, 6.3).
    TwoLengths,
    /// A chunk that is none (RFC 9112, 7.1).
    Chunk,
    /// What follows the rules of HTTP/2 in order to wear us out.
    Flood,
    /// What breaks the rules of HTTP/2 (RFC 9113).
    Frames,
}

impl Refused {
    /// The label of the metric.
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::Connections => "connections",
            Self::AddressConnections => "address_connections",
            Self::Proxy => "proxy",
            Self::Handshake => "handshake",
            Self::HandshakeTime => "handshake_time",
            Self::HeadTime => "head_time",
            Self::BodyTime => "body_time",
            Self::Stalled => "stalled",
            Self::HeadSize => "head_size",
            Self::HeaderCount => "header_count",
            Self::LineEnding => "line_ending",
            Self::RequestLine => "request_line",
            Self::Version => "version",
            Self::Tunnel => "tunnel",
            Self::Target => "target",
            Self::HeaderName => "header_name",
            Self::Folded => "folded",
            Self::Control => "control",
            Self::Host => "host",
            Self::Authority => "authority",
            Self::Length => "length",
            Self::TransferEncoding => "transfer_encoding",
            Self::TwoLengths => "two_lengths",
            Self::Chunk => "chunk",
            Self::Flood => "flood",
            Self::Frames => "frames",
        }
    }

    /// Counts it.
    pub(crate) fn count(self) {
        metrics::counter!("entrance_refused", "reason" => self.reason()).increment(1);
        tracing::debug!(reason = self.reason(), "refused at the entrance");
    }

    /// What the client is told.
    pub(crate) fn answer(self) -> Response {
        let told = match self {
            Self::HeadTime | Self::BodyTime => (
                408,
                "request_too_slow",
                "请求发送过慢，连接已断开，请检查网络后重试。",
                "The request came too slowly. Check your connection and try again.",
            ),
            Self::HeadSize | Self::HeaderCount => (
                431,
                "headers_too_large",
                "请求头过大或过多，请清除本站 Cookie 后重试。",
                "The headers of the request are too large or too many. Remove the cookies of this site and try again.",
            ),
            Self::Version => (
                505,
                "http_version",
                "不支持该 HTTP 版本，请使用 HTTP/1.1 或 HTTP/2。",
                "This version of HTTP is not spoken here. Use HTTP/1.1 or HTTP/2.",
            ),
            Self::Tunnel => (
                501,
                "no_tunnel",
                "本服务不提供代理隧道。",
                "There are no tunnels here. Ask for a page or a route.",
            ),
            _ => (
                400,
                "request_malformed",
                "请求不符合 HTTP 规范，已被拒绝，请更新客户端后重试。",
                "The request does not follow HTTP and was refused. Update the program that sent it.",
            ),
        };
        let consequence = Consequence::new(told.0, told.1, told.2, told.3).with("reason", self.reason());
        Problem::from(consequence).into_response()
    }
}
