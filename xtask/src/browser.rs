//! The browser stories: a small demonstration bank on a free port, and Playwright against it; once with a bank in one
//! process, once with one in five ([`split`]), side by side. Which stories are told to which bank, their own
//! configuration says.

mod split;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::child::{self, Background, Ended};
use crate::minder::Folder;
use crate::{Outcome, house, web};

/// The bank of the stories: small, so that it stands in seconds.
const STORY_BANK: &[&str] = &["--customers", "60", "--months", "3", "--seed", "7"];
/// What would have a story wait: the cooling-off of a forgotten password, the pause between two codes.
const STORY_SETTINGS: &[&str] = &["identity.recovery_wait_s=3", "identity.code_resend_s=0"];

/// How long a bank may take until it is ready.
const PATIENCE: Duration = Duration::from_secs(60);

/// Which bank the stories are told to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bank {
    /// In one process, on SQLite.
    Whole,
    /// Split over processes, on a PostgreSQL.
    Split,
}

impl Bank {
    pub(crate) const ALL: [Bank; 2] = [Bank::Whole, Bank::Split];

    /// What the summary calls its stories.
    pub(crate) fn phase(self) -> &'static str {
        match self {
            Bank::Whole => "browser",
            Bank::Split => "browser, split",
        }
    }

    /// What the stories know it by.
    fn name(self) -> &'static str {
        match self {
            Bank::Whole => "whole",
            Bank::Split => "split",
        }
    }

    /// What stands before each line of its stories: those of the other are told beside them.
    fn label(self) -> &'static str {
        match self {
            Bank::Whole => "whole│",
            Bank::Split => "split│",
        }
    }
}

/// Runs the stories whose names match the filters, all without one, against a bank of this kind.
pub(crate) fn run(bank: Bank, filters: &[String]) -> Outcome<Ended> {
    let folder = Folder::make(&format!("stories-{}", bank.name()))?;
    match bank {
        Bank::Whole => run_whole(folder.path(), filters),
        Bank::Split => run_split(folder.path(), filters),
    }
}

/// The stories find the generated bank at `YUANHANG_URL`, what kind it is in `YUANHANG_BANK`, and who may sign in to it
/// in the file `YUANHANG_SIGN_INS`. Where the public Berka books are at hand, a second bank that took them over is at
/// `YUANHANG_BERKA_URL`, and the books themselves in the folder `YUANHANG_BERKA`.
fn run_whole(folder: &Path, filters: &[String]) -> Outcome<Ended> {
    let sign_ins = folder.join("sign-ins.json");
    let mut generate = Command::new(house::binary());
    generate.arg("generate").args(STORY_BANK).arg("--sign-ins").arg(&sign_ins);
    let bank = Served::start(folder, "generated", generate)?;
    let berka = house::berka();
    let imported = match &berka {
        None => None,
        Some(books) => {
            let mut import = Command::new(house::binary());
            import.args(["import", "--profile", "berka"]).arg(books);
            Some(Served::start(folder, "berka", import)?)
        }
    };

    let mut playwright = stories(Bank::Whole, folder, filters, &bank.url(), &sign_ins);
    if let (Some(imported), Some(books)) = (&imported, &berka) {
        playwright.env("YUANHANG_BERKA_URL", imported.url()).env("YUANHANG_BERKA", books);
    }
    let ended = child::listen_beside(&mut playwright, Bank::Whole.label())?;
    if !ended.success {
        bank.show_last_words();
    }
    Ok(ended)
}

/// The same for a bank of several processes, without the books.
fn run_split(folder: &Path, filters: &[String]) -> Outcome<Ended> {
    let sign_ins = folder.join("sign-ins.json");
    let bank = split::start(folder, &sign_ins)?;
    let mut playwright = stories(Bank::Split, folder, filters, &bank.url(), &sign_ins);
    let ended = child::listen_beside(&mut playwright, Bank::Split.label())?;
    if !ended.success {
        bank.show_last_words();
    }
    Ok(ended)
}

/// Playwright with the stories, told which bank is where and who may sign in. What it writes, it writes apart from the
/// Playwright that runs beside it.
fn stories(bank: Bank, folder: &Path, filters: &[String], url: &str, sign_ins: &Path) -> Command {
    let mut playwright = Command::new("npx");
    playwright
        .current_dir(web::folder().join("e2e"))
        .args(["--no-install", "playwright", "test", "--reporter=list"])
        .arg(format!("--output=../test-results/{}", bank.name()))
        .args(filters)
        .env("YUANHANG_URL", url)
        .env("YUANHANG_BANK", bank.name())
        .env("YUANHANG_SIGN_INS", sign_ins)
        .env("YUANHANG_BINARY", house::binary())
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .env("PLAYWRIGHT_TRANSFORM_CACHE_DIR", folder.join("transformed"));
    playwright
}

/// A bank in a folder of its own that serves on a free port until this value is dropped.
struct Served {
    process: Background,
    address: String,
    log: PathBuf,
}

impl Served {
    /// Fills a bank with `fill`, to which the data directory is added, and serves it.
    fn start(folder: &Path, name: &str, mut fill: Command) -> Outcome<Served> {
        let data = folder.join(name);
        child::must(fill.current_dir(folder).arg("--data").arg(&data))?;
        let mut serve = Command::new(house::binary());
        serve.current_dir(folder).arg("--data").arg(&data);
        Self::serve(serve, &[], &folder.join(format!("{name}.log")))
    }

    /// Has `bank`, which says where its data is, serve on a free port; `words` say which part of it.
    fn serve(mut bank: Command, words: &[&str], log: &Path) -> Outcome<Served> {
        let address = format!("127.0.0.1:{}", house::free_port()?);
        for setting in STORY_SETTINGS {
            bank.args(["--set", setting]);
        }
        bank.env("NO_COLOR", "1").args(["serve", "--listen", &address]).args(words);
        let process = Background::start(&mut bank, "TERM", log)?;
        let mut served = Served { process, address, log: log.to_owned() };
        served.wait_until_ready()?;
        Ok(served)
    }

    /// By name: browsers take passkeys at `localhost`, and at no address.
    fn url(&self) -> String {
        format!("http://{}", self.address.replace("127.0.0.1", "localhost"))
    }

    /// Asks `/readyz` until it answers 200.
    fn wait_until_ready(&mut self) -> Outcome<()> {
        let since = Instant::now();
        while !is_ready(&self.address) {
            if self.process.has_ended() || since.elapsed() > PATIENCE {
                self.show_last_words();
                return Err("a bank of the browser stories did not become ready".into());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Prints the end of the server's log, which says why a story failed.
    fn show_last_words(&self) {
        let words = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = words.lines().collect();
        let name = self.log.file_stem().unwrap_or_default().display();
        let mut last = format!("the last words of the server ({name}):\n");
        for line in lines.iter().skip(lines.len().saturating_sub(40)) {
            last.push_str(&format!("  {line}\n"));
        }
        // At once, so that what is told of the other bank does not mix with it.
        print!("{last}");
    }
}

fn is_ready(address: &str) -> bool {
    use std::io::{Read, Write};
    let ask = || -> std::io::Result<bool> {
        let mut stream = std::net::TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(stream, "GET /readyz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer.split_whitespace().nth(1) == Some("200"))
    };
    ask().unwrap_or(false)
}
