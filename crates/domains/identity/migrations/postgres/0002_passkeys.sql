-- Passkeys: which public keys sign whom in (W3C Web Authentication).
CREATE TABLE identity_passkey (
    credential      BYTEA   NOT NULL PRIMARY KEY, -- credential id, chosen by the authenticator
    id              BYTEA   NOT NULL UNIQUE,      -- PasskeyId
    owner           BYTEA   NOT NULL,             -- CustomerId
    public_key      BYTEA   NOT NULL,             -- COSE_Key (RFC 9052)
    sign_count      BIGINT NOT NULL,
    aaguid          BYTEA   NOT NULL,             -- which model of authenticator, 16 bytes; zeros where it does not say
    transports      TEXT    NOT NULL,             -- words of the standard with commas between
    backup_eligible BIGINT NOT NULL,             -- 0 or 1: whether it may be copied to other devices of its owner
    backed_up       BIGINT NOT NULL,             -- 0 or 1
    name            TEXT    NOT NULL,             -- as its owner calls it
    added_at        BIGINT NOT NULL,             -- microseconds since 1970, UTC, as all *_at
    last_used_at    BIGINT
);
CREATE INDEX identity_passkey_owner ON identity_passkey (owner);

-- Challenges that were answered, until they are too old anyway: each is good once.
CREATE TABLE identity_answered (
    challenge  BYTEA   NOT NULL PRIMARY KEY, -- its hash
    expires_at BIGINT NOT NULL
);
CREATE INDEX identity_answered_expires ON identity_answered (expires_at);

-- Who signed in, or was refused, with what and from where: shown to the owner.
CREATE TABLE identity_sign_in (
    id          BYTEA   NOT NULL PRIMARY KEY, -- SignInId
    owner       BYTEA   NOT NULL,             -- CustomerId or StaffId; zeros for a name that nobody has
    at          BIGINT NOT NULL,
    method      TEXT    NOT NULL,
    refused     BIGINT NOT NULL,             -- 0 or 1
    channel     TEXT    NOT NULL,
    device_name TEXT    NOT NULL
);
CREATE INDEX identity_sign_in_owner ON identity_sign_in (owner, id);
CREATE INDEX identity_sign_in_at ON identity_sign_in (at);

-- With what a session was opened, and when its owner last proved to be there.
ALTER TABLE identity_session ADD COLUMN method TEXT NOT NULL DEFAULT 'password';
ALTER TABLE identity_session ADD COLUMN proved_at BIGINT NOT NULL DEFAULT 0;
