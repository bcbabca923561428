-- Runs of the history also hold what moved on each day. It follows from the journal: what is there is dropped, and
-- following begins anew at the next start. The numbers of runs go on (the cursor's row 2).
DELETE FROM ledger_history_cursor WHERE history = 1;
DELETE FROM ledger_history_block;
DROP TABLE ledger_history_run;

-- As before; `day_blocks` counts the rows of ledger_history_day.
CREATE TABLE ledger_history_run (
    run INTEGER PRIMARY KEY,
    level INTEGER NOT NULL,
    first_record INTEGER NOT NULL,
    last_record INTEGER NOT NULL,
    movements INTEGER NOT NULL,
    blocks INTEGER NOT NULL,
    day_blocks INTEGER NOT NULL,
    seal BLOB NOT NULL
);
-- What the movements of a run add up to, by account, booking day and value day; packed, in blocks by their first day:
-- number of the account, and place of the day among those of the account in this run. The bytes begin with a check
-- over run and days.
CREATE TABLE ledger_history_day (
    run INTEGER NOT NULL,
    account INTEGER NOT NULL,
    number INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (run, account, number)
) WITHOUT ROWID;
