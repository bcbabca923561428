//! Documents: links lead somewhere, the two READMEs tell the same, the commands in them exist.

use super::{Tree, accepts, catches, holds, joined};

/// Every relative link of a Markdown file leads to something in the tree.
fn links_lead_somewhere(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in tree.ending(&[".md"]) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.split('#').next().unwrap_or("");
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            if !tree.has(&joined(folder, target)) {
                complaints.push(format!("{path}: the link to `{target}` leads nowhere"));
            }
        }
    }
    complaints
}

/// The Chinese page is as complete as the English one: the same headings in number, the same commands, the same
/// links.
fn readmes_tell_the_same(tree: &Tree) -> Vec<String> {
    let (english, chinese) = (tree.text("README.md"), tree.text("README.zh-CN.md"));
    let headings = |text: &str| text.lines().filter(|line| line.starts_with('#')).count();
    // What the command prints after `#` is a comment in the page's own language.
    let commands = |text: &str| -> Vec<String> {
        let blocks = text.split("```").skip(1).step_by(2);
        let lines = blocks.flat_map(|block| block.lines().skip(1));
        lines.map(|line| line.split(" #").next().unwrap_or("").trim_end().to_owned()).collect()
    };
    let links = |text: &str| -> Vec<String> {
        let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let mut targets: Vec<String> =
            targets.map(str::to_owned).filter(|target| !target.starts_with("README")).collect();
        targets.sort();
        targets
    };
    let mut complaints = Vec::new();
    if headings(english) != headings(chinese) {
        complaints.push("README.zh-CN.md: has other headings than README.md".to_owned());
    }
    if commands(english) != commands(chinese) {
        complaints.push("README.zh-CN.md: has other commands than README.md".to_owned());
    }
    if links(english) != links(chinese) {
        complaints.push("README.zh-CN.md: has other links than README.md".to_owned());
    }
    complaints
}

/// The map fits four pages: about 60 lines each.
fn the_map_is_short(tree: &Tree) -> Vec<String> {
    let lines = tree.text("ARCHITECTURE.md").lines().count();
    if (1..=240).contains(&lines) { Vec::new() } else { vec![format!("ARCHITECTURE.md: {lines} lines")] }
}

/// Newcomers and CI run the same command.
fn ci_runs_what_the_readme_says(tree: &Tree) -> Vec<String> {
    let command = "cargo xtask test";
    let files = ["README.md", "CONTRIBUTING.md", ".ci/run"];
    files
        .iter()
        .filter(|path| !tree.text(path).contains(command))
        .map(|path| format!("{path}: does not name `{command}`"))
        .collect()
}

#[test]
fn links_lead_somewhere_here() {
    holds(links_lead_somewhere);
    let page = ("docs/decisions/README.md", "[a](0001-a.md) [b](../../README.md#x) [c](https://example.org)");
    accepts(links_lead_somewhere, &[page, ("docs/decisions/0001-a.md", ""), ("README.md", "")]);
    catches(links_lead_somewhere, &[page, ("README.md", "")], "`0001-a.md`");
}

#[test]
fn readmes_tell_the_same_here() {
    holds(readmes_tell_the_same);
    let english = ("README.md", "# A\n```sh\ncargo xtask up   # serves\n```\n");
    accepts(
        readmes_tell_the_same,
        &[english, ("README.zh-CN.md", "# 甲\n```sh\ncargo xtask up   # 启动\n```\n")],
    );
    catches(
        readmes_tell_the_same,
        &[english, ("README.zh-CN.md", "# 甲\n```sh\ncargo run\n```\n")],
        "commands",
    );
}

#[test]
fn the_map_is_short_here() {
    holds(the_map_is_short);
    catches(the_map_is_short, &[("ARCHITECTURE.md", "a\n".repeat(300).as_str())], "300 lines");
}

#[test]
fn ci_runs_what_the_readme_says_here() {
    holds(ci_runs_what_the_readme_says);
    let told =
        [("README.md", "cargo xtask test"), ("CONTRIBUTING.md", "cargo xtask test"), (".ci/run", "make")];
    catches(ci_runs_what_the_readme_says, &told, ".ci/run");
}
