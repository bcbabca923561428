//! What runs beneath the bank: etcd, Patroni with PostgreSQL, and HAProxy. The settings are those that were measured
//! for this, with more connections.

use std::path::PathBuf;

use super::Failed;
use super::prepare::Tools;
use super::process::Start;
use super::site::{Folders, Machine, NETWORK};

/// The port of PostgreSQL.
pub(super) const POSTGRES: u16 = 5432;
/// The port of Patroni.
pub(super) const PATRONI: u16 = 8008;
/// The port of etcd for those who ask it.
pub(super) const ETCD: u16 = 2379;
/// The port of etcd for its peers.
const ETCD_PEERS: u16 = 2380;
/// The port on the loopback of each machine at which HAProxy leads to the primary.
pub(super) const PRIMARY: u16 = 5000;

/// Where etcd keeps who leads the database: `namespace` and `scope` of Patroni's settings below.
pub(super) const LEADER_KEY: &str = "/svc/bank/leader";

/// Passwords of a database that nobody else reaches and that is gone in an hour.
pub(super) const SUPERUSER: &str = "su-drill";
/// The bank's own.
pub(super) const BANK: &str = "bank-drill";

/// etcd on a machine.
pub(super) fn etcd(folders: &Folders, machine: Machine) -> Start {
    let url = |machine: Machine, port| format!("http://{}", machine.port(port));
    let members = Machine::STORES.map(|member| format!("{member}={}", url(member, ETCD_PEERS)));
    let flags = [
        ("name", machine.name().to_owned()),
        ("data-dir", folders.join(&format!("etcd-{machine}")).display().to_string()),
        ("listen-peer-urls", url(machine, ETCD_PEERS)),
        ("initial-advertise-peer-urls", url(machine, ETCD_PEERS)),
        ("listen-client-urls", format!("{},http://127.0.0.1:{ETCD}", url(machine, ETCD))),
        ("advertise-client-urls", url(machine, ETCD)),
        ("initial-cluster", members.join(",")),
        ("initial-cluster-state", "new".to_owned()),
        ("heartbeat-interval", "100".to_owned()),
        ("election-timeout", "1000".to_owned()),
        ("logger", "zap".to_owned()),
        ("log-level", "warn".to_owned()),
    ];
    let flags = flags.into_iter().flat_map(|(name, value)| [format!("--{name}"), value]);
    Start::of(std::iter::once("etcd".to_owned()).chain(flags))
}

/// The folder with the data of a machine's PostgreSQL.
pub(super) fn data(folders: &Folders, machine: Machine) -> PathBuf {
    folders.disk(machine).join("data")
}

/// Patroni on a machine, which starts PostgreSQL.
pub(super) fn patroni(tools: &Tools, folders: &Folders, machine: Machine) -> Result<Start, Failed> {
    let file = folders.join(&format!("patroni-{machine}.yml"));
    std::fs::write(&file, patroni_settings(tools, folders, machine))?;
    let words = [tools.patroni.display().to_string(), file.display().to_string()];
    // No PGPASSWORD here: it would override the file with passwords, and a member would never come back.
    Ok(Start::of(words).by_postgres())
}

/// The centers confirm and take over before the witness does, and A before B.
const fn priority(machine: Machine) -> u8 {
    match machine {
        Machine::A1 => 3,
        Machine::B1 => 2,
        _ => 1,
    }
}

fn patroni_settings(tools: &Tools, folders: &Folders, machine: Machine) -> String {
    let hosts = Machine::STORES.map(|member| format!("\"{}\"", member.port(ETCD))).join(", ");
    let disk = folders.disk(machine);
    format!(
        r#"scope: bank
namespace: /svc/
name: {machine}
restapi: {{listen: "{rest}", connect_address: "{rest}"}}
etcd3:
  hosts: [{hosts}]
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 1
    retry_timeout: 3
    maximum_lag_on_failover: 1048576
    primary_start_timeout: 0
    synchronous_mode: true
    synchronous_mode_strict: true
    synchronous_node_count: 1
    failsafe_mode: false
    postgresql:
      use_pg_rewind: true
      use_slots: true
      parameters:
        wal_level: replica
        hot_standby: "on"
        max_wal_senders: 8
        max_replication_slots: 8
        wal_keep_size: 128MB
        max_wal_size: 256MB
        wal_log_hints: "on"
        synchronous_commit: "on"
        wal_receiver_timeout: 2s
        wal_sender_timeout: 2s
        wal_retrieve_retry_interval: 500ms
        tcp_keepalives_idle: 2
        tcp_keepalives_interval: 1
        tcp_keepalives_count: 2
        tcp_user_timeout: 3000
        max_connections: 400
        shared_buffers: 64MB
  initdb:
  - encoding: UTF8
  - locale: C
  - data-checksums
  pg_hba:
  - host replication replicator {NETWORK} scram-sha-256
  - host all all {NETWORK} scram-sha-256
  - local all all trust
postgresql:
  listen: "{postgres}"
  connect_address: "{postgres}"
  data_dir: {data}
  bin_dir: {bin}
  pgpass: {disk}/pgpass
  authentication:
    replication: {{username: replicator, password: rep-drill}}
    superuser: {{username: postgres, password: {SUPERUSER}}}
    rewind: {{username: rewind, password: rw-drill}}
  parameters: {{unix_socket_directories: "{disk}"}}
watchdog: {{mode: "off"}}
tags: {{sync_priority: {priority}, failover_priority: {priority}}}
"#,
        rest = machine.port(PATRONI),
        postgres = machine.port(POSTGRES),
        data = data(folders, machine).display(),
        disk = disk.display(),
        bin = tools.postgres.display(),
        priority = priority(machine),
    )
}

/// HAProxy on a machine: leads whoever connects to its loopback to the primary, wherever that is.
pub(super) fn haproxy(folders: &Folders, machine: Machine) -> Result<Start, Failed> {
    let servers = Machine::STORES
        .map(|member| format!("  server {member} {} check port {PATRONI}\n", member.port(POSTGRES)));
    let settings = format!(
        "global
  maxconn 2000
defaults
  mode tcp
  timeout connect 1s
  timeout client 60s
  timeout server 60s
  timeout check 800ms
  option clitcpka
  option srvtcpka
listen primary
  bind 127.0.0.1:{PRIMARY}
  option httpchk OPTIONS /primary
  http-check expect status 200
  default-server inter 500ms fastinter 200ms downinter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
{}",
        servers.concat()
    );
    let file = folders.join(&format!("haproxy-{machine}.cfg"));
    std::fs::write(&file, settings)?;
    Ok(Start::of(["haproxy", "-db", "-f"]).and(file.display().to_string()))
}
