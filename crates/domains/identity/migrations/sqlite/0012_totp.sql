-- Authenticator apps (decision 0031): one for each customer. Secrets are sealed under the customer's data key.
CREATE TABLE identity_totp (
    customer     BLOB    NOT NULL PRIMARY KEY, -- CustomerId
    secret       BLOB    NOT NULL,             -- sealed
    step         INTEGER NOT NULL,             -- half minutes since 1970: codes of it and of before are not taken any more
    added_at     INTEGER NOT NULL,             -- microseconds since 1970, UTC, as all *_at
    last_used_at INTEGER
);

-- Secrets that were shown, and of which no code has come yet: they prove nothing.
CREATE TABLE identity_totp_waiting (
    customer   BLOB    NOT NULL PRIMARY KEY, -- CustomerId
    secret     BLOB    NOT NULL,             -- sealed
    session    BLOB    NOT NULL,             -- SessionId: in which it was shown
    expires_at INTEGER NOT NULL
);
