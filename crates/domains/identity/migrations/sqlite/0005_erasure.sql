-- Customers who are to be erased, and when.
CREATE TABLE identity_erasure (
    customer BLOB NOT NULL PRIMARY KEY,
    asked_at INTEGER NOT NULL, -- microseconds since 1970, UTC, as all *_at
    due_at   INTEGER NOT NULL, -- until then it can be withdrawn
    staff    BLOB,          -- who took the request on paper; NULL where the customer asked
    english  INTEGER NOT NULL  -- 0 or 1: in which language they are told
);
CREATE INDEX identity_erasure_due ON identity_erasure (due_at);
