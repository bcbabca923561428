-- What members of staff asked that takes a second pair of eyes, and what came of it (decision 0028).
CREATE TABLE identity_countersignature (
    id          BYTEA  NOT NULL PRIMARY KEY, -- CountersignatureId
    staff       BYTEA  NOT NULL,             -- who asked
    session     BYTEA  NOT NULL,             -- in which session
    action      TEXT   NOT NULL,             -- an operation id
    service     TEXT   NOT NULL,
    subjects    TEXT   NOT NULL,             -- what its path names, JSON
    line        TEXT   NOT NULL,             -- method and path
    body_sha256 BYTEA  NOT NULL,             -- of its body, to the byte
    body_bytes  BIGINT NOT NULL,
    body        BYTEA,                       -- sealed; NULL where it is long, or no text, and some time afterwards
    state       TEXT   NOT NULL,             -- waiting, countersigned, refused, withdrawn, used or expired
    asked_at    BIGINT NOT NULL,             -- microseconds since 1970, UTC, as all *_at
    expires_at  BIGINT NOT NULL,             -- until then it can be given and used
    decided_at  BIGINT,
    decided_by  BYTEA,                       -- StaffId
    closed_at   BIGINT                       -- from then on it is worth nothing
);
CREATE UNIQUE INDEX identity_countersignature_open ON identity_countersignature (staff, line, body_sha256)
    WHERE closed_at IS NULL;
CREATE INDEX identity_countersignature_asked ON identity_countersignature (asked_at);
