-- Third parties that ask the bank with programs of their own (decision 0027).
CREATE TABLE identity_third_party (
    id         BLOB    NOT NULL PRIMARY KEY, -- ThirdPartyId
    name       TEXT    NOT NULL,             -- as it stands in the contract with the bank
    scopes     TEXT    NOT NULL,             -- what it is registered for, words with commas between
    added_at   INTEGER NOT NULL,             -- microseconds since 1970, UTC, as all *_at
    added_by   BLOB    NOT NULL,             -- StaffId
    removed_at INTEGER
);

-- The public keys by which they are known; one key is one third party's, for ever.
CREATE TABLE identity_third_party_key (
    thumbprint  BLOB    NOT NULL PRIMARY KEY, -- RFC 7638, SHA-256
    third_party BLOB    NOT NULL,             -- ThirdPartyId
    jwk         TEXT    NOT NULL,             -- JSON Web Key, public half alone
    added_at    INTEGER NOT NULL,
    removed_at  INTEGER
);
CREATE INDEX identity_third_party_key_owner ON identity_third_party_key (third_party);

-- Sessions of third parties, with the scopes they were opened for.
ALTER TABLE identity_session ADD COLUMN third_party BLOB;
ALTER TABLE identity_session ADD COLUMN scopes TEXT;
CREATE INDEX identity_session_third_party ON identity_session (third_party);
