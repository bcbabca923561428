//! What is closed when.

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn switch(features: &[&str], operations: &[&str]) -> Switch {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Switch {
        features: owned(features),
        operations: owned(operations),
        reading_open: false,
        from: Some(at("2026-12-01T02:00:00+08:00")),
        until: Some(at("2026-12-01T06:00:00+08:00")),
        zh: String::new(),
        en: String::new(),
    }
}

fn is_closed(switch: &Switch, line: &str, operation: &str, now: &str) -> bool {
    let (method, path) = line.split_once(' ').unwrap();
    let service = classes::service(path).unwrap_or_default();
    let protects = path.ends_with("/freeze");
    let wanted = Wanted { service, operation, method, path, protects };
    closed(std::slice::from_ref(switch), &wanted, at(now)).is_some()
}

#[test]
fn a_switch_closes_what_it_names_while_it_is_on() {
    let payments = switch(&["payments"], &[]);
    let some = switch(&[], &["accounts_close", "PUT /api/identity/pin"]);
    let reading = Switch { reading_open: true, ..switch(&["payments", "accounts"], &[]) };
    let night = "2026-12-01T03:00:00+08:00";
    for (switch, line, operation, now, closed) in [
        (&payments, "POST /api/payments/transfers", "payments_transfer", night, true),
        (&payments, "POST /api/payments/transfers", "payments_transfer", "2026-12-01T01:59:59+08:00", false),
        (&payments, "POST /api/payments/transfers", "payments_transfer", "2026-11-30T18:00:00Z", true),
        (&payments, "POST /api/payments/transfers", "payments_transfer", "2026-12-01T06:00:00+08:00", false),
        (&payments, "GET /api/payments/limits", "payments_limits", night, true),
        (&payments, "GET /api/accounts", "accounts_overview", night, false),
        (&payments, "GET /index.html", "", night, false),
        (&some, "POST /api/accounts/7/close", "accounts_close", night, true),
        (&some, "PUT /api/identity/pin", "", night, true),
        (&some, "POST /api/accounts/7/close", "", night, false),
        (&reading, "GET /api/payments/limits", "payments_limits", night, false),
        (&reading, "PUT /api/payments/limits", "payments_limits_set", night, true),
        (&reading, "POST /api/accounts/console/7/freeze", "", night, false),
        (&reading, "POST /api/accounts/console/7/unfreeze", "", night, true),
    ] {
        assert_eq!(is_closed(switch, line, operation, now), closed, "{line} {operation} at {now}");
    }
}

#[test]
fn of_two_switches_the_longer_one_is_told() {
    let long = Switch { until: None, zh: "long".to_owned(), ..switch(&["payments"], &[]) };
    let switches = [switch(&["payments"], &[]), long, switch(&["payments"], &[])];
    let wanted = Wanted {
        service: "payments",
        operation: "",
        method: "GET",
        path: "/api/payments/limits",
        protects: false,
    };
    let told = closed(&switches, &wanted, at("2026-12-01T03:00:00+08:00")).unwrap();
    assert_eq!(told.zh, "long");
}
