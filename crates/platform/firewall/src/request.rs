//! A request as rules see it: collections of named values.

mod form;
mod json;
mod multipart;
mod xml;

use std::borrow::Cow;
use std::net::IpAddr;

use crate::seclang::Collection;
use crate::texts::{TextId, Texts};
use crate::transform::url_decoded;

/// A request as it arrived, before anything of it was decoded.
#[derive(Debug, Clone, Copy)]
pub struct Request<'r> {
    /// `GET`, `POST`.
    pub method: &'r str,
    /// The request target: path and query, or absolute.
    pub target: &'r str,
    /// `HTTP/1.1`, `HTTP/2.0`.
    pub protocol: &'r str,
    /// Names in lower case with values, in the order of arrival.
    pub headers: &'r [(&'r str, &'r [u8])],
    /// Who asks.
    pub peer: IpAddr,
    /// The whole body.
    pub body: &'r [u8],
}

impl<'r> Request<'r> {
    pub(crate) fn header(&self, name: &str) -> Option<&'r [u8]> {
        self.headers.iter().find(|(of, _)| of.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }
}

/// A value with its name.
#[derive(Debug, Clone)]
pub(crate) struct Entry<'r> {
    pub(crate) name: Cow<'r, [u8]>,
    pub(crate) value: TextId,
}

/// Everything that rules can look at, but what belongs to the transaction.
pub(crate) struct Collections<'r> {
    all: Vec<Vec<Entry<'r>>>,
    /// Bytes of all arguments with their names.
    combined: usize,
    /// Whether there were more arguments than are looked at.
    pub(crate) is_overfull: bool,
}

/// Arguments that are looked at, those of the query and of the body together: as many as ModSecurity does by default
/// (`SecArgumentsLimit`). Each may cost tens of microseconds, so that a small body of thousands would be a large request.
pub(crate) const ARGUMENTS_MAX: usize = 1_000;

const COLLECTIONS: usize = Collection::XmlAttributes as usize + 1;

impl<'r> Collections<'r> {
    /// What is known before the body.
    pub(crate) fn of_head(request: &Request<'r>, texts: &mut Texts<'r>) -> Self {
        let mut all = Self { all: vec![Vec::new(); COLLECTIONS], combined: 0, is_overfull: false };
        let path_and_query = match request.target.split_once("://") {
            Some((_, rest)) if !request.target.starts_with('/') => {
                rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/")
            }
            _ => request.target,
        };
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let file = decoded(path.as_bytes());
        let basename = file.rsplit(|byte| matches!(byte, b'/' | b'\\')).next().unwrap_or_default().to_vec();
        let line = format!("{} {} {}", request.method, request.target, request.protocol);
        for (collection, value) in [
            (Collection::RequestMethod, request.method),
            (Collection::RequestUriRaw, request.target),
            (Collection::RequestUri, path_and_query),
            (Collection::RequestProtocol, request.protocol),
            (Collection::QueryString, query),
        ] {
            all.single(collection, Cow::Borrowed(value.as_bytes()), texts);
        }
        all.single(Collection::RequestFilename, file, texts);
        all.single(Collection::RequestBasename, Cow::Owned(basename), texts);
        all.single(Collection::RequestLine, Cow::Owned(line.into_bytes()), texts);
        all.single(Collection::RemoteAddr, Cow::Owned(request.peer.to_string().into_bytes()), texts);
        all.single(Collection::Duration, Cow::Borrowed(b"0"), texts);
        all.single(Collection::RequestBodyError, Cow::Borrowed(b"0"), texts);
        for (name, value) in request.headers {
            let name = name.as_bytes();
            all.push(Collection::RequestHeaders, Cow::Borrowed(name), Cow::Borrowed(value), texts);
            all.push(Collection::RequestHeadersNames, Cow::Borrowed(name), Cow::Borrowed(name), texts);
            if name.eq_ignore_ascii_case(b"cookie") {
                all.cookies(value, texts);
            }
        }
        for (name, value) in form::pairs(query.as_bytes()) {
            all.argument(Collection::ArgsGet, name, value, texts);
        }
        all.combined_size(texts);
        all
    }

    pub(crate) fn entries(&self, collection: Collection) -> &[Entry<'r>] {
        self.all.get(collection as usize).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn push(
        &mut self,
        collection: Collection,
        name: Cow<'r, [u8]>,
        value: Cow<'r, [u8]>,
        texts: &mut Texts<'r>,
    ) {
        let value = texts.add(value);
        if let Some(entries) = self.all.get_mut(collection as usize) {
            entries.push(Entry { name, value });
        }
    }

    /// Sets what has one value.
    fn single(&mut self, collection: Collection, value: Cow<'r, [u8]>, texts: &mut Texts<'r>) {
        if let Some(entries) = self.all.get_mut(collection as usize) {
            entries.clear();
        }
        self.push(collection, Cow::Borrowed(b""), value, texts);
    }

    fn cookies(&mut self, header: &'r [u8], texts: &mut Texts<'r>) {
        for cookie in header.split(|byte| *byte == b';') {
            let cookie = cookie.trim_ascii();
            let at = memchr::memchr(b'=', cookie).unwrap_or(cookie.len());
            let (name, value) = cookie.split_at_checked(at).unwrap_or((cookie, b""));
            if name.is_empty() {
                continue;
            }
            let value = value.strip_prefix(b"=").unwrap_or(value);
            self.push(Collection::RequestCookies, Cow::Borrowed(name), Cow::Borrowed(value), texts);
            self.push(Collection::RequestCookiesNames, Cow::Borrowed(name), Cow::Borrowed(name), texts);
        }
    }

    /// An argument of the query (`ArgsGet`) or of the body (`ArgsPost`), and its name.
    pub(crate) fn argument(
        &mut self,
        of: Collection,
        name: Cow<'r, [u8]>,
        value: Cow<'r, [u8]>,
        texts: &mut Texts<'r>,
    ) {
        if self.entries(Collection::Args).len() >= ARGUMENTS_MAX {
            self.is_overfull = true;
            return;
        }
        self.combined += name.len() + value.len();
        let names =
            if of == Collection::ArgsGet { Collection::ArgsGetNames } else { Collection::ArgsPostNames };
        let (named, valued) = (texts.add(name.clone()), texts.add(value));
        for (collection, value) in
            [(of, valued), (Collection::Args, valued), (names, named), (Collection::ArgsNames, named)]
        {
            if let Some(entries) = self.all.get_mut(collection as usize) {
                entries.push(Entry { name: name.clone(), value });
            }
        }
    }

    fn combined_size(&mut self, texts: &mut Texts<'r>) {
        let size = self.combined.to_string().into_bytes();
        self.single(Collection::ArgsCombinedSize, Cow::Owned(size), texts);
    }

    /// Adds what the body holds, read as `processor` says (`URLENCODED`, `JSON`, `MULTIPART`, `XML`).
    pub(crate) fn add_body(
        &mut self,
        request: &Request<'r>,
        processor: &str,
        forced: bool,
        texts: &mut Texts<'r>,
    ) {
        let body = request.body;
        self.single(Collection::RequestBodyProcessor, Cow::Owned(processor.as_bytes().to_vec()), texts);
        let length = body.len().to_string().into_bytes();
        self.single(Collection::RequestBodyLength, Cow::Owned(length), texts);
        let read = match processor {
            "URLENCODED" => {
                for (name, value) in form::pairs(body) {
                    self.argument(Collection::ArgsPost, name, value, texts);
                }
                true
            }
            "JSON" => json::arguments(body, |name, value| {
                self.argument(Collection::ArgsPost, Cow::Owned(name), Cow::Owned(value), texts);
            }),
            "MULTIPART" => {
                multipart::parts(request.header("content-type").unwrap_or_default(), body, self, texts)
            }
            "XML" => xml::texts(body, self, texts),
            _ => true,
        };
        if forced || processor == "URLENCODED" || processor.is_empty() || !read {
            self.single(Collection::RequestBody, Cow::Borrowed(body), texts);
        }
        if !read {
            self.single(Collection::RequestBodyError, Cow::Borrowed(b"1"), texts);
        }
        let files = self.entries(Collection::Files).len();
        self.single(
            Collection::FilesCombinedSize,
            Cow::Owned((files * body.len()).to_string().into_bytes()),
            texts,
        );
        self.combined_size(texts);
    }
}

/// How a body of this media type is read, where no rule says otherwise.
pub(crate) fn processor_of(content_type: &[u8]) -> &'static str {
    let essence =
        content_type.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii().to_ascii_lowercase();
    match essence.as_slice() {
        b"application/x-www-form-urlencoded" => "URLENCODED",
        b"multipart/form-data" => "MULTIPART",
        b"text/xml" | b"application/xml" => "XML",
        b"application/json" => "JSON",
        other if other.ends_with(b"+json") => "JSON",
        other if other.ends_with(b"+xml") => "XML",
        _ => "",
    }
}

fn decoded(raw: &[u8]) -> Cow<'_, [u8]> {
    url_decoded(raw).map_or(Cow::Borrowed(raw), Cow::Owned)
}
