//! Archiving a journal, and what comes of the files.

mod damage;
mod kit;
mod restoring;
mod writing;
