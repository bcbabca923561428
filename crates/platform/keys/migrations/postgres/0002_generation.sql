-- Data keys are wrapped by one generation of the master key after the other. What stood before was wrapped by the first.
ALTER TABLE keys_data_key ADD COLUMN generation BIGINT NOT NULL DEFAULT 1;
-- The generations that have been in use here. The newest wraps what is new.
CREATE TABLE keys_generation (
    number      BIGINT NOT NULL PRIMARY KEY,
    fingerprint BYTEA NOT NULL,  -- recognizes its key without giving it away
    created_at  BIGINT NOT NULL, -- since when it wraps; microseconds since 1970, UTC
    retired_at  BIGINT           -- since when nothing depends on it
);
