-- Calls to the bank's telephone system that ask to be signed in (decision 0036). Sessions that came of one bear the third
-- party that the telephone system is (third_party) beside their customer.
CREATE TABLE identity_call (
    id          BYTEA  NOT NULL PRIMARY KEY, -- CallId
    third_party BYTEA  NOT NULL,             -- the telephone system that was called
    device_key  BYTEA  NOT NULL,             -- the key with which it asked (RFC 7638)
    customer    BYTEA,                       -- who has the number that called; absent: nobody
    number      BIGINT NOT NULL,             -- read out to the caller, 10..=99
    state       TEXT   NOT NULL,             -- open, approved, refused or used
    pins        BIGINT NOT NULL,             -- payment PINs that were keyed in
    session     BYTEA,                       -- with approved: in which session
    assurance   TEXT,                        -- with approved: how sure the bank was of its owner
    asked_at    BIGINT NOT NULL,             -- microseconds since 1970, UTC, as all *_at
    expires_at  BIGINT NOT NULL
);
CREATE INDEX identity_call_customer ON identity_call (customer);
CREATE INDEX identity_call_expires ON identity_call (expires_at);
