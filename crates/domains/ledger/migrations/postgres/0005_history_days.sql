-- Runs of the history also hold what moved on each day. It follows from the journal: what is there is dropped, and
-- following begins anew at the next start. The numbers of runs go on (the cursor's row 2).
DELETE FROM ledger_history_cursor WHERE history = 1;
DELETE FROM ledger_history_block;
DROP TABLE ledger_history_run;

-- As before; `day_blocks` counts the rows of ledger_history_day.
CREATE TABLE ledger_history_run (
    run BIGINT PRIMARY KEY,
    level BIGINT NOT NULL,
    first_record BIGINT NOT NULL,
    last_record BIGINT NOT NULL,
    movements BIGINT NOT NULL,
    blocks BIGINT NOT NULL,
    day_blocks BIGINT NOT NULL,
    seal BYTEA NOT NULL
);
-- What the movements of a run add up to, by account, booking day and value day; packed, in blocks by their first day:
-- number of the account, and place of the day among those of the account in this run. The bytes begin with a check
-- over run and days.
CREATE TABLE ledger_history_day (
    run BIGINT NOT NULL,
    account BIGINT NOT NULL,
    number BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (run, account, number)
);
