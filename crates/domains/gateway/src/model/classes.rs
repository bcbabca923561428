//! What a request costs and how urgent it is, told from its method and path alone.
//!
//! Patterns (`/api/accounts/{id}`) and the paths that fit them are told alike: of services in other processes the door
//! knows no patterns.

use crate::config::{Class, Cost};

/// Parts of paths of `identity` behind which a secret is asked for or handed out.
const SECRETS: [&str; 16] = [
    "calls",
    "codes",
    "enrollment",
    "envelope",
    "passkey-sign-in",
    "passkeys",
    "password",
    "password-resets",
    "pin",
    "scans",
    "sign-in",
    "sign-up",
    "step-up",
    "tablet",
    "token",
    "totp",
];

/// Last parts of paths by which somebody is protected.
const PROTECTING: [&str; 4] = ["freeze", "refusal", "refuse", "sign-out"];
/// Parts of paths what is removed below which could be in somebody else's hands.
const REVOCABLE: [&str; 5] = ["devices", "recoveries", "session", "sessions", "tablets"];
/// What has to be read before money can move.
const BEFORE_MONEY: [&str; 4] = ["approvals", "calls", "session", "sign-in"];

/// How operators' probes find out whether the process is well.
const PROBES: [&str; 2] = ["/healthz", "/readyz"];

/// A method and a path, taken apart.
#[derive(Clone, Copy)]
struct Line<'a> {
    reads: bool,
    removes: bool,
    path: &'a str,
    /// The first part below `/api/`; empty where the path is not there.
    service: &'a str,
}

impl<'a> Line<'a> {
    fn new(method: &str, path: &'a str) -> Self {
        let service = service(path).unwrap_or_default();
        Self { reads: reads(method), removes: method == "DELETE", path, service }
    }

    fn has(self, names: &[&str]) -> bool {
        self.path.split('/').any(|part| names.contains(&part))
    }

    fn ends(self, names: &[&str]) -> bool {
        self.path.rsplit('/').next().is_some_and(|part| names.contains(&part))
    }

    fn protects(self) -> bool {
        let revokes = self.removes && self.service == "identity" && self.has(&REVOCABLE);
        !self.reads && (self.ends(&PROTECTING) || revokes)
    }
}

/// Whether a method only reads.
pub(crate) fn reads(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "OPTIONS")
}

/// Whose route a path is: `accounts` of `/api/accounts/{id}`.
pub(crate) fn service(path: &str) -> Option<&str> {
    path.strip_prefix("/api/")?.split('/').next()
}

/// What a request costs.
pub(crate) fn cost(method: &str, path: &str) -> Cost {
    let line = Line::new(method, path);
    if line.service.is_empty() {
        let is_page = !PROBES.contains(&path) && path != "/metrics";
        return if is_page { Cost::Page } else { Cost::Browse };
    }
    match line {
        // Nobody should have to wait to be safe.
        _ if line.protects() => Cost::Browse,
        Line { reads: true, .. } if line.ends(&["search"]) => Cost::Search,
        Line { reads: true, .. } => Cost::Browse,
        Line { service: "identity", .. } if line.has(&SECRETS) => Cost::Secret,
        _ => Cost::Act,
    }
}

/// How urgent a request is.
pub(crate) fn class(method: &str, path: &str) -> Class {
    let line = Line::new(method, path);
    if line.service.is_empty() {
        return match path {
            "/metrics" => Class::Browse,
            _ if PROBES.contains(&path) => Class::Protective,
            _ => Class::Pages,
        };
    }
    match line {
        _ if line.protects() => Class::Protective,
        _ if line.has(&["third-party", "batch"]) => Class::Bulk,
        Line { reads: false, .. } => Class::Money,
        Line { service: "identity", .. } if line.has(&BEFORE_MONEY) => Class::Money,
        Line { service: "payments", .. } if line.has(&["transfers"]) => Class::Money,
        _ if line.has(&["console", "rates", "receipt-checks", "search"]) => Class::Browse,
        Line { service: "accounts" | "payments" | "identity", .. } => Class::Own,
        Line { service: "customers", .. } if line.ends(&["me"]) => Class::Own,
        _ => Class::Browse,
    }
}

/// Whether what the settings name is this route: by operation id, or by method and path, in which `{…}` is any part.
/// `path` may be a pattern itself.
pub(crate) fn is_named(name: &str, operation: &str, method: &str, path: &str) -> bool {
    let Some((named_method, pattern)) = name.split_once(' ') else {
        return !operation.is_empty() && name == operation;
    };
    let method = if method == "HEAD" { "GET" } else { method };
    named_method == method && fits(pattern, path)
}

fn fits(pattern: &str, path: &str) -> bool {
    let mut parts = path.split('/');
    let all = pattern.split('/').all(|wanted| {
        parts.next().is_some_and(|part| wanted == part || (wanted.starts_with('{') && !part.is_empty()))
    });
    all && parts.next().is_none()
}

#[cfg(test)]
mod tests;
