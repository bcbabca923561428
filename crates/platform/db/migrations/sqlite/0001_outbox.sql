-- News of every domain, written in the transaction that made it true; relayed to whoever reacts.
CREATE TABLE outbox_event (
    id          BLOB    NOT NULL PRIMARY KEY, -- EventId, time-ordered
    topic       TEXT    NOT NULL,             -- domain.past_participle
    key         TEXT    NOT NULL,             -- what it is about; events of one key keep their order
    payload     TEXT    NOT NULL,             -- JSON
    occurred_at INTEGER NOT NULL,             -- microseconds since 1970, UTC
    relayed_at  INTEGER,                      -- NULL until every reaction has seen it
    attempts    INTEGER NOT NULL DEFAULT 0,
    failure     TEXT                          -- set once it is given up: a dead letter
);
-- The relay asks only for what is still to be relayed.
CREATE INDEX outbox_event_waiting ON outbox_event (id) WHERE relayed_at IS NULL;
