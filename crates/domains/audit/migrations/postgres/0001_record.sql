-- What was recorded, in the order in which it was: number n is leaf n of the tree. Rows are never changed or removed.
-- `record` holds the bytes that are hashed; the columns beside it repeat of them what is searched for, and verification
-- compares them.
CREATE TABLE audit_record (
    number  BIGINT NOT NULL PRIMARY KEY,  -- from 0, without gaps
    id      BYTEA NOT NULL,             -- EventId, time-ordered, minted by whoever told: the same is recorded once
    actor   BYTEA NOT NULL,             -- kind (1 byte) and id; the bank itself: one byte
    action  TEXT NOT NULL,             -- a topic of news, or method and pattern of a route
    record  BYTEA NOT NULL              -- a line of JSON
);
CREATE UNIQUE INDEX audit_record_id ON audit_record (id);
-- Staff look for what one person did, newest first.
CREATE INDEX audit_record_actor ON audit_record (actor, number);
-- What each record is about.
CREATE TABLE audit_subject (
    subject BYTEA NOT NULL,             -- kind (1 byte) and id
    number  BIGINT NOT NULL,
    PRIMARY KEY (subject, number)
);
-- The end of the tree: one row.
CREATE TABLE audit_head (
    log     SMALLINT NOT NULL PRIMARY KEY CHECK (log = 1),
    count   BIGINT NOT NULL,              -- how many records
    peaks   BYTEA NOT NULL              -- roots of the full subtrees, the largest first, 32 bytes each
);
-- Every 256 leaves: so that proofs need not read all records.
CREATE TABLE audit_tile (
    place   BIGINT NOT NULL PRIMARY KEY,  -- leaves 256 * place to 256 * place + 255
    root    BYTEA NOT NULL              -- of the subtree over them
);
-- Signed statements of how the tree stood.
CREATE TABLE audit_checkpoint (
    count   BIGINT NOT NULL PRIMARY KEY,  -- how many records the tree had
    line    TEXT NOT NULL              -- the statement, signed
);
