-- Emergencies: for a while a member of staff does what is done in emergencies alone (decision 0028).
CREATE TABLE identity_emergency (
    id          BLOB    NOT NULL PRIMARY KEY, -- EmergencyId
    staff       BLOB    NOT NULL,             -- whose it is
    session     BLOB    NOT NULL,             -- in which session
    reason      TEXT    NOT NULL,
    reference   TEXT    NOT NULL,             -- number of the case
    begun_at    INTEGER NOT NULL,             -- microseconds since 1970, UTC, as all *_at
    until_at    INTEGER NOT NULL,             -- when it ends at the latest
    ended_at    INTEGER,                      -- when it was ended before
    reviewed_by BLOB,                         -- StaffId: who looked at it afterwards
    reviewed_at INTEGER,
    justified   INTEGER                       -- 0 or 1: what they found
);
CREATE INDEX identity_emergency_begun ON identity_emergency (begun_at);

-- Until when the member of staff of a session may do more than usual.
ALTER TABLE identity_session ADD COLUMN emergency_until INTEGER;
