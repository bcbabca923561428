-- Tablets that stand in branches (decision 0037). Each is known by the key of its page, once it was given its code.
CREATE TABLE identity_tablet (
    id              BLOB    NOT NULL PRIMARY KEY, -- DeviceId
    name            TEXT    NOT NULL,             -- where it stands, as customers see it
    device_key      BLOB,                         -- JWK thumbprint (RFC 7638, SHA-256), from when it was given its code
    code_hash       BLOB,                         -- until then
    code_expires_at INTEGER NOT NULL,             -- microseconds since 1970, UTC, as all *_at
    added_at        INTEGER NOT NULL,
    added_by        BLOB    NOT NULL,             -- StaffId
    removed_at      INTEGER
);
CREATE UNIQUE INDEX identity_tablet_key ON identity_tablet (device_key) WHERE device_key IS NOT NULL AND removed_at IS NULL;
CREATE UNIQUE INDEX identity_tablet_code ON identity_tablet (code_hash) WHERE code_hash IS NOT NULL;
CREATE INDEX identity_session_device ON identity_session (device) WHERE ended_at IS NULL;
