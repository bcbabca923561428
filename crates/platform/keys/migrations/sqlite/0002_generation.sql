-- Data keys are wrapped by one generation of the master key after the other. What stood before was wrapped by the first.
ALTER TABLE keys_data_key ADD COLUMN generation INTEGER NOT NULL DEFAULT 1;
-- The generations that have been in use here. The newest wraps what is new.
CREATE TABLE keys_generation (
    number      INTEGER NOT NULL PRIMARY KEY,
    fingerprint BLOB NOT NULL,    -- recognizes its key without giving it away
    created_at  INTEGER NOT NULL, -- since when it wraps; microseconds since 1970, UTC
    retired_at  INTEGER           -- since when nothing depends on it
);
