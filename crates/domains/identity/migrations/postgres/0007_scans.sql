-- Sign-ins that wait to be scanned with a phone that is signed in (decision 0026).
CREATE TABLE identity_scan (
    id          BYTEA  NOT NULL PRIMARY KEY, -- ScanId
    code_hash   BYTEA  NOT NULL UNIQUE,      -- keyed hash of the code that is shown
    requester   BYTEA  NOT NULL,             -- hash of the device cookie of the page that shows it
    device_key  BYTEA,                       -- the key with which that page proves to be there (RFC 7638)
    network     BYTEA  NOT NULL,             -- keyed hash of the network of that page
    channel     TEXT   NOT NULL,
    device_name TEXT   NOT NULL,
    number      BIGINT NOT NULL,             -- shown on the page once it is scanned, 10..=99
    state       TEXT   NOT NULL,             -- open, scanned, approved, refused or used
    customer    BYTEA,                       -- who scanned it
    session     BYTEA,                       -- in which session
    assurance   TEXT,                        -- with approved: how sure the bank was of them
    asked_at    BIGINT NOT NULL,             -- microseconds since 1970, UTC, as all *_at
    expires_at  BIGINT NOT NULL
);
CREATE INDEX identity_scan_expires ON identity_scan (expires_at);
