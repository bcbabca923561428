-- The journal: one row per record. Everything in a row is covered by the record's own hash: sequence, epoch and
-- the hash of the record before stand inside the record too. Rows are never changed.
CREATE TABLE ledger_record (
    sequence INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    hash BLOB NOT NULL,
    record BLOB NOT NULL
);
