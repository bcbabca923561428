-- Who signs in by which name. Names are kept as keyed hashes only; one customer may have several.
CREATE TABLE identity_name (
    name_index BYTEA NOT NULL PRIMARY KEY, -- keyed hash of the normalized name
    customer   BYTEA NOT NULL              -- CustomerId
);

-- What a customer proves to be with.
CREATE TABLE identity_credential (
    customer     BYTEA    NOT NULL PRIMARY KEY,
    password     TEXT    NOT NULL,           -- argon2id, PHC string
    changed_at   BIGINT NOT NULL,           -- microseconds since 1970, UTC, as all *_at
    pin_salt     BYTEA,                       -- NULL until a PIN is set
    pin_verifier BYTEA,
    pin_count    BIGINT NOT NULL DEFAULT 0, -- wrong tries; 0 means none since the last right one
    pin_level    BIGINT NOT NULL DEFAULT 0, -- locks before this one
    pin_first_at BIGINT NOT NULL DEFAULT 0,
    pin_last_at  BIGINT NOT NULL DEFAULT 0,
    pin_version  BIGINT NOT NULL DEFAULT 0  -- a lower version never overwrites a higher one
);

-- Devices that signed in at least once, known by the hash of a random cookie.
CREATE TABLE identity_device (
    token_hash BYTEA    NOT NULL PRIMARY KEY,
    id         BYTEA    NOT NULL UNIQUE,
    made_at    BIGINT NOT NULL
);

-- Whom a device signed in: its wrong tries for that owner are counted apart from those of strangers.
CREATE TABLE identity_known_device (
    owner    BYTEA   NOT NULL, -- CustomerId or StaffId
    device   BYTEA   NOT NULL,
    name     TEXT    NOT NULL,
    first_at BIGINT  NOT NULL,
    last_at  BIGINT  NOT NULL,
    PRIMARY KEY (owner, device)
);

-- Sessions of customers and staff; ended ones stay until the job removes them.
CREATE TABLE identity_session (
    id           BYTEA    NOT NULL PRIMARY KEY,
    token_hash   BYTEA    NOT NULL UNIQUE,
    customer     BYTEA,                    -- either this
    staff        BYTEA,                    -- or this
    role         TEXT,                    -- with staff
    channel      TEXT    NOT NULL,
    device       BYTEA    NOT NULL,
    device_name  TEXT    NOT NULL,
    assurance    TEXT    NOT NULL,
    started_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,        -- written in batches, may lag behind
    expires_at   BIGINT NOT NULL,
    ended_at     BIGINT                  -- signed out or revoked
);
CREATE INDEX identity_session_customer ON identity_session (customer) WHERE ended_at IS NULL;
CREATE INDEX identity_session_staff ON identity_session (staff) WHERE ended_at IS NULL;
CREATE INDEX identity_session_expires ON identity_session (expires_at);

-- One-time codes, hashed; each bound to the requester that asked for it, so that nobody spends another's tries.
CREATE TABLE identity_code (
    phone_index BYTEA    NOT NULL,
    purpose     TEXT    NOT NULL,
    requester   BYTEA    NOT NULL, -- hash of the device cookie
    network     BYTEA    NOT NULL, -- keyed hash of the network, for clients without cookies
    code_hash   BYTEA    NOT NULL,
    tries       BIGINT NOT NULL,
    sent_at     BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    customer    BYTEA,             -- sign-up: the id minted when the code was proved
    PRIMARY KEY (phone_index, purpose, requester)
);
CREATE INDEX identity_code_expires ON identity_code (expires_at);

-- Counted tries, by keyed hash of what they are counted for.
CREATE TABLE identity_tries (
    tries_key BYTEA    NOT NULL PRIMARY KEY,
    count     BIGINT NOT NULL,
    level     BIGINT NOT NULL,
    first_at  BIGINT NOT NULL,
    last_at   BIGINT NOT NULL
);
CREATE INDEX identity_tries_last ON identity_tries (last_at);

-- The bank's people; removed ones stay, because what they did names them.
CREATE TABLE identity_staff (
    id         BYTEA    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    password   TEXT    NOT NULL,
    role       TEXT    NOT NULL,
    added_at   BIGINT NOT NULL,
    removed_at BIGINT
);
CREATE UNIQUE INDEX identity_staff_name ON identity_staff (name) WHERE removed_at IS NULL;
