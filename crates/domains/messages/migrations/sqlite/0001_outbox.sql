-- Messages to customers, kept where staff can read them: the embedded gateway. Phone and text are sealed.
CREATE TABLE messages_outbox (
    id         BLOB NOT NULL PRIMARY KEY, -- MessageId, time-ordered, minted by the sender: the same is sent once
    kind       TEXT NOT NULL,            -- one_time_code, movement, freeze_changed, new_device
    state      TEXT NOT NULL,            -- kept
    sealed_in  TEXT NOT NULL,            -- the month whose key seals the row: 2026-11
    recipient  BLOB NOT NULL,             -- sealed mobile number
    to_hash    BLOB NOT NULL,             -- keyed hash of the number, for search
    body       BLOB NOT NULL,             -- sealed text
    created_at INTEGER NOT NULL              -- microseconds since 1970, UTC
);
-- Staff look for what one number was sent, newest first.
CREATE INDEX messages_outbox_to ON messages_outbox (to_hash, id);
-- Old messages are removed.
CREATE INDEX messages_outbox_created ON messages_outbox (created_at);
