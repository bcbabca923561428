//! Routes of accounts.

mod console;
mod customer;
mod movements;
mod public;
mod shapes;
mod third_party;
mod unmask;

use std::sync::Arc;

use http::{Access, Routes};

use crate::service::DepositAccounts;

type Accounts = Arc<DepositAccounts>;

/// Every route with who may enter.
pub(crate) fn routes(accounts: &Accounts) -> Routes {
    Routes::of(Arc::clone(accounts))
        .add(Access::Public, http::routes!(public::check_receipt))
        .add(Access::Customer, http::routes!(customer::rates))
        .add(Access::ThirdParty, http::routes!(third_party::rates))
        .add(Access::Customer, http::routes!(customer::overview, customer::open))
        .add(Access::Customer, http::routes!(customer::show, customer::rename))
        .add(Access::Customer, http::routes!(customer::close))
        .add(Access::Customer, http::routes!(customer::reactivate))
        .add(Access::Customer, http::routes!(customer::persons, customer::authorize))
        .add(Access::Customer, http::routes!(customer::withdraw))
        .add(Access::Customer, http::routes!(movements::list))
        .add(Access::Customer, http::routes!(movements::show))
        .add(Access::Customer, http::routes!(movements::receipt))
        .add(Access::Staff, http::routes!(console::search))
        .add(Access::Staff, http::routes!(console::of_customer))
        .add(Access::Staff, http::routes!(console::show))
        .add(Access::Staff, http::routes!(console::movements))
        .add(Access::Staff, http::routes!(console::state_changes))
        .add(Access::Staff, http::routes!(console::freeze))
        .add(Access::Staff, http::routes!(console::unfreeze))
        .add(Access::Staff, http::routes!(unmask::account))
        .add(Access::Staff, http::routes!(unmask::movement))
        .finish()
}
