//! Runs other programs: to their end with their words passed on, or in the background until dropped.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use crate::Outcome;
use crate::minder::Group;

/// How a program ended and what it said.
pub(crate) struct Ended {
    /// It exited with status zero.
    pub(crate) success: bool,
    /// Standard output and standard error, in the order of arrival of each, without color codes.
    pub(crate) words: String,
}

/// Runs a program to its end, passing its words on as they come and keeping a copy.
pub(crate) fn listen(command: &mut Command) -> Outcome<Ended> {
    listen_beside(command, "")
}

/// The same for a program beside which another one speaks: `label` stands before each line that is passed on.
pub(crate) fn listen_beside(command: &mut Command, label: &'static str) -> Outcome<Ended> {
    let name = name_of(command);
    let mut child = command
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|cause| format!("cannot start {name}: {cause}"))?;
    let group = Group::of(child.id(), "TERM")?;
    let out = child.stdout.take().map(|stream| pass_on(stream, label, std::io::stdout));
    let err = child.stderr.take().map(|stream| pass_on(stream, label, std::io::stderr));
    let status = child.wait()?;
    drop(group);
    let mut words = String::new();
    for reader in [out, err].into_iter().flatten() {
        words.push_str(&reader.join().map_err(|_| format!("lost what {name} printed"))?);
    }
    Ok(Ended { success: status.success(), words })
}

/// Runs a program to its end with its words passed on; a non-zero status is an error.
pub(crate) fn must(command: &mut Command) -> Outcome<()> {
    let name = name_of(command);
    if listen(command)?.success { Ok(()) } else { Err(format!("`{name}` failed").into()) }
}

/// Runs a program quietly and returns what it printed; a non-zero status is an error with its complaint.
pub(crate) fn ask(command: &mut Command) -> Outcome<String> {
    let name = name_of(command);
    let output =
        command.stdin(Stdio::null()).output().map_err(|cause| format!("cannot start {name}: {cause}"))?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?);
    }
    Err(format!("`{name}` failed: {}", String::from_utf8_lossy(&output.stderr).trim()).into())
}

/// A program in the background; it is asked to end when this value is dropped.
pub(crate) struct Background {
    child: Child,
    group: Option<Group>,
}

impl Background {
    /// Starts it in a process group of its own; `signal` asks it to end. Its words go to `log`.
    pub(crate) fn start(
        command: &mut Command,
        signal: &'static str,
        log: &std::path::Path,
    ) -> Outcome<Background> {
        let name = name_of(command);
        let words = std::fs::File::create(log)?;
        let child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(words.try_clone()?)
            .stderr(words)
            .spawn()
            .map_err(|cause| format!("cannot start {name}: {cause}"))?;
        let group = Some(Group::of(child.id(), signal)?);
        Ok(Background { child, group })
    }

    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // The group is signaled first; a leader that nobody waits for would stay as a zombie and count as alive,
        // so a thread waits for it meanwhile.
        let group = self.group.take();
        std::thread::scope(|scope| {
            scope.spawn(|| drop(group));
            let _status = self.child.wait();
        });
    }
}

/// Copies a stream line by line to ours, each behind the label, and returns all of it, stripped of color codes.
fn pass_on<W: Write + 'static>(
    stream: impl Read + Send + 'static,
    label: &'static str,
    ours: fn() -> W,
) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut kept = String::new();
        let mut reader = BufReader::new(stream);
        let mut line = label.as_bytes().to_vec();
        while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            // A line is written at once, so that those of two programs do not mix. Whoever reads us may have gone;
            // the program is still to be waited for.
            let mut ours = ours();
            let _shown = ours.write_all(&line).and_then(|()| ours.flush());
            let said = line.get(label.len()..).unwrap_or_default();
            kept.push_str(&plain(&String::from_utf8_lossy(said)));
            line.truncate(label.len());
        }
        kept
    })
}

/// The text without terminal control sequences (`ESC [ … letter`).
pub(crate) fn plain(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        kept.push_str(before);
        rest = after
            .find(|letter: char| letter.is_ascii_alphabetic())
            .map_or("", |end| after.get(end + 1..).unwrap_or(""));
    }
    kept.push_str(rest);
    kept
}

fn name_of(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    static SHOWN: Mutex<Vec<u8>> = Mutex::new(Vec::new());

    struct Shown;

    impl Write for Shown {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            SHOWN.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_is_passed_on_bears_the_label_and_what_is_kept_does_not() {
        let said: &[u8] = b"one\n\x1b[32mtwo\x1b[0m\n";
        let kept = pass_on(said, "split: ", || Shown).join().unwrap();
        assert_eq!(kept, "one\ntwo\n");
        assert_eq!(*SHOWN.lock().unwrap(), b"split: one\nsplit: \x1b[32mtwo\x1b[0m\n");
    }
}
