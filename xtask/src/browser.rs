//! The browser stories: a small demonstration bank on a free port, and Playwright against it.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::child::{self, Background, Ended};
use crate::minder::Folder;
use crate::{Outcome, house, web};

/// The bank of the stories: small, so that it stands in seconds.
const STORY_BANK: &[&str] = &["--customers", "60", "--months", "3", "--seed", "7"];

/// How long the bank may take until it is ready.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the stories whose names match the filters, all without one.
pub(crate) fn run(filters: &[String]) -> Outcome<Ended> {
    let folder = Folder::make("stories")?;
    let data = folder.path().join("data");
    let sign_ins = folder.path().join("sign-ins.json");
    child::must(
        Command::new(house::binary())
            .current_dir(folder.path())
            .arg("generate")
            .args(STORY_BANK)
            .arg("--data")
            .arg(&data)
            .arg("--sign-ins")
            .arg(&sign_ins),
    )?;

    let address = format!("127.0.0.1:{}", house::free_port()?);
    let log = folder.path().join("serve.log");
    let mut serve = Command::new(house::binary());
    serve.current_dir(folder.path()).args(["serve", "--listen", &address]).arg("--data").arg(&data);
    let mut bank = Background::start(&mut serve, "TERM", &log)?;
    wait_until_ready(&address, &mut bank, &log)?;

    let mut playwright = Command::new("npx");
    playwright
        .current_dir(web::folder().join("e2e"))
        .args(["--no-install", "playwright", "test", "--reporter=list"])
        .args(filters)
        .env("YUANHANG_URL", format!("http://{address}"))
        .env("YUANHANG_SIGN_INS", &sign_ins)
        .env("YUANHANG_BIN", house::binary())
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    let ended = child::listen(&mut playwright)?;
    drop(bank);
    if !ended.success {
        show_end_of(&log);
    }
    Ok(ended)
}

/// Asks `/readyz` until it answers 200.
fn wait_until_ready(address: &str, bank: &mut Background, log: &std::path::Path) -> Outcome<()> {
    let since = Instant::now();
    loop {
        if is_ready(address) {
            return Ok(());
        }
        if bank.has_ended() || since.elapsed() > PATIENCE {
            show_end_of(log);
            return Err("the bank of the browser stories did not become ready".into());
        }
        std::thread::sleep(Duration::from_millis(50));
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

/// Prints the server's last words, which say why a story failed.
fn show_end_of(log: &std::path::Path) {
    let words = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = words.lines().collect();
    let start = lines.len().saturating_sub(40);
    println!("the server's last words:");
    for line in lines.iter().skip(start) {
        println!("  {line}");
    }
}
