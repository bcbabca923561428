-- One data key per subject, wrapped by the master key. Destroying it makes everything sealed under it unreadable.
CREATE TABLE keys_data_key (
    subject      BLOB NOT NULL PRIMARY KEY, -- 16 bytes: a customer id, or a name hashed to 16 bytes
    wrapped      BLOB,                      -- NULL once destroyed
    created_at   INTEGER NOT NULL,          -- microseconds since 1970, UTC
    destroyed_at INTEGER                    -- the row stays, so that the subject never gets a second key
);
-- Which master key wrapped the data keys: recognized by a keyed hash, so that another key file is refused.
CREATE TABLE keys_master (
    fingerprint BLOB NOT NULL PRIMARY KEY,
    created_at  INTEGER NOT NULL
);
