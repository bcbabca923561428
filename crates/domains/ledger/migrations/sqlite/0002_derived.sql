-- Everything here follows from the journal and may be thrown away: it is rebuilt at the next start.

-- States of the book, two kept. A state is a list of parts; parts are found by their hash and shared.
CREATE TABLE ledger_snapshot (
    sequence INTEGER PRIMARY KEY,
    logic INTEGER NOT NULL,
    head_hash BLOB NOT NULL,
    state_hash BLOB NOT NULL,
    parts BLOB NOT NULL,
    seal BLOB NOT NULL
);
CREATE TABLE ledger_snapshot_part (
    hash BLOB PRIMARY KEY,
    bytes BLOB NOT NULL
) WITHOUT ROWID;

-- How far the history has followed the journal.
CREATE TABLE ledger_history_cursor (
    history INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL,
    hash BLOB NOT NULL
);
-- Movements of accounts, numbered from 1 without gaps. Accounts are numbers in the order of opening, which
-- keeps rows small and the movements of an account together.
CREATE TABLE ledger_movement (
    account INTEGER NOT NULL,
    number INTEGER NOT NULL,
    transfer BLOB NOT NULL,
    side INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    balance_after INTEGER NOT NULL,
    counterparty INTEGER NOT NULL,
    code INTEGER NOT NULL,
    booked_on INTEGER NOT NULL,
    value_on INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (account, number)
) WITHOUT ROWID;
