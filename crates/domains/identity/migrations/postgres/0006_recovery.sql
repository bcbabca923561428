-- Passwords on their way to a new one: whoever proves the phone and knows the identity number waits (decision 0025).
CREATE TABLE identity_recovery (
    id           BYTEA   NOT NULL PRIMARY KEY, -- RecoveryId
    customer     BYTEA   NOT NULL,
    requester    BYTEA   NOT NULL,             -- hash of the device cookie of the one who asked
    channel      TEXT    NOT NULL,
    device_name  TEXT    NOT NULL,
    asked_at     BIGINT  NOT NULL,             -- microseconds since 1970, UTC, as all *_at
    ready_at     BIGINT  NOT NULL,             -- from then on a new password can be set
    expires_at   BIGINT  NOT NULL,             -- and not after
    vouched_by   BYTEA,                        -- StaffId: who saw the customer's documents
    confirmed_by BYTEA,                        -- StaffId: a second one; it was ready from then on
    ended_at     BIGINT,
    outcome      TEXT                          -- with ended_at: refused, done or expired
);
CREATE UNIQUE INDEX identity_recovery_open ON identity_recovery (customer, requester) WHERE ended_at IS NULL;
CREATE INDEX identity_recovery_ended ON identity_recovery (ended_at) WHERE ended_at IS NOT NULL;

-- After a recovery, until when the new password alone gives nobody another way in.
ALTER TABLE identity_credential ADD COLUMN held_until BIGINT NOT NULL DEFAULT 0;
