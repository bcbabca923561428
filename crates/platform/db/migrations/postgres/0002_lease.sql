-- What one process at a time does. Whoever holds a lease raises its beat while it lives; nobody compares clocks.
CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    term BIGINT NOT NULL,
    beat BIGINT NOT NULL
);
