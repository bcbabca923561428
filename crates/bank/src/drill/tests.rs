//! Tests of what a drill counts with, and of its table of faults.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::cluster::read_members;
use super::count::{
    Acknowledged, Histories, Verdict, balance_told, judge, longest_gap_ms, outage_ms, seconds, told,
};
use super::faults::{FAULTS, chosen};
use super::leader::machine_of;
use super::network::{Cut, rules};
use super::site::Machine;

#[test]
fn the_longest_gap_is_found_edges_included() {
    for (acknowledged, from, until, expected) in [
        (vec![], 100, 400, 300),
        (vec![100, 150, 390, 400], 100, 400, 240),
        (vec![350], 100, 400, 250),
        (vec![150], 100, 400, 250),
        (vec![390, 150, 120], 100, 400, 240),
        (vec![50, 60, 900], 100, 400, 300),
    ] {
        assert_eq!(longest_gap_ms(&acknowledged, from, until), expected, "{acknowledged:?}");
    }
    assert_eq!((outage_ms(90, 100), outage_ms(101, 100)), (0, 101));
    assert_eq!(
        (seconds(0), seconds(49), seconds(50), seconds(22_649)),
        ("0.0".into(), "0.0".into(), "0.1".into(), "22.6".into())
    );
}

fn paid(transfers: &[&str]) -> Vec<Acknowledged> {
    transfers
        .iter()
        .map(|transfer| Acknowledged { payer: 0, payee: 8, transfer: (*transfer).to_owned() })
        .collect()
}

fn histories(rows: &[(usize, &str, u32)]) -> Histories {
    rows.iter().map(|(customer, transfer, count)| ((*customer, (*transfer).to_owned()), *count)).collect()
}

#[test]
fn what_is_lost_and_what_is_doubled_is_counted() {
    let both = |transfer, count| [(0, transfer, count), (8, transfer, count)];
    let verdict = |lost, duplicated| Verdict { lost, duplicated };
    for (acknowledged, found, expected, why) in [
        (vec!["a", "b"], [both("a", 1), both("b", 1)].concat(), verdict(0, 0), "all is there once"),
        (vec!["a", "b"], both("a", 1).to_vec(), verdict(1, 0), "one is gone"),
        (vec!["a"], vec![(0, "a", 1)], verdict(1, 0), "one side is gone"),
        (vec!["a"], both("a", 3).to_vec(), verdict(0, 2), "one is there three times"),
        (vec!["a"], [both("a", 1), both("x", 1)].concat(), verdict(0, 1), "one was never acknowledged"),
        (vec!["a", "a"], both("a", 1).to_vec(), verdict(1, 0), "two keys were given one transfer"),
        (vec!["a"], both("x", 1).to_vec(), verdict(1, 1), "another one instead"),
    ] {
        assert_eq!(judge(&paid(&acknowledged), &histories(&found)), expected, "{why}");
    }
}

#[test]
fn everybody_is_told_once() {
    for (balances, movements, incoming, expected) in [
        (vec![101, 102, 103], 3, true, (0, 0)),
        (vec![99, 98], 2, false, (0, 0)),
        (vec![101, 103], 3, true, (1, 0)),
        (vec![101, 101, 102], 2, true, (0, 1)),
        (vec![101, 102], 1, true, (0, 1)),
        (vec![], 2, true, (2, 0)),
    ] {
        assert_eq!(told(&balances, 100, movements, incoming), expected, "{balances:?}");
    }
    let text = "【远行银行】您尾号0128的账户收入0.01 CNY，余额1000000.01 CNY。";
    assert_eq!(balance_told(text), Some(100_000_001));
    assert_eq!(balance_told("您的账号刚在新设备上登录。"), None);
}

#[test]
fn faults_are_chosen_by_name_in_the_order_of_the_table() {
    let names =
        |text: Option<&str>| -> Vec<&str> { chosen(text).unwrap().iter().map(|fault| fault.name).collect() };
    assert_eq!(names(None).len(), FAULTS.len());
    assert_eq!(names(Some("switchover, kill-postgres,")), ["kill-postgres", "switchover"]);
    let refused = chosen(Some("switchover,earthquake")).unwrap_err().to_string();
    assert!(refused.starts_with("`earthquake` is no fault; choose some of kill-gateway-a, "), "{refused}");
    let distinct: BTreeSet<&str> = FAULTS.iter().map(|fault| fault.name).collect();
    assert!(distinct.len() == FAULTS.len() && distinct.len() >= 30);
    let alone: BTreeMap<&str, bool> = FAULTS.iter().map(|fault| (fault.name, fault.is_possible(1))).collect();
    assert!(alone["kill-ledger-a"] && !alone["kill-ledger-b"] && !alone["two-leaders"]);
    assert!(FAULTS.iter().all(|fault| fault.is_possible(4)));
}

#[test]
fn cuts_spare_the_machine_itself_and_those_that_are_named() {
    assert_eq!(
        rules(Cut::Both, &[]),
        "add table inet drill; add chain inet drill in { type filter hook input priority 0; }; \
         add rule inet drill in iif != lo drop; add chain inet drill out { type filter hook output priority 0; }; \
         add rule inet drill out oif != lo drop"
    );
    assert_eq!(
        rules(Cut::Incoming, &[Machine::A1, Machine::A2]),
        "add table inet drill; add chain inet drill in { type filter hook input priority 0; }; \
         add rule inet drill in iif != lo ip saddr != { 10.99.77.11, 10.99.77.12 } drop"
    );
    assert!(rules(Cut::Some(20), &[]).contains("oif != lo numgen random mod 100 < 20 drop"));
}

#[test]
fn the_one_who_leads_is_known_by_its_folder() {
    assert_eq!(machine_of("host:/var/tmp/yh-drill/b2-ledger#0f3a"), Some(Machine::B2));
    assert_eq!(machine_of(""), None);
    assert_eq!(machine_of("host:/srv/elsewhere#1"), None);
}

#[test]
fn the_members_of_the_database_are_read() {
    let cluster = json!({"members": [
        {"name": "a1", "role": "leader", "state": "running"},
        {"name": "b1", "role": "sync_standby", "state": "streaming", "lag": 0},
        {"name": "elsewhere", "role": "replica", "state": "streaming"},
    ]});
    let members = read_members(&cluster);
    let shown: Vec<_> =
        members.iter().map(|one| (one.machine.name(), one.role.as_str(), one.state.as_str())).collect();
    assert_eq!(shown, [("a1", "leader", "running"), ("b1", "sync_standby", "streaming")]);
}
