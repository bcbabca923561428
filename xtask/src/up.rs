//! `cargo xtask up`: from a fresh clone to a bank that serves, with one command.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::house::{self, Phase};
use crate::{Outcome, child, system, web};

/// The demonstration bank: who and how long. The same seed gives the same bank on every machine.
const DEMONSTRATION: &[&str] = &["--customers", "2000", "--months", "12", "--seed", "1"];

/// The file in the data directory with the demonstration's sign-ins, to be shown at each start.
const SIGN_INS: &str = "sign-ins.txt";

/// Where the bank listens unless told otherwise.
const LISTEN: &str = "127.0.0.1:8080";

/// Builds, generates if there is no bank yet, and becomes the server, which prints where to click and as whom.
pub(crate) fn run(words: &[String]) -> Outcome<bool> {
    let Wishes { data, listen, serve } = Wishes::read(words)?;
    system::prepare_build()?;
    web::build()?;
    let phase = Phase::start("building the bank");
    build_binary()?;
    phase.end();

    let data = data.unwrap_or_else(|| house::root().join("yuanhang-data"));
    if is_empty(&data) {
        generate(&data)?;
    }
    // By name: browsers take passkeys at `localhost`, and at no address.
    let place = listen.replace("127.0.0.1", "localhost");
    println!("\nYuanhang will serve at\n  app      http://{place}/\n  console  http://{place}/console/");
    println!("{}Ctrl-C stops it.\n", std::fs::read_to_string(data.join(SIGN_INS)).unwrap_or_default());
    // The server takes this process's place, so Ctrl-C and every other signal reach it as they are.
    let failure = Command::new(house::binary())
        .arg("serve")
        .args(["--listen", &listen])
        .arg("--data")
        .arg(&data)
        .args(serve)
        .exec();
    Err(format!("cannot start {}: {failure}", house::binary().display()).into())
}

/// Builds the bank's binary. Features are chosen as for the whole workspace, so that tests build nothing twice.
pub(crate) fn build_binary() -> Outcome<()> {
    child::must(cargo().args(["build", "--locked", "--workspace", "--bin", "yuanhang"]))
}

/// A cargo command at the root, without what the cargo that started xtask told us about xtask.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(house::root());
    for (name, _) in std::env::vars_os() {
        let own = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "CARGO_BIN_NAME"
        });
        if own {
            command.env_remove(name);
        }
    }
    command
}

/// Generates next door and moves the bank in when it is whole, so that an interrupted run leaves none behind.
fn generate(data: &Path) -> Outcome<()> {
    let phase = Phase::start("generating the demonstration bank");
    let mut name = data.file_name().ok_or("`--data` names no folder")?.to_os_string();
    name.push("-generating");
    let unfinished = data.with_file_name(name);
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished)?;
    }
    let report = child::ask(
        Command::new(house::binary()).arg("generate").args(DEMONSTRATION).arg("--data").arg(&unfinished),
    )?;
    std::fs::write(unfinished.join(SIGN_INS), report)?;
    if data.exists() {
        std::fs::remove_dir(data)?;
    }
    std::fs::rename(&unfinished, data)?;
    phase.end();
    Ok(())
}

fn is_empty(data: &Path) -> bool {
    std::fs::read_dir(data).map_or(true, |mut entries| entries.next().is_none())
}

/// What the caller asked for; what we do not know is the server's to judge.
#[derive(Debug, PartialEq, Eq)]
struct Wishes {
    data: Option<PathBuf>,
    listen: String,
    serve: Vec<String>,
}

impl Wishes {
    fn read(words: &[String]) -> Outcome<Wishes> {
        let mut wishes = Wishes { data: None, listen: LISTEN.to_owned(), serve: Vec::new() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let (name, mut value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (word.as_str(), None),
            };
            if !["--data", "--port", "--listen"].contains(&name) {
                wishes.serve.push(word.clone());
                continue;
            }
            value = value.or_else(|| words.next().cloned());
            let value = value.ok_or_else(|| format!("`{name}` needs a value"))?;
            match name {
                "--data" => wishes.data = Some(PathBuf::from(value)),
                "--listen" => wishes.listen = value,
                _ => {
                    let port: u16 = value.parse().map_err(|_| format!("`{value}` is not a port"))?;
                    wishes.listen = format!("127.0.0.1:{port}");
                }
            }
        }
        Ok(wishes)
    }
}

#[cfg(test)]
mod tests {
    use super::Wishes;

    fn read(line: &str) -> Result<Wishes, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Wishes::read(&words).map_err(|error| error.to_string())
    }

    #[test]
    fn the_port_and_the_data_are_ours_and_the_rest_is_the_servers() {
        let wishes = read("--port 9000 --data=bank --verbose").unwrap();
        assert_eq!(wishes.data.as_deref(), Some(std::path::Path::new("bank")));
        assert_eq!(wishes.listen, "127.0.0.1:9000");
        assert_eq!(wishes.serve, ["--verbose"]);
        assert_eq!(read("").unwrap().listen, "127.0.0.1:8080");
        assert!(read("--port ninety").unwrap_err().contains("not a port"));
        assert!(read("--data").unwrap_err().contains("needs a value"));
    }
}
