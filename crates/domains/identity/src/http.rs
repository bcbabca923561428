//! Routes of identity.

mod approvals;
mod caller;
mod calls;
mod console;
mod console_door;
mod countersignatures;
mod customer;
mod devices;
mod embedded;
mod emergencies;
mod number_hold;
mod own;
mod passkeys;
mod privacy;
mod recovery;
mod scans;
mod shapes;
mod tablets;
mod third_parties;
mod totp;

use std::sync::Arc;

use http::{Access, Routes, routes};

use crate::service::Identities;

/// Every route, with who may enter.
pub(crate) fn routes_of(identities: Arc<Identities>) -> Routes {
    Routes::of(identities)
        .add(Access::Public, routes!(customer::send_code))
        .add(Access::Public, routes!(customer::envelope))
        .add(Access::Public, routes!(customer::sign_up))
        .add(Access::Public, routes!(customer::sign_in))
        .add(Access::Public, routes!(recovery::ask))
        .add(Access::Public, routes!(passkeys::begin_sign_in))
        .add(Access::Public, routes!(passkeys::sign_in))
        .add(Access::Public, routes!(scans::begin))
        .add(Access::Public, routes!(scans::sign_in))
        .add(Access::Public, routes!(tablets::claim))
        .add(Access::Public, routes!(third_parties::token))
        .add(Access::Customer, routes!(own::session))
        .add(Access::Customer, routes!(own::sign_out))
        .add(Access::Customer, routes!(own::sessions))
        .add(Access::Customer, routes!(own::end_session))
        .add(Access::Customer, routes!(own::set_pin))
        .add(Access::Customer, routes!(own::change_password))
        .add(Access::Customer, routes!(own::sign_ins))
        .add(Access::Customer, routes!(embedded::exchange))
        .add(Access::Customer, routes!(recovery::list, recovery::refuse))
        .add(Access::Customer, routes!(scans::take))
        .add(Access::Customer, routes!(scans::approve))
        .add(Access::Customer, routes!(scans::refuse))
        .add(Access::Customer, routes!(calls::list))
        .add(Access::Customer, routes!(calls::approve))
        .add(Access::Customer, routes!(calls::refuse))
        .add(Access::Customer, routes!(approvals::list))
        .add(Access::Customer, routes!(approvals::show, approvals::approve))
        .add(Access::Customer, routes!(approvals::begin))
        .add(Access::Customer, routes!(approvals::refuse))
        .add(Access::Customer, routes!(devices::list))
        .add(Access::Customer, routes!(devices::remove))
        .add(Access::Customer, routes!(passkeys::list, passkeys::add))
        .add(Access::Customer, routes!(passkeys::begin))
        .add(Access::Customer, routes!(passkeys::remove))
        .add(Access::Customer, routes!(passkeys::begin_step_up))
        .add(Access::Customer, routes!(passkeys::step_up))
        .add(Access::Customer, routes!(totp::show, totp::confirm, totp::remove))
        .add(Access::Customer, routes!(totp::begin))
        .add(Access::Customer, routes!(privacy::export))
        .add(Access::Customer, routes!(privacy::erasure, privacy::ask, privacy::withdraw))
        .add(Access::Public, routes!(console_door::ways, console_door::sign_in))
        .add(Access::Public, routes!(console_door::begin_passkey))
        .add(Access::Public, routes!(console_door::passkey))
        .add(Access::Public, routes!(console_door::begin_enrollment))
        .add(Access::Public, routes!(console_door::enroll))
        .add(Access::Staff, routes!(console::session))
        .add(Access::Staff, routes!(console::sign_out))
        .add(Access::Staff, routes!(passkeys::begin_staff_step_up))
        .add(Access::Staff, routes!(passkeys::staff_step_up))
        .add_checked(Access::Staff, console::check_new, routes!(console::staff, console::add_staff))
        .add(Access::Staff, routes!(console::remove_staff))
        .add(Access::Staff, routes!(countersignatures::list))
        .add(
            Access::Staff,
            routes!(countersignatures::show, countersignatures::give, countersignatures::withdraw),
        )
        .add(Access::Staff, routes!(countersignatures::refuse))
        .add(Access::Staff, routes!(emergencies::list, emergencies::begin))
        .add(Access::Staff, routes!(emergencies::end))
        .add(Access::Staff, routes!(emergencies::review))
        .add(Access::Staff, routes!(console::enroll_staff))
        .add(Access::Staff, routes!(privacy::console_erasure, privacy::console_take))
        .add(Access::Staff, routes!(recovery::console_list))
        .add(Access::Staff, routes!(recovery::vouch))
        .add(Access::Staff, routes!(number_hold::show, number_hold::lift))
        .add_checked(
            Access::Staff,
            third_parties::check_new,
            routes!(third_parties::list, third_parties::add),
        )
        .add(Access::Staff, routes!(third_parties::remove))
        .add_checked(Access::Staff, third_parties::check_key, routes!(third_parties::add_key))
        .add(Access::Staff, routes!(third_parties::remove_key))
        .add(Access::Staff, routes!(tablets::list, tablets::add))
        .add(Access::Staff, routes!(tablets::remove))
        .add(Access::ThirdParty, routes!(third_parties::session, third_parties::revoke))
        .add(Access::ThirdParty, routes!(calls::begin))
        .add(Access::ThirdParty, routes!(calls::enter))
        .finish()
}

/// Every request that carries secrets, all of them `canary`, as a careless log line would print it.
#[cfg(test)]
pub(crate) fn debugged(canary: &str) -> Vec<String> {
    fn print<T: serde::de::DeserializeOwned + std::fmt::Debug>(body: serde_json::Value) -> String {
        let body: T = serde_json::from_value(body).unwrap();
        format!("{body:?} {body:#?}")
    }
    use serde_json::json;
    let id = "1";
    vec![
        print::<shapes::SignUpRequest>(
            json!({"phone": id, "code": canary, "name": id, "id_number": id, "password": canary}),
        ),
        print::<shapes::SignInRequest>(
            json!({"name": id, "password": canary, "code": canary, "totp": canary}),
        ),
        print::<shapes::PasswordResetRequest>(
            json!({"phone": id, "code": canary, "id_number": id, "password": canary}),
        ),
        print::<shapes::calls::CallEnterRequest>(json!({"pin": canary})),
        print::<shapes::scans::ScanTaken>(json!({"code": canary})),
        print::<shapes::passkeys::StepUpRequest>(json!({"password": canary, "totp": canary})),
        print::<shapes::totp::TotpConfirmation>(json!({"code": canary})),
        print::<shapes::PinRequest>(json!({"password": canary, "pin": canary})),
        print::<shapes::PasswordRequest>(json!({"old": canary, "new": canary})),
        print::<shapes::staff::StaffSignInRequest>(json!({"name": id, "password": canary})),
        print::<shapes::tablets::TabletClaim>(json!({"code": canary})),
        print::<shapes::staff::EnrollmentBeginRequest>(json!({"name": id, "code": canary})),
        format!("{:?}", shapes::Shown::from(&secrecy::Secret::new(canary.to_owned()))),
    ]
}
