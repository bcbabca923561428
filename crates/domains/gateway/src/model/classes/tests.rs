//! Which routes are dear and which are urgent.

use super::*;

#[test]
fn method_and_path_tell_cost_and_class() {
    for (line, expected_cost, expected_class) in [
        ("GET /index.html", Cost::Page, Class::Pages),
        ("GET /console/ledger", Cost::Page, Class::Pages),
        ("GET /healthz", Cost::Browse, Class::Protective),
        ("GET /metrics", Cost::Browse, Class::Browse),
        ("POST /api/identity/sign-in", Cost::Secret, Class::Money),
        ("POST /api/identity/console/passkey-sign-in/options", Cost::Secret, Class::Money),
        ("PUT /api/identity/pin", Cost::Secret, Class::Money),
        ("POST /api/identity/sign-out", Cost::Browse, Class::Protective),
        ("POST /api/identity/console/sign-out", Cost::Browse, Class::Protective),
        ("DELETE /api/identity/sessions/{id}", Cost::Browse, Class::Protective),
        ("POST /api/identity/approvals/{id}/refuse", Cost::Browse, Class::Protective),
        ("POST /api/identity/approvals/{id}", Cost::Act, Class::Money),
        ("GET /api/identity/approvals", Cost::Browse, Class::Money),
        ("GET /api/identity/session", Cost::Browse, Class::Money),
        ("GET /api/identity/sessions", Cost::Browse, Class::Own),
        ("POST /api/accounts/console/{id}/freeze", Cost::Browse, Class::Protective),
        ("POST /api/accounts/console/{id}/unfreeze", Cost::Act, Class::Money),
        ("DELETE /api/accounts/{id}/authorized-persons/{customer_id}", Cost::Act, Class::Money),
        ("POST /api/payments/transfers", Cost::Act, Class::Money),
        ("GET /api/payments/transfers/{id}", Cost::Browse, Class::Money),
        ("GET /api/payments/payees", Cost::Browse, Class::Own),
        ("GET /api/accounts", Cost::Browse, Class::Own),
        ("HEAD /api/accounts/{id}/movements", Cost::Browse, Class::Own),
        ("GET /api/accounts/rates", Cost::Browse, Class::Browse),
        ("GET /api/accounts/console/search", Cost::Search, Class::Browse),
        ("GET /api/customers/me", Cost::Browse, Class::Own),
        ("GET /api/customers/documents", Cost::Browse, Class::Browse),
        ("POST /api/payments/third-party/payee-checks", Cost::Act, Class::Bulk),
        ("POST /api/identity/third-party/token", Cost::Secret, Class::Bulk),
        ("DELETE /api/identity/third-party/session", Cost::Browse, Class::Protective),
        ("POST /api/ledger/batch/transfers", Cost::Act, Class::Bulk),
        ("GET /api/about", Cost::Browse, Class::Browse),
    ] {
        let (method, path) = line.split_once(' ').unwrap();
        assert_eq!((cost(method, path), class(method, path)), (expected_cost, expected_class), "{line}");
        let concrete = path.replace("{id}", "0190").replace("{customer_id}", "0191");
        assert_eq!(class(method, &concrete), expected_class, "{line}: a path that fits the pattern");
    }
}

#[test]
fn settings_name_routes_by_operation_or_by_method_and_path() {
    for (name, named) in [
        ("accounts_close", true),
        ("accounts_open", false),
        ("POST /api/accounts/{id}/close", true),
        ("POST /api/accounts/{account_id}/close", true),
        ("POST /api/accounts/7/close", true),
        ("GET /api/accounts/{id}/close", false),
        ("POST /api/accounts/{id}", false),
        ("POST /api/accounts/{id}/close/now", false),
        ("POST /api/accounts/{id}/{what}", true),
    ] {
        let path = "/api/accounts/7/close";
        assert_eq!(is_named(name, "accounts_close", "POST", path), named, "{name}");
    }
    assert!(!is_named("", "", "POST", "/api/accounts"), "a route without operation has no name");
}
