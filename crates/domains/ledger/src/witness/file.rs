//! The file to which statements are appended: one line each, durable when appended.
//!
//! A last line without its end is an append that was cut short: it is not read, and cut off by the next append.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// How long a line may be at most: 64 peaks, and some.
const LINE_BYTES: u64 = 8 << 10;

/// A file of statements. It need not be there.
#[derive(Debug, Clone)]
pub(crate) struct StatementFile(PathBuf);

impl StatementFile {
    pub(crate) const fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Appends a line; durable when it returns.
    pub(crate) fn append(&self, line: &str) -> io::Result<()> {
        let folder = self.0.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            std::fs::create_dir_all(folder)?;
        }
        let new = !self.0.exists();
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&self.0)?;
        let (_, end) = tail(&mut file)?;
        file.set_len(end)?;
        file.seek(SeekFrom::Start(end))?;
        file.write_all(format!("{line}\n").as_bytes())?;
        file.sync_all()?;
        if new {
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        }
        Ok(())
    }

    /// The last line; `None` where there is none.
    pub(crate) fn last(&self) -> io::Result<Option<String>> {
        match File::open(&self.0) {
            Ok(mut file) => {
                let (bytes, _) = tail(&mut file)?;
                let last = bytes.split(|byte| *byte == b'\n').rfind(|line| !line.is_empty());
                Ok(last.map(|line| String::from_utf8_lossy(line).into_owned()))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Every line, the first first, without those that are not at an end.
    pub(crate) fn lines(&self) -> io::Result<Box<dyn Iterator<Item = io::Result<String>> + Send>> {
        let file = match File::open(&self.0) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Box::new(std::iter::empty())),
            Err(error) => return Err(error),
        };
        let mut reader = BufReader::new(file);
        Ok(Box::new(std::iter::from_fn(move || {
            let mut line = Vec::new();
            match reader.by_ref().take(LINE_BYTES).read_until(b'\n', &mut line) {
                Err(error) => Some(Err(error)),
                Ok(_) if line.pop_if(|end| *end == b'\n').is_some() => {
                    Some(Ok(String::from_utf8_lossy(&line).into_owned()))
                }
                // A line longer than any: handed over as it is, to be found wrong.
                Ok(read) if read as u64 == LINE_BYTES => {
                    Some(Ok(String::from_utf8_lossy(&line).into_owned()))
                }
                Ok(_) => None,
            }
        })))
    }
}

/// The end of the file up to the last end of a line, some lines or all, and where in the file that is.
fn tail(file: &mut File) -> io::Result<(Vec<u8>, u64)> {
    let length = file.metadata()?.len();
    let from = length.saturating_sub(2 * LINE_BYTES);
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(2 * LINE_BYTES).read_to_end(&mut bytes)?;
    let complete = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    if complete == 0 && from > 0 {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "its end holds no statements"));
    }
    bytes.truncate(complete);
    Ok((bytes, from + complete as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(file: &StatementFile) -> Vec<String> {
        file.lines().unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn what_was_appended_is_read_and_what_was_cut_short_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = StatementFile::new(folder.path().join("outside").join("statements.jsonl"));
        assert_eq!((file.last().unwrap(), lines(&file)), (None, vec![]));
        for n in 0..40 {
            let line = format!("{n} {}", "x".repeat(2_000));
            file.append(&line).unwrap();
            assert_eq!(file.last().unwrap(), Some(line));
        }
        let mut torn = OpenOptions::new().append(true).open(file.path()).unwrap();
        torn.write_all(b"40 half of a l").unwrap();
        assert!(file.last().unwrap().unwrap().starts_with("39 "));
        assert_eq!(lines(&file).len(), 40);
        file.append("41").unwrap();
        let all = lines(&file);
        assert_eq!((all.len(), all[40].as_str()), (41, "41"));
        assert_eq!(file.last().unwrap().as_deref(), Some("41"));
    }

    #[test]
    fn a_file_of_something_else_is_not_cut() {
        let folder = tempfile::tempdir().unwrap();
        let file = StatementFile::new(folder.path().join("large"));
        std::fs::write(file.path(), vec![b'x'; 100_000]).unwrap();
        assert!(file.last().is_err());
        assert!(file.append("1").is_err());
        assert_eq!(std::fs::metadata(file.path()).unwrap().len(), 100_000);
        assert!(!lines(&file).is_empty());
    }
}
