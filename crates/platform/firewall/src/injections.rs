//! Whether a text is an injection of SQL or script (libinjection), remembered for short texts: names of fields and browsers
//! are the same in most requests, and the look through SQL's words takes longer than all other rules.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Longer texts are seldom the same twice, bytes.
const REMEMBERED_BYTES_MAX: usize = 512;
/// Texts of one generation; two are kept.
const GENERATION: usize = 2_048;

/// What was found out about texts of late. At most 2 MiB.
#[derive(Default)]
pub(crate) struct Injections {
    sql: Mutex<Generations>,
}

#[derive(Default)]
struct Generations {
    young: HashMap<Box<[u8]>, bool>,
    old: HashMap<Box<[u8]>, bool>,
}

impl Generations {
    fn get(&mut self, text: &[u8]) -> Option<bool> {
        if let Some(known) = self.young.get(text) {
            return Some(*known);
        }
        let (text, known) = self.old.remove_entry(text)?;
        self.put(text, known);
        Some(known)
    }

    fn put(&mut self, text: Box<[u8]>, is: bool) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(text, is);
    }
}

impl Injections {
    pub(crate) fn is_sql(&self, text: &[u8]) -> bool {
        if is_one_word(text) {
            return false;
        }
        if text.len() > REMEMBERED_BYTES_MAX {
            return libinjectionrs::detect_sqli(text).is_injection();
        }
        let lock = || self.sql.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(text) {
            return known;
        }
        let is = libinjectionrs::detect_sqli(text).is_injection();
        lock().put(text.into(), is);
        is
    }
}

/// A single word is no statement, whatever the word: Chinese is written without blanks.
fn is_one_word(text: &[u8]) -> bool {
    text.iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'_' || *byte >= 0x80)
        && !text.windows(2).any(|pair| pair == b"\xc2\xa0")
}

/// Whether a text would be run as script. Without any of the signs that begin a tag, an attribute or an address, none is.
pub(crate) fn is_script(text: &[u8]) -> bool {
    memchr::memchr3(b'<', b'=', b':', text).is_some() && libinjectionrs::detect_xss(text).is_injection()
}
