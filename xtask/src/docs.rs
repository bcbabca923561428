//! `cargo xtask docs`: writes the generated files anew, or with `--check` says which one is out of date.

use std::path::PathBuf;
use std::process::Command;

use crate::{Outcome, child, house, system, up, web};

/// A file of the tree that a program writes.
struct Generated {
    path: &'static str,
    write: fn() -> Outcome<String>,
}

const GENERATED: &[Generated] = &[
    Generated { path: "config/yuanhang.toml", write: settings },
    Generated { path: "web/packages/api/src/generated/schema.ts", write: api_types },
];

/// The command itself.
pub(crate) fn run(words: &[String]) -> Outcome<bool> {
    let check = match words {
        [] => false,
        [word] if word == "--check" => true,
        _ => return Err("`cargo xtask docs` takes only `--check`".into()),
    };
    system::prepare_build()?;
    web::install()?;
    up::build_binary()?;
    if check {
        return is_current();
    }
    for file in GENERATED {
        let path = house::root().join(file.path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&path, (file.write)()?)?;
        println!("wrote {}", file.path);
    }
    Ok(true)
}

/// Whether each generated file is what its program would write now; names those that are not.
pub(crate) fn is_current() -> Outcome<bool> {
    let mut current = true;
    for file in GENERATED {
        let stands = std::fs::read_to_string(house::root().join(file.path)).unwrap_or_default();
        if stands != (file.write)()? {
            println!("{} is out of date; run `cargo xtask docs`", file.path);
            current = false;
        }
    }
    Ok(current)
}

/// The commented settings, as the binary knows them.
fn settings() -> Outcome<String> {
    child::ask(Command::new(house::binary()).args(["config", "print-default"]))
}

/// The types of the HTTP interface for the pages, from the server's own description.
fn api_types() -> Outcome<String> {
    let description = child::ask(Command::new(house::binary()).arg("openapi"))?;
    let folder = crate::minder::Folder::make("docs")?;
    let input: PathBuf = folder.path().join("openapi.json");
    let output = folder.path().join("schema.ts");
    std::fs::write(&input, description)?;
    child::ask(web::npm().args(["run", "--silent", "generate", "--"]).arg(&input).arg(&output))?;
    Ok(std::fs::read_to_string(output)?)
}
