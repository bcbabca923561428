-- The journal: one row per record. Everything in a row is covered by the record's own hash: sequence, epoch and
-- the hash of the record before stand inside the record too. Rows are never changed.
CREATE TABLE ledger_record (
    sequence BIGINT PRIMARY KEY,
    epoch BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    record BYTEA NOT NULL
);
-- Records are hashes and ids: compressing them costs time and saves little.
