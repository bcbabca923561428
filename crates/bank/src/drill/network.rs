//! The network between the machines, and everything that is done to it.

use super::Failed;
use super::shell::run;
use super::site::{BRIDGE, CLIENTS, CLIENTS_ADDRESS, Machine, PREFIX};

/// Which packets of a machine are thrown away; what it says to itself never is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// All, in both directions.
    Both,
    /// What others send to it.
    Incoming,
    /// What it sends to others.
    Outgoing,
    /// So many of a hundred, in both directions.
    Some(u8),
}

/// Makes the bridge and plugs every machine in.
pub(super) async fn make() -> Result<(), Failed> {
    run("ip", &["link", "add", BRIDGE, "type", "bridge"]).await?;
    run("ip", &["link", "set", BRIDGE, "up"]).await?;
    for machine in Machine::ALL {
        plug(&machine.namespace(), &machine.address().to_string()).await?;
    }
    plug(CLIENTS, &CLIENTS_ADDRESS.to_string()).await
}

async fn plug(namespace: &str, address: &str) -> Result<(), Failed> {
    run("ip", &["netns", "add", namespace]).await?;
    let link = ["link", "add", namespace, "type", "veth", "peer", "name", "eth0", "netns", namespace];
    run("ip", &link).await?;
    run("ip", &["link", "set", namespace, "master", BRIDGE, "up"]).await?;
    for device in ["lo", "eth0"] {
        run("ip", &["-n", namespace, "link", "set", device, "up"]).await?;
    }
    run("ip", &["-n", namespace, "address", "add", &format!("{address}/24"), "dev", "eth0"]).await?;
    Ok(())
}

/// Removes bridge and namespaces, those of an earlier drill included.
pub(super) async fn remove() -> Result<(), Failed> {
    for namespace in namespaces().await? {
        run("ip", &["netns", "del", &namespace]).await?;
    }
    if std::path::Path::new("/sys/class/net").join(BRIDGE).exists() {
        run("ip", &["link", "del", BRIDGE]).await?;
    }
    Ok(())
}

/// The namespaces of drills that are there.
pub(super) async fn namespaces() -> Result<Vec<String>, Failed> {
    let listed = run("ip", &["netns", "list"]).await?;
    let names = listed.lines().filter_map(|line| line.split_whitespace().next());
    Ok(names.filter(|name| name.starts_with(PREFIX)).map(str::to_owned).collect())
}

/// Throws packets away; nobody is told. `spared` are machines to which the cut does not apply.
pub(super) async fn cut(machine: Machine, cut: Cut, spared: &[Machine]) -> Result<(), Failed> {
    run("ip", &["netns", "exec", &machine.namespace(), "nft", &rules(cut, spared)]).await.map(|_| ())
}

/// The rules of a cut, as `nft` reads them.
pub(super) fn rules(cut: Cut, spared: &[Machine]) -> String {
    let spared: Vec<String> = spared.iter().map(|machine| machine.address().to_string()).collect();
    let others = |side: &str| match spared.as_slice() {
        [] => String::new(),
        spared => format!("ip {side} != {{ {} }} ", spared.join(", ")),
    };
    let some = match cut {
        Cut::Some(percent) => format!("numgen random mod 100 < {percent} "),
        _ => String::new(),
    };
    let mut rules = vec!["add table inet drill".to_owned()];
    if cut != Cut::Outgoing {
        rules.push("add chain inet drill in { type filter hook input priority 0; }".to_owned());
        rules.push(format!("add rule inet drill in iif != lo {}{some}drop", others("saddr")));
    }
    if cut != Cut::Incoming {
        rules.push("add chain inet drill out { type filter hook output priority 0; }".to_owned());
        rules.push(format!("add rule inet drill out oif != lo {}{some}drop", others("daddr")));
    }
    rules.join("; ")
}

/// Pulls the plug of a machine.
pub(super) async fn unplug(machine: Machine) -> Result<(), Failed> {
    run("ip", &["netns", "exec", &machine.namespace(), "ip", "link", "set", "eth0", "down"]).await.map(|_| ())
}

/// Ends every cut and puts the plug back.
pub(super) async fn heal(machine: Machine) -> Result<(), Failed> {
    let namespace = machine.namespace();
    run("ip", &["netns", "exec", &namespace, "nft", "flush ruleset"]).await?;
    run("ip", &["-n", &namespace, "link", "set", "eth0", "up"]).await.map(|_| ())
}
