//! What must stand on the machine: Debian packages, installed when we may and named when we may not.

use std::path::Path;
use std::process::Command;

use crate::{Outcome, child, house};

/// Something needed, how to see that it is there, and the Debian package that brings it.
struct Need {
    package: &'static str,
    is_there: fn() -> bool,
}

const BUILD: &[Need] = &[
    Need { package: "build-essential", is_there: || house::program("cc").is_some() },
    Need { package: "nodejs", is_there: || house::program("node").is_some() },
    Need { package: "npm", is_there: || house::program("npm").is_some() },
    Need { package: "modsecurity-crs", is_there: || Path::new("/usr/share/modsecurity-crs/rules").is_dir() },
];

const TEST: &[Need] = &[
    Need { package: "postgresql", is_there: || crate::postgres::binaries().is_some() },
    Need { package: "chromium", is_there: || house::program("chromium").is_some() },
    Need { package: "fonts-noto-cjk", is_there: has_chinese_font },
    Need { package: "openssl", is_there: || house::program("openssl").is_some() },
    Need { package: "softhsm2", is_there: || house::program("softhsm2-util").is_some() },
    Need { package: "poppler-utils", is_there: || house::program("pdftotext").is_some() },
];

/// The oldest Node.js that builds the pages.
const NODE_AT_LEAST: (u32, u32) = (20, 19);

/// Sees to it that the pages and the binary can be built.
pub(crate) fn prepare_build() -> Outcome<()> {
    prepare(BUILD.iter().collect())?;
    let version = child::ask(Command::new("node").arg("--version"))?;
    if !is_new_enough(&version) {
        let (major, minor) = NODE_AT_LEAST;
        return Err(format!("Node.js {major}.{minor} or newer is needed, found {}", version.trim()).into());
    }
    Ok(())
}

/// Sees to it that everything can be built and tested.
pub(crate) fn prepare_test() -> Outcome<()> {
    prepare(BUILD.iter().chain(TEST).collect())?;
    prepare_build()
}

fn prepare(needs: Vec<&Need>) -> Outcome<()> {
    let missing = |needs: &[&Need]| -> Vec<&'static str> {
        needs.iter().filter(|need| !(need.is_there)()).map(|need| need.package).collect()
    };
    let wanted = missing(&needs);
    if wanted.is_empty() {
        return Ok(());
    }
    let line = format!("apt-get install -y --no-install-recommends {}", wanted.join(" "));
    if !house::is_root() || house::program("apt-get").is_none() {
        return Err(format!("something is missing; as root, run: apt-get update && {line}").into());
    }
    let phase = house::Phase::start(&format!("installing {}", wanted.join(", ")));
    let wait = ["-o", "DPkg::Lock::Timeout=300", "-qq"];
    child::must(Command::new("apt-get").args(wait).arg("update"))?;
    child::must(
        Command::new("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(wait)
            .args(["install", "-y", "--no-install-recommends"])
            .args(&wanted),
    )?;
    phase.end();
    match missing(&needs).as_slice() {
        [] => Ok(()),
        still => Err(format!("still missing after the installation: {}", still.join(", ")).into()),
    }
}

/// Whether a font with Chinese characters is installed; without one, screenshots show empty boxes.
fn has_chinese_font() -> bool {
    ["/usr/share/fonts/opentype/noto", "/usr/share/fonts/truetype/noto", "/usr/share/fonts/noto-cjk"]
        .iter()
        .filter_map(|folder| std::fs::read_dir(Path::new(folder)).ok())
        .flat_map(|files| files.flatten())
        .any(|file| file.file_name().to_string_lossy().contains("CJK"))
}

/// Reads `v20.19.1`.
fn is_new_enough(version: &str) -> bool {
    let mut parts = version.trim().trim_start_matches('v').split('.').map(str::parse::<u32>);
    match (parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= NODE_AT_LEAST,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_new_enough;

    #[test]
    fn node_versions_are_compared_by_number() {
        for (version, expected) in [
            ("v20.19.0\n", true),
            ("v20.9.0", false),
            ("v18.20.4", false),
            ("v22.1.0", true),
            ("nonsense", false),
        ] {
            assert_eq!(is_new_enough(version), expected, "{version}");
        }
    }
}
