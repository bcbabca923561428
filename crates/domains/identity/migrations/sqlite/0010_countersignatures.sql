-- What members of staff asked that takes a second pair of eyes, and what came of it (decision 0028).
CREATE TABLE identity_countersignature (
    id          BLOB    NOT NULL PRIMARY KEY, -- CountersignatureId
    staff       BLOB    NOT NULL,             -- who asked
    session     BLOB    NOT NULL,             -- in which session
    action      TEXT    NOT NULL,             -- an operation id
    service     TEXT    NOT NULL,
    subjects    TEXT    NOT NULL,             -- what its path names, JSON
    line        TEXT    NOT NULL,             -- method and path
    body_sha256 BLOB    NOT NULL,             -- of its body, to the byte
    body_bytes  INTEGER NOT NULL,
    body        BLOB,                         -- sealed; NULL where it is long, or no text, and some time afterwards
    state       TEXT    NOT NULL,             -- waiting, countersigned, refused, withdrawn, used or expired
    asked_at    INTEGER NOT NULL,             -- microseconds since 1970, UTC, as all *_at
    expires_at  INTEGER NOT NULL,             -- until then it can be given and used
    decided_at  INTEGER,
    decided_by  BLOB,                         -- StaffId
    closed_at   INTEGER                       -- from then on it is worth nothing
);
CREATE UNIQUE INDEX identity_countersignature_open ON identity_countersignature (staff, line, body_sha256)
    WHERE closed_at IS NULL;
CREATE INDEX identity_countersignature_asked ON identity_countersignature (asked_at);
