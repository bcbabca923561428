-- Ids that are no longer in memory, so that each is known for ever. All of it follows from the journal.

-- Ids first used in one stretch of the journal. Without its row here a generation does not exist: its blocks are
-- written first, so that a crash leaves none half stored.
CREATE TABLE ledger_id_generation (
    generation BIGINT PRIMARY KEY,
    -- All ids from one location (record and place in it, as one number) up to before another.
    from_location BIGINT NOT NULL,
    until_location BIGINT NOT NULL,
    -- Hash of the record at its end: whether it is of this journal.
    head_hash BYTEA NOT NULL,
    -- What is needed to read blocks and filter, in canonical bytes.
    outline BYTEA NOT NULL,
    -- Check over all of the above.
    digest BYTEA NOT NULL
);
-- Ids by the beginning of their hashes. The number is the generation's in the upper half, and the place of the
-- block in the lower one: one key, so that blocks of many generations are read in one question.
CREATE TABLE ledger_id_block (
    number BIGINT PRIMARY KEY,
    bytes BYTEA NOT NULL,
    digest BYTEA NOT NULL
);
-- What tells of nearly every id that is not in a generation that it is not, numbered likewise.
CREATE TABLE ledger_id_filter (
    number BIGINT PRIMARY KEY,
    bytes BYTEA NOT NULL,
    digest BYTEA NOT NULL
);
-- Hashes cannot be compressed: trying costs time alone.
