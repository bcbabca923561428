-- The history of accounts becomes sorted runs of packed movements. It follows from the journal: what was kept row by
-- row is dropped, and following begins anew at the next start.
DROP TABLE ledger_movement;
DELETE FROM ledger_history_cursor;
-- From now on the cursor is the row 1; the row 2 counts the numbers of runs, so that no two processes use the same.

-- A run holds the movements of consecutive records; the runs together hold those of the records 1 to the cursor.
-- Level 0 was written as it came; level n + 1 was merged from runs of level n. The seal covers all columns.
CREATE TABLE ledger_history_run (
    run BIGINT PRIMARY KEY,
    level BIGINT NOT NULL,
    first_record BIGINT NOT NULL,
    last_record BIGINT NOT NULL,
    movements BIGINT NOT NULL,
    blocks BIGINT NOT NULL,
    seal BYTEA NOT NULL
);
-- Blocks of a run, by their first movement: number of the account in the order of opening, and number of the movement
-- in its history. A block of a run that is not listed is what a merge left behind, and nobody reads it. The bytes
-- begin with a check over run and movements.
CREATE TABLE ledger_history_block (
    run BIGINT NOT NULL,
    account BIGINT NOT NULL,
    number BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (run, account, number)
);
