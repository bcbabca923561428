//! Places for values in the text of a statement.
//!
//! SQLite finds a named parameter (`$7`) by walking through all names before it, so that a statement of a thousand
//! rows costs their square, while every other writer waits. Bare ones (`?`) are counted.

use sea_orm::{ConnectionTrait, DbBackend};

/// Writes the places of a statement, one after the other, in the order of its values: `$1`, `$2` on PostgreSQL,
/// `?`, `?` on SQLite. All places of a statement come from one of these.
#[derive(Debug)]
pub struct Places {
    numbered: bool,
    count: usize,
}

impl Places {
    /// For a statement on `connection`.
    pub fn on(connection: &impl ConnectionTrait) -> Self {
        Self { numbered: connection.get_database_backend() == DbBackend::Postgres, count: 0 }
    }

    /// The next place.
    pub fn one(&mut self) -> String {
        self.count += 1;
        if self.numbered { format!("${}", self.count) } else { "?".to_owned() }
    }

    /// The next `count` places in parentheses: `(?, ?)`.
    pub fn list(&mut self, count: usize) -> String {
        let places: Vec<String> = (0..count).map(|_| self.one()).collect();
        format!("({})", places.join(", "))
    }

    /// The next places for so many rows: `(?, ?), (?, ?)`.
    pub fn rows(&mut self, rows: usize, columns: usize) -> String {
        (0..rows).map(|_| self.list(columns)).collect::<Vec<_>>().join(", ")
    }
}
