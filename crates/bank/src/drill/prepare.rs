//! What a drill needs of this computer: rights, and programs that are installed where we may and named where not.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::process::Command;

use super::Failed;
use super::shell;
use super::site::PREFIX;

/// The version of Patroni that was measured. Debian's 3.0.2 loses acknowledged rows: a primary that was paused and
/// comes back takes the key from its successor.
const PATRONI: &str = "patroni[etcd3]==4.1.5";

/// Where Patroni is kept from drill to drill; PostgreSQL's user must be able to read it.
const CACHE: &str = "/var/cache/yuanhang-drill/patroni-4.1.5";

/// Keeps packages from starting services of their own.
const POLICY: &str = "/usr/sbin/policy-rc.d";

/// How long an installation may take.
const INSTALLATION: Duration = Duration::from_secs(600);

/// Something needed, and the Debian package that brings it.
struct Need {
    package: &'static str,
    is_there: fn() -> bool,
}

const NEEDS: &[Need] = &[
    Need { package: "postgresql", is_there: || postgres_binaries().is_some() },
    Need { package: "postgresql-client", is_there: || program("psql").is_some() },
    Need { package: "etcd-server", is_there: || program("etcd").is_some() },
    Need { package: "haproxy", is_there: || program("haproxy").is_some() },
    Need { package: "nftables", is_there: || program("nft").is_some() },
    Need { package: "python3-venv", is_there: has_venv },
    Need { package: "libfaketime", is_there: || faketime().is_some() },
];

/// The programs of a drill that are not on the search path.
#[derive(Debug, Clone)]
pub(super) struct Tools {
    /// The folder of PostgreSQL's programs.
    pub(super) postgres: PathBuf,
    /// Patroni.
    pub(super) patroni: PathBuf,
    /// Gives a process another clock.
    pub(super) faketime: PathBuf,
}

/// Why no drill can be held here, if that is so.
pub(super) async fn obstacle() -> Option<String> {
    if !std::fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0) {
        return Some("a drill makes network namespaces and disks: run it as root".to_owned());
    }
    if program("ip").is_none() || program("setpriv").is_none() || program("mkfs.ext4").is_none() {
        return Some(
            "`ip`, `setpriv` or `mkfs.ext4` is missing: install iproute2, util-linux and e2fsprogs"
                .to_owned(),
        );
    }
    let probe = format!("{PREFIX}probe");
    let made = shell::run("ip", &["netns", "add", &probe]).await;
    let _ = shell::run("ip", &["netns", "del", &probe]).await;
    made.err().map(|why| format!("this computer lets nobody make network namespaces: {why}"))
}

/// Sees to it that everything is there.
pub(super) async fn tools() -> Result<Tools, Failed> {
    let missing =
        || -> Vec<&str> { NEEDS.iter().filter(|need| !(need.is_there)()).map(|need| need.package).collect() };
    let wanted = missing();
    if !wanted.is_empty() {
        install(&wanted).await?;
        let still = missing();
        if !still.is_empty() {
            return Err(format!("still missing after the installation: {}", still.join(", ")).into());
        }
    }
    let patroni = Path::new(CACHE).join("bin").join("patroni");
    if !patroni.is_file() {
        install_patroni().await?;
    }
    Ok(Tools {
        postgres: postgres_binaries().ok_or("PostgreSQL is not installed")?,
        patroni,
        faketime: faketime().ok_or("libfaketime is not installed")?,
    })
}

async fn install(packages: &[&str]) -> Result<(), Failed> {
    if program("apt-get").is_none() {
        let all = packages.join(" ");
        return Err(format!("something is missing; install what Debian calls: {all}").into());
    }
    eprintln!("installing {}", packages.join(", "));
    let quiet = !Path::new(POLICY).exists();
    if quiet {
        std::fs::write(POLICY, "#!/bin/sh\nexit 101\n")?;
        std::fs::set_permissions(POLICY, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    }
    let wait = ["-o", "DPkg::Lock::Timeout=300", "-qq"];
    let installed = async {
        shell::within(INSTALLATION, Command::new("apt-get").args(wait).arg("update")).await?;
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").args(wait);
        command.args(["install", "-y", "--no-install-recommends"]).args(packages);
        shell::within(INSTALLATION, &mut command).await
    }
    .await;
    if quiet {
        std::fs::remove_file(POLICY)?;
    }
    installed.map(|_| ())
}

async fn install_patroni() -> Result<(), Failed> {
    eprintln!("installing {PATRONI} below {CACHE}");
    let _ = std::fs::remove_dir_all(CACHE);
    let installed = async {
        let mut venv = Command::new("/usr/bin/python3");
        shell::within(INSTALLATION, venv.args(["-m", "venv", CACHE])).await?;
        let mut pip = Command::new(Path::new(CACHE).join("bin").join("pip"));
        shell::within(INSTALLATION, pip.args(["install", "-q", PATRONI, "psycopg2-binary"])).await
    }
    .await;
    if installed.is_err() {
        let _ = std::fs::remove_dir_all(CACHE);
    }
    installed.map(|_| ())
}

/// Finds a program on the search path.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|candidate| candidate.is_file())
}

/// The folder of Debian's newest PostgreSQL.
fn postgres_binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let version = |entry: std::fs::DirEntry| {
        Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin")))
    };
    let found = versions.flatten().filter_map(version).filter(|(_, folder)| folder.join("initdb").is_file());
    found.max().map(|(_, folder)| folder)
}

fn has_venv() -> bool {
    let libraries = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let mut pythons = libraries.filter(|entry| entry.file_name().to_string_lossy().starts_with("python3."));
    Path::new("/usr/bin/python3").exists() && pythons.any(|entry| entry.path().join("ensurepip").is_dir())
}

fn faketime() -> Option<PathBuf> {
    let libraries = std::fs::read_dir("/usr/lib").ok()?.flatten();
    libraries.map(|entry| entry.path().join("faketime/libfaketimeMT.so.1")).find(|file| file.is_file())
}
