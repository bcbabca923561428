//! Reads a delimited file with a header into rows that know their line.

use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};

use super::form::Fault;

/// A file whose columns are found by name.
pub(super) struct Table {
    file: String,
    /// Rows in the file's order.
    pub(super) rows: Vec<Row>,
    /// The last line, where the file ends before the line does.
    pub(super) cut: Option<Fault>,
}

/// A line; its fields stand in the order of the columns that were asked for.
pub(super) struct Row {
    /// From 1.
    pub(super) line: u64,
    fields: Vec<String>,
}

impl Row {
    /// The field of the column asked for at this position; empty where the line has none.
    pub(super) fn get(&self, column: usize) -> &str {
        self.fields.get(column).map_or("", String::as_str)
    }
}

impl Table {
    /// Reads `folder/file`: semicolons, optional quotes, LF or CRLF, columns in any order but named as in
    /// `columns`.
    ///
    /// # Errors
    /// Every malformed line.
    pub(super) fn read(folder: &Path, file: &str, columns: &[&str]) -> Result<Self, Vec<Fault>> {
        let whole = |reason: String| vec![Fault { file: file.to_owned(), line: 0, reason }];
        let bytes = std::fs::read(folder.join(file)).map_err(|error| whole(error.to_string()))?;
        Self::parse(file, &bytes, columns)
    }

    /// As [`Table::read`], from bytes.
    ///
    /// # Errors
    /// Every malformed line.
    pub(super) fn parse(file: &str, bytes: &[u8], columns: &[&str]) -> Result<Self, Vec<Fault>> {
        let fault = |line: u64, reason: String| Fault { file: file.to_owned(), line, reason };
        let mut reader =
            ReaderBuilder::new().delimiter(b';').has_headers(false).flexible(true).from_reader(bytes);
        let mut records = reader.byte_records();
        let header = match records.next() {
            Some(Ok(header)) => header,
            Some(Err(error)) => return Err(vec![fault(1, error.to_string())]),
            None => return Err(vec![fault(0, "the file is empty".to_owned())]),
        };
        let places = places(&header, columns).map_err(|reason| vec![fault(1, reason)])?;
        let ends_whole = bytes.ends_with(b"\n");
        let mut table = Self { file: file.to_owned(), rows: Vec::new(), cut: None };
        let mut faults = Vec::new();
        let mut lines = Lines { bytes, counted: 0, line: 1 };
        let mut records = records.peekable();
        while let Some(record) = records.next() {
            let last = records.peek().is_none();
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    faults.push(fault(0, error.to_string()));
                    continue;
                }
            };
            let line = lines.at(record.position().map_or(0, csv::Position::byte));
            match row(&record, header.len(), &places) {
                Ok(fields) => table.rows.push(Row { line, fields }),
                Err(RowFault::Short(reason)) if last && !ends_whole => {
                    table.cut = Some(fault(line, format!("the file ends inside this line: {reason}")));
                }
                Err(RowFault::Short(reason) | RowFault::Malformed(reason)) => {
                    faults.push(fault(line, reason))
                }
            }
        }
        if faults.is_empty() { Ok(table) } else { Err(faults) }
    }

    /// A fault of this file.
    pub(super) fn fault(&self, line: u64, reason: impl Into<String>) -> Fault {
        Fault { file: self.file.clone(), line, reason: reason.into() }
    }

    /// The table where the file must end whole.
    ///
    /// # Errors
    /// The cut line.
    pub(super) fn whole(self) -> Result<Self, Vec<Fault>> {
        match self.cut {
            Some(cut) => Err(vec![cut]),
            None => Ok(self),
        }
    }
}

/// Line numbers by position, asked for in ascending order. The reader's own are one short after CRLF.
struct Lines<'a> {
    bytes: &'a [u8],
    counted: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the record that begins at `byte`, or after the line ends that follow there.
    fn at(&mut self, byte: u64) -> u64 {
        let mut to = usize::try_from(byte).unwrap_or(usize::MAX).min(self.bytes.len());
        let ends =
            self.bytes.get(to..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        to += ends.count();
        let between = self.bytes.get(self.counted..to).unwrap_or_default();
        self.line += between.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        self.counted = self.counted.max(to);
        self.line
    }
}

enum RowFault {
    Short(String),
    Malformed(String),
}

fn places(header: &ByteRecord, columns: &[&str]) -> Result<Vec<usize>, String> {
    columns
        .iter()
        .map(|column| {
            let place = header.iter().position(|name| name == column.as_bytes());
            place.ok_or_else(|| format!("there is no column `{column}`"))
        })
        .collect()
}

fn row(record: &ByteRecord, width: usize, places: &[usize]) -> Result<Vec<String>, RowFault> {
    if record.iter().any(|field| field.contains(&b'\n') || field.contains(&b'\r')) {
        return Err(RowFault::Malformed("a quoted field does not end on its line".to_owned()));
    }
    if record.len() < width {
        return Err(RowFault::Short(format!("{} fields instead of {width}", record.len())));
    }
    if record.len() > width {
        return Err(RowFault::Malformed(format!("{} fields instead of {width}", record.len())));
    }
    let text = |place: &usize| {
        let bytes = record.get(*place).unwrap_or_default();
        std::str::from_utf8(bytes).map(str::to_owned)
    };
    let fields: Result<Vec<String>, _> = places.iter().map(text).collect();
    fields.map_err(|_| RowFault::Malformed("the line is not UTF-8 text".to_owned()))
}
