//! The database as its keepers see it: who is primary, who confirms, who leads etcd.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use super::Failed;
use super::client::{Question, ask};
use super::engines::{BANK, ETCD, LEADER_KEY, PATRONI, POSTGRES, SUPERUSER};
use super::shell::run;
use super::site::Machine;

/// How long a keeper may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// A member of the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) machine: Machine,
    /// `leader`, `sync_standby` or `replica`.
    pub(super) role: String,
    /// `running`, `streaming` or what else Patroni calls it.
    pub(super) state: String,
}

/// The members that Patroni knows of, asked on any machine that answers.
pub(super) async fn members() -> Result<Vec<Member>, Failed> {
    let mut failed: Failed = "no machine keeps a database".into();
    for machine in Machine::STORES {
        match ask(machine.port(PATRONI), &Question::get("/cluster"), PATIENCE).await {
            Ok(answer) if answer.status == 200 => return Ok(read_members(&answer.body)),
            Ok(answer) => failed = format!("Patroni answered {}", answer.status).into(),
            Err(why) => failed = why,
        }
    }
    Err(failed)
}

/// The members in Patroni's description of a cluster.
pub(super) fn read_members(cluster: &Value) -> Vec<Member> {
    let word =
        |member: &Value, name: &str| member.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let members = cluster.get("members").and_then(Value::as_array).into_iter().flatten();
    members
        .filter_map(|member| {
            let machine = Machine::named(&word(member, "name"))?;
            Some(Member { machine, role: word(member, "role"), state: word(member, "state") })
        })
        .collect()
}

/// The machine of the primary.
pub(super) async fn primary() -> Result<Machine, Failed> {
    let leads = |member: &Member| member.role == "leader" && member.state == "running";
    let leader = members().await?.into_iter().find(leads).map(|member| member.machine);
    leader.ok_or_else(|| "the database has no primary".into())
}

/// The machine of the primary, the one that confirms and the other.
pub(super) async fn roles() -> Result<(Machine, Machine, Machine), Failed> {
    let members = members().await?;
    let of = |role: &str| members.iter().find(|member| member.role == role).map(|member| member.machine);
    match (of("leader"), of("sync_standby"), of("replica")) {
        (Some(primary), Some(confirming), Some(other)) => Ok((primary, confirming, other)),
        _ => Err(format!("the database has not all of its members: {members:?}").into()),
    }
}

/// What the database lacks to be well; nothing where it is.
pub(super) async fn ailing() -> Option<String> {
    let members = match members().await {
        Ok(members) => members,
        Err(why) => return Some(format!("Patroni does not answer: {why}")),
    };
    let count = |role: &str, states: &[&str]| {
        let is = |member: &&Member| member.role == role && states.contains(&member.state.as_str());
        members.iter().filter(is).count()
    };
    let standbys = count("sync_standby", &["streaming"]) + count("replica", &["streaming"]);
    let well = count("leader", &["running"]) == 1
        && count("sync_standby", &["streaming"]) == 1
        && standbys + 1 == Machine::STORES.len();
    (!well).then(|| format!("the database is not whole: {members:?}"))
}

/// Asks Patroni to make another member the primary.
pub(super) async fn switch_over() -> Result<(), Failed> {
    let (primary, confirming, _) = roles().await?;
    let wish = json!({"leader": primary.name(), "candidate": confirming.name()});
    let question = Question::post("/switchover", wish);
    ask(primary.port(PATRONI), &question, Duration::from_secs(60)).await?.expect(200).map(|_| ())
}

/// Takes the lead of the database away from `machine`, which has been turned off for certain: the others need not wait
/// until its key has lapsed. Whoever is only cut off from it must not do this, for it may still be answering others.
/// Where another machine leads by now, nothing is changed.
pub(super) async fn declare_off(machine: Machine) -> Result<(), Failed> {
    let key = BASE64.encode(LEADER_KEY);
    let wish = json!({
        "compare": [{"key": key, "target": "VALUE", "value": BASE64.encode(machine.name()), "result": "EQUAL"}],
        "success": [{"requestDeleteRange": {"key": key}}],
    });
    let began = std::time::Instant::now();
    loop {
        // A member of etcd may have gone with the machine, even the one that led.
        for keeper in Machine::STORES.into_iter().filter(|keeper| *keeper != machine) {
            let question = Question::post("/v3/kv/txn", wish.clone());
            if let Ok(answer) = ask(keeper.port(ETCD), &question, PATIENCE).await
                && answer.status == 200
            {
                return Ok(());
            }
        }
        if began.elapsed() > Duration::from_secs(10) {
            return Err(format!("nobody could be told that {machine} is off").into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Moves the primary back to its usual machine as soon as that one confirms, so that each fault meets the same bank.
/// Where it does not confirm in time, everything stays as it is.
pub(super) async fn go_home(home: Machine, most: Duration) -> Result<(), Failed> {
    let began = std::time::Instant::now();
    loop {
        match roles().await {
            Ok((primary, _, _)) if primary == home => return Ok(()),
            Ok((_, confirming, _)) if confirming == home => switch_over().await?,
            _ if began.elapsed() > most => return Ok(()),
            _ => tokio::time::sleep(Duration::from_millis(500)).await,
        }
    }
}

/// Has a member that does not find its way back copied anew from the primary.
pub(super) async fn copy_anew(machine: Machine) -> Result<(), Failed> {
    let question = Question::post("/reinitialize", json!({"force": true}));
    ask(machine.port(PATRONI), &question, PATIENCE).await?.expect(200).map(|_| ())
}

/// The machine whose etcd leads, as the members say; an error where one of them does not answer or knows no leader.
pub(super) async fn etcd_leader() -> Result<Machine, Failed> {
    let mut leading = None;
    for machine in Machine::STORES {
        let question = Question::post("/v3/maintenance/status", json!({}));
        let status = ask(machine.port(ETCD), &question, PATIENCE).await?.expect(200)?;
        let leader = status.text("/leader");
        if leader.is_empty() || leader == "0" {
            return Err(format!("etcd on {machine} knows no leader").into());
        }
        if leader == status.text("/header/member_id") {
            leading = Some(machine);
        }
    }
    leading.ok_or_else(|| "no member of etcd says that it leads".into())
}

/// Asks the primary a line of SQL as its administrator.
pub(super) async fn sql(database: &str, statement: &str) -> Result<String, Failed> {
    let primary = primary().await?;
    let address = format!("postgres://postgres:{SUPERUSER}@{}/{database}", primary.port(POSTGRES));
    let words = ["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, &address];
    Ok(run("psql", &words).await?.trim().to_owned())
}

/// Makes the bank's database.
pub(super) async fn make_database() -> Result<(), Failed> {
    sql("postgres", &format!("CREATE ROLE bank LOGIN PASSWORD '{BANK}'")).await?;
    sql("postgres", "CREATE DATABASE bank OWNER bank").await.map(|_| ())
}
