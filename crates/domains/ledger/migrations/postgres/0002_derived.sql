-- Everything here follows from the journal and may be thrown away: it is rebuilt at the next start.

-- States of the book, two kept. A state is a list of parts; parts are found by their hash and shared.
CREATE TABLE ledger_snapshot (
    sequence BIGINT PRIMARY KEY,
    logic BIGINT NOT NULL,
    head_hash BYTEA NOT NULL,
    state_hash BYTEA NOT NULL,
    parts BYTEA NOT NULL,
    seal BYTEA NOT NULL
);
CREATE TABLE ledger_snapshot_part (
    hash BYTEA PRIMARY KEY,
    bytes BYTEA NOT NULL
);

-- How far the history has followed the journal.
CREATE TABLE ledger_history_cursor (
    history BIGINT PRIMARY KEY,
    sequence BIGINT NOT NULL,
    hash BYTEA NOT NULL
);
-- Movements of accounts, numbered from 1 without gaps. Accounts are numbers in the order of opening, which
-- keeps rows small and the movements of an account together.
CREATE TABLE ledger_movement (
    account BIGINT NOT NULL,
    number BIGINT NOT NULL,
    transfer BYTEA NOT NULL,
    side BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    balance_after BIGINT NOT NULL,
    counterparty BIGINT NOT NULL,
    code BIGINT NOT NULL,
    booked_on BIGINT NOT NULL,
    value_on BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (account, number)
);
