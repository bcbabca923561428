//! Tests of whole rules, small ones made for the purpose.

mod expressions;
mod refusals;
mod rules;

use crate::{Findings, Mode, Request, Rules, Sources};

/// Rules from a text.
fn rules(text: &str) -> Rules {
    Rules::load(&sources(text)).unwrap()
}

fn sources(text: &str) -> Sources {
    let phrases = [("words.data".to_owned(), "# comment\nsleep(\n\nxp_cmdshell\n".to_owned())].into();
    Sources { rules: vec![("test.conf".to_owned(), text.to_owned())], phrases }
}

/// A request with a body of JSON.
fn post<'r>(target: &'r str, headers: &'r [(&'r str, &'r [u8])], body: &'r str) -> Request<'r> {
    Request {
        method: "POST",
        target,
        protocol: "HTTP/1.1",
        headers,
        peer: [127, 0, 0, 1].into(),
        body: body.as_bytes(),
    }
}

const JSON: &[(&str, &[u8])] = &[("content-type", b"application/json"), ("host", b"bank.example")];

/// What rules find in a request.
fn inspect(text: &str, request: &Request<'_>) -> Findings {
    let rules = rules(text);
    let policy = rules.policy(Mode::Block, &[], &[]).unwrap();
    rules.inspect(request, &policy)
}
