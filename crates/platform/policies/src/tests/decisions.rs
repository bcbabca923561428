//! Who may do what.

use std::path::Path;

use contracts::audit::Subject;
use ids::{CustomerId, StaffId};
use proptest::prelude::*;

use super::{NO_MINI_PROGRAM, may, with};
use crate::{Files, May, PolicySet, Who, changes, whos};

#[test]
fn the_product_is_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../config/policies");
    assert_eq!(Files::read(&folder).unwrap(), Files::embedded(), "every file of the folder is built in");
    let set = PolicySet::embedded().unwrap();
    for policy in set.policies() {
        assert!(!policy.says_en.is_empty(), "`{}` speaks no English", policy.id);
    }
    // Each action can be done by somebody, and each group has its case for each kind of principal of its own.
    for action in set.schema().actions() {
        assert!(whos().iter().any(|who| who.may(action, &set) != May::No), "nobody may `{action}`");
    }
}

#[test]
fn what_is_not_allowed_is_denied() {
    let set = PolicySet::embedded().unwrap();
    let about = |who: &str, action: &str| Who::named(who).unwrap().may_about(action, &[], &set);
    let (may, decision) = about("administrator", "accounts_console_freeze");
    assert_eq!(may, May::Yes);
    assert_eq!(decision.policies.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), ["staff.administrator"]);
    for (who, action) in [
        ("viewer", "accounts_console_freeze"),
        ("customer", "accounts_console_freeze"),
        ("administrator", "payments_transfer"),
        ("administrator", "no_such_action"),
        ("administrator", ""),
        ("administrator", "console_freeze"),
    ] {
        assert_eq!(about(who, action), (May::No, http::Decision::denied()), "{who} {action}");
    }
}

#[test]
fn a_bank_writes_that_mini_programs_may_not_transfer() {
    let set = with(NO_MINI_PROGRAM).unwrap();
    let customer = Who::named("customer").unwrap();
    for (channel, allowed) in [("app", true), ("web", true), ("mini_program", false)] {
        let who = customer.with_channel(channel).unwrap();
        let (_, decision) = who.may_about("payments_transfer", &[], &set);
        assert_eq!(decision.allowed, allowed, "{channel}");
        let by = if allowed { "customers.own" } else { "own.no_mini_program" };
        assert_eq!(&*decision.policies[0], by, "{channel}");
    }
    assert!(customer.with_channel("mini_program").unwrap().may("accounts_overview", &set) == May::Yes);
}

#[test]
fn assurance_and_whom_a_path_names_are_known() {
    let customer = CustomerId::seeded(0, [2; 10]);
    let own = format!(
        r#"
        @id("own.sure") @says("移除员工须两个因素")
        forbid (principal is Staff, action == Action::"identity_console_remove_staff", resource)
        unless {{ context.assurance >= 2 }};
        @id("own.not_oneself") @says("不得移除自己")
        forbid (principal is Staff, action == Action::"identity_console_remove_staff", resource)
        when {{ context has staff && context.staff == principal }};
        @id("own.not_this_customer") @says("该客户仅由柜员处理")
        forbid (principal, action == Action::"customers_console_show", resource == Service::"customers")
        when {{ context has customer && context.customer == Customer::"{customer}" }};
        "#
    );
    let set = with(&own).unwrap();
    let administrator = Who::named("administrator").unwrap();
    for (level, about, allowed) in [
        ("1", administrator.another(), May::No),
        ("2", administrator.another(), May::Countersigned),
        ("3", administrator.another(), May::Countersigned),
        ("3", administrator.oneself(), May::No),
        ("3", Subject::Staff(StaffId::mint()), May::Countersigned),
    ] {
        let who = administrator.with_level(level).unwrap();
        let (may, _) = who.may_about("identity_console_remove_staff", &[about], &set);
        assert_eq!(may, allowed, "{level} {about:?}");
    }
    for (customer, allowed) in [(customer, false), (CustomerId::mint(), true)] {
        let about = [Subject::Customer(customer)];
        let (may, _) = administrator.may_about("customers_console_show", &about, &set);
        assert_eq!(may == May::Yes, allowed, "{customer}");
    }
}

#[test]
fn a_bank_writes_what_takes_two_pairs_of_eyes() {
    let before = PolicySet::embedded().unwrap();
    let set = with(
        r#"
        @id("own.freeze") @says("冻结须复核")
        forbid (principal is Staff, action == Action::"accounts_console_freeze", resource)
        unless { context.countersigned };
        "#,
    )
    .unwrap();
    for who in ["operator", "administrator"] {
        let who = Who::named(who).unwrap();
        assert_eq!(who.may("accounts_console_freeze", &set), May::Countersigned);
        assert_eq!(who.in_emergency().may("accounts_console_freeze", &set), May::Countersigned);
        assert_eq!(who.may("accounts_console_unfreeze", &set), May::Yes);
    }
    assert_eq!(Who::named("viewer").unwrap().may("accounts_console_freeze", &set), May::No, "not even so");
    let found = changes(&before, &set);
    let found: Vec<_> = found.iter().map(|one| (one.kind, one.action.as_str(), one.may)).collect();
    let freeze = "accounts_console_freeze";
    assert_eq!(
        found,
        [("operator", freeze, May::Countersigned), ("administrator", freeze, May::Countersigned)]
    );
}

/// Cedar itself passes over a policy that it cannot evaluate.
#[test]
fn a_policy_that_cannot_be_evaluated_denies() {
    let set = with(
        r#"
        @id("own.overflow") @says("溢出")
        forbid (principal is Customer, action == Action::"payments_transfer", resource)
        when { context.assurance + 9223372036854775807 < 0 };
        "#,
    )
    .unwrap();
    assert!(!may("customer", "payments_transfer", &set));
    assert!(may("customer", "payments_payees", &set));
}

#[test]
fn changes_name_whom_they_concern() {
    let before = PolicySet::embedded().unwrap();
    assert_eq!(changes(&before, &before), []);
    let found = changes(&before, &with(NO_MINI_PROGRAM).unwrap());
    let actions: Vec<&str> = found.iter().map(|change| change.action.as_str()).collect();
    assert_eq!(
        actions,
        ["payments_payee_check", "payments_payee_remove", "payments_payee_save", "payments_transfer"]
    );
    for change in &found {
        assert_eq!((change.kind, change.may, change.for_all), ("customer", May::No, false));
        assert!(change.whos.iter().all(|who| who.channel_name() == "mini_program"));
        assert_eq!(change.whos.len(), 3, "with each assurance");
    }
    let more = with(
        r#"@id("own.freeze") @says("查询员可以冻结")
        permit (principal in Role::"viewer", action == Action::"accounts_console_freeze", resource);"#,
    );
    let found = changes(&before, &more.unwrap());
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].kind, found[0].may, found[0].for_all), ("viewer", May::Yes, true));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Edited at random, files are refused or hold; and whatever holds denies staff what only customers do.
    #[test]
    fn random_edits_are_refused_or_hold(at in 0usize..4_000, cut in 0usize..40, put in "[ -~]{0,8}") {
        let mut files = Files { cases: None, ..Files::embedded() };
        let text = &mut files.policies.last_mut().unwrap().text;
        let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
        let to = (at..=text.len()).find(|to| *to >= at + cut && text.is_char_boundary(*to)).unwrap_or(text.len());
        text.replace_range(at..to, &put);
        match PolicySet::try_new(files) {
            Err(faults) => prop_assert!(!faults.0.is_empty()),
            Ok(set) => prop_assert!(!may("administrator", "payments_transfer", &set)),
        }
    }
}
