//! Routes of payments.

mod limits;
mod payees;
mod third_party;
mod transfers;

use std::sync::Arc;

use http::{Access, Routes};

use crate::error::PaymentsRefused;
use crate::service::{CustomerPayments, Target};

type Payments = Arc<CustomerPayments>;

/// Every route with who may enter.
pub(crate) fn routes(payments: &Payments) -> Routes {
    Routes::of(Arc::clone(payments))
        .add(Access::Customer, http::routes!(payees::check))
        .add(Access::ThirdParty, http::routes!(third_party::check))
        .add(Access::Customer, http::routes!(transfers::order))
        .add(Access::Customer, http::routes!(transfers::show))
        .add(Access::Customer, http::routes!(limits::show, limits::set))
        .add(Access::Customer, http::routes!(payees::list, payees::save))
        .add(Access::Customer, http::routes!(payees::remove))
        .finish()
}

/// Text that a person typed: trimmed, at most `most` characters, without control characters.
fn checked_text(field: &'static str, text: &str, most: usize) -> Result<String, PaymentsRefused> {
    let text = text.trim();
    if text.chars().count() > most || text.chars().any(char::is_control) {
        return Err(PaymentsRefused::Invalid {
            field,
            zh: "内容过长或含有不可用的字符。",
            en: "The text is too long or holds characters that cannot be used.",
        });
    }
    Ok(text.to_owned())
}

/// The payee as exactly one of the ways to name it.
fn target(ways: [Option<Target>; 4]) -> Result<Target, PaymentsRefused> {
    let mut given = ways.into_iter().flatten();
    match (given.next(), given.next()) {
        (Some(target), None) => Ok(target),
        _ => Err(PaymentsRefused::Invalid {
            field: "to",
            zh: "请用账号、手机号、已存收款人或本人账户中的一种方式指定收款方。",
            en: "Name the payee in exactly one way: number, phone, saved payee or own account.",
        }),
    }
}
