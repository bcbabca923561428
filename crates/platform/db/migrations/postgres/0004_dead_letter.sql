-- A dead letter is an event that was set aside: it has both relayed_at and failure. What was heard has no failure.
CREATE INDEX outbox_event_dead ON outbox_event (id) WHERE relayed_at IS NOT NULL AND failure IS NOT NULL;
-- Dead letters that were relayed again, on whose word. Rows stay.
CREATE TABLE outbox_replay (
    event       BYTEA NOT NULL, -- EventId
    replayed_at BIGINT NOT NULL, -- microseconds since 1970, UTC
    staff       BYTEA NOT NULL, -- StaffId
    failure     TEXT NOT NULL, -- what it was set aside for
    PRIMARY KEY (event, replayed_at)
);
-- Until now what was heard at last kept what had failed before. It was set aside at the twentieth refusal, never sooner.
UPDATE outbox_event SET failure = NULL
    WHERE relayed_at IS NOT NULL AND failure IS NOT NULL AND attempts < 20;
