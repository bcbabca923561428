//! Where a request comes from: its network, its device, and what the device calls itself.

use std::net::IpAddr;

use contracts::identity::Channel;

/// The part of an address that one household or office holds: the whole of IPv4, the first 64 bits of IPv6.
pub(crate) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// A name by which its owner recognizes a device: `Chrome · Windows`. Only known words are taken over, so that
/// nothing a stranger writes appears on a page.
pub(crate) fn device_name(user_agent: &str) -> String {
    const BROWSERS: [(&str, &str); 9] = [
        ("MicroMessenger/", "WeChat"),
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("HuaweiBrowser/", "Huawei Browser"),
        ("MiuiBrowser/", "Mi Browser"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 8] = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("HarmonyOS", "HarmonyOS"),
        ("OpenHarmony", "HarmonyOS"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |table: &[(&str, &'static str)]| {
        table.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    }
}

/// Whether what a device calls itself now can be what it called itself before: a page that asks for the desk's view of an
/// iPad says `macOS`, of an Android phone `Linux`. Who says nothing known is not held to it.
pub(crate) fn is_same_kind(before: &str, now: &str) -> bool {
    match (kind(before), kind(now)) {
        (Some(before), Some(now)) => before == now,
        _ => true,
    }
}

/// Which kind of machine a device calls itself; `None` where it says nothing known.
pub(crate) fn kind(name: &str) -> Option<&'static str> {
    match name.rsplit(" · ").next() {
        Some("iPhone" | "iPad" | "macOS") => Some("Apple"),
        Some("Android" | "HarmonyOS" | "Linux") => Some("Linux"),
        Some("Windows") => Some("Windows"),
        _ => None,
    }
}

/// The channel a browser speaks for: phones and tablets the app, everything else the web bank.
pub(crate) fn channel(user_agent: &str) -> Channel {
    let handheld = ["Mobile", "Android", "iPhone", "iPad", "HarmonyOS"];
    if user_agent.contains("miniProgram") {
        Channel::MiniProgram
    } else if handheld.iter().any(|mark| user_agent.contains(mark)) {
        Channel::App
    } else {
        Channel::Web
    }
}
