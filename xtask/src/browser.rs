//! The browser stories: a small demonstration bank on a free port, and Playwright against it; once with a bank in one
//! process, once with one in five ([`split`]).

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

/// Runs the stories whose names match the filters, all without one.
///
/// The stories find the generated bank at `YUANHANG_URL` and who may sign in to it in the file
/// `YUANHANG_SIGN_INS`. Where the public Berka books are at hand, a second bank that took them over is at
/// `YUANHANG_BERKA_URL`, and the books themselves in the folder `YUANHANG_BERKA`.
pub(crate) fn run(filters: &[String]) -> Outcome<Ended> {
    let folder = Folder::make("stories")?;
    let sign_ins = folder.path().join("sign-ins.json");
    let mut generate = Command::new(house::binary());
    generate.arg("generate").args(STORY_BANK).arg("--sign-ins").arg(&sign_ins);
    let bank = Served::start(folder.path(), "generated", generate)?;
    let berka = house::berka();
    let imported = match &berka {
        None => None,
        Some(books) => {
            let mut import = Command::new(house::binary());
            import.args(["import", "--profile", "berka"]).arg(books);
            Some(Served::start(folder.path(), "berka", import)?)
        }
    };

    let mut playwright = stories(filters, &bank.url(), &sign_ins);
    if let (Some(imported), Some(books)) = (&imported, &berka) {
        playwright.env("YUANHANG_BERKA_URL", imported.url()).env("YUANHANG_BERKA", books);
    }
    let ended = child::listen(&mut playwright)?;
    if !ended.success {
        bank.show_last_words();
    }
    Ok(ended)
}

/// Runs the same stories against a bank that is split over processes on a PostgreSQL.
pub(crate) fn run_split(filters: &[String]) -> Outcome<Ended> {
    let folder = Folder::make("stories-split")?;
    let sign_ins = folder.path().join("sign-ins.json");
    let bank = split::start(folder.path(), &sign_ins)?;
    let ended = child::listen(&mut stories(filters, &bank.url(), &sign_ins))?;
    if !ended.success {
        bank.show_last_words();
    }
    Ok(ended)
}

/// Playwright with the stories, told where the bank is and who may sign in.
fn stories(filters: &[String], url: &str, sign_ins: &Path) -> Command {
    let mut playwright = Command::new("npx");
    playwright
        .current_dir(web::folder().join("e2e"))
        .args(["--no-install", "playwright", "test", "--reporter=list"])
        .args(filters)
        .env("YUANHANG_URL", url)
        .env("YUANHANG_SIGN_INS", sign_ins)
        .env("YUANHANG_BINARY", house::binary())
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
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
        println!("the server's last words:");
        for line in lines.iter().skip(lines.len().saturating_sub(40)) {
            println!("  {line}");
        }
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
