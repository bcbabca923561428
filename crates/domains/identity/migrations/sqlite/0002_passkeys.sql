-- Passkeys: which public keys sign whom in (W3C Web Authentication).
CREATE TABLE identity_passkey (
    credential      BLOB    NOT NULL PRIMARY KEY, -- credential id, chosen by the authenticator
    id              BLOB    NOT NULL UNIQUE,      -- PasskeyId
    owner           BLOB    NOT NULL,             -- CustomerId
    public_key      BLOB    NOT NULL,             -- COSE_Key (RFC 9052)
    sign_count      INTEGER NOT NULL,
    aaguid          BLOB    NOT NULL,             -- which model of authenticator, 16 bytes; zeros where it does not say
    transports      TEXT    NOT NULL,             -- words of the standard with commas between
    backup_eligible INTEGER NOT NULL,             -- 0 or 1: whether it may be copied to other devices of its owner
    backed_up       INTEGER NOT NULL,             -- 0 or 1
    name            TEXT    NOT NULL,             -- as its owner calls it
    added_at        INTEGER NOT NULL,             -- microseconds since 1970, UTC, as all *_at
    last_used_at    INTEGER
);
CREATE INDEX identity_passkey_owner ON identity_passkey (owner);

-- Challenges that were answered, until they are too old anyway: each is good once.
CREATE TABLE identity_answered (
    challenge  BLOB    NOT NULL PRIMARY KEY, -- its hash
    expires_at INTEGER NOT NULL
);
CREATE INDEX identity_answered_expires ON identity_answered (expires_at);

-- Who signed in, or was refused, with what and from where: shown to the owner.
CREATE TABLE identity_sign_in (
    id          BLOB    NOT NULL PRIMARY KEY, -- SignInId
    owner       BLOB    NOT NULL,             -- CustomerId or StaffId; zeros for a name that nobody has
    at          INTEGER NOT NULL,
    method      TEXT    NOT NULL,
    refused     INTEGER NOT NULL,             -- 0 or 1
    channel     TEXT    NOT NULL,
    device_name TEXT    NOT NULL
);
CREATE INDEX identity_sign_in_owner ON identity_sign_in (owner, id);
CREATE INDEX identity_sign_in_at ON identity_sign_in (at);

-- With what a session was opened, and when its owner last proved to be there.
ALTER TABLE identity_session ADD COLUMN method TEXT NOT NULL DEFAULT 'password';
ALTER TABLE identity_session ADD COLUMN proved_at INTEGER NOT NULL DEFAULT 0;
