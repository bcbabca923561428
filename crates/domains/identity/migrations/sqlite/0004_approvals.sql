-- What customers were asked to approve, and what they signed. Kept as evidence of who approved what.
CREATE TABLE identity_approval (
    id         BLOB    NOT NULL PRIMARY KEY, -- ApprovalId
    customer   BLOB    NOT NULL,
    session    BLOB    NOT NULL,             -- in which it was ordered
    channel    TEXT    NOT NULL,
    device_name TEXT   NOT NULL,
    order_hash TEXT    NOT NULL,             -- of the whole order, by whoever asked
    act        BLOB    NOT NULL,             -- the text that is shown and signed, sealed under the customer's key
    digest     BLOB    NOT NULL,             -- its SHA-256: the challenge that is signed
    state      TEXT    NOT NULL,             -- waiting, approved, refused or used
    asked_at   INTEGER NOT NULL,             -- microseconds since 1970, UTC, as all *_at
    expires_at INTEGER NOT NULL,
    decided_at INTEGER,
    evidence   BLOB,                         -- the passkey's answer, sealed
    used_by    BLOB                          -- the key of the transfer that used it, 16 bytes
);
CREATE INDEX identity_approval_waiting ON identity_approval (customer) WHERE state = 'waiting';
