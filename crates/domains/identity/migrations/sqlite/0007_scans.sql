-- Sign-ins that wait to be scanned with a phone that is signed in (decision 0026).
CREATE TABLE identity_scan (
    id          BLOB    NOT NULL PRIMARY KEY, -- ScanId
    code_hash   BLOB    NOT NULL UNIQUE,      -- keyed hash of the code that is shown
    requester   BLOB    NOT NULL,             -- hash of the device cookie of the page that shows it
    device_key  BLOB,                         -- the key with which that page proves to be there (RFC 7638)
    network     BLOB    NOT NULL,             -- keyed hash of the network of that page
    channel     TEXT    NOT NULL,
    device_name TEXT    NOT NULL,
    number      INTEGER NOT NULL,             -- shown on the page once it is scanned, 10..=99
    state       TEXT    NOT NULL,             -- open, scanned, approved, refused or used
    customer    BLOB,                         -- who scanned it
    session     BLOB,                         -- in which session
    assurance   TEXT,                         -- with approved: how sure the bank was of them
    asked_at    INTEGER NOT NULL,             -- microseconds since 1970, UTC, as all *_at
    expires_at  INTEGER NOT NULL
);
CREATE INDEX identity_scan_expires ON identity_scan (expires_at);
