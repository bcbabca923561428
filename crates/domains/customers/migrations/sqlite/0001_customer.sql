-- A customer. Personal fields are sealed under the customer's data key; what must be found is also kept as a keyed
-- hash of its normalized form. An erased customer keeps the row, so that ids in the books still point somewhere.
CREATE TABLE customers_customer (
    id            BLOB NOT NULL PRIMARY KEY, -- CustomerId
    kind          TEXT NOT NULL,             -- person, business
    kyc           TEXT NOT NULL,             -- declared, verified, suspended
    name          BLOB,                      -- sealed; NULL once erased
    number        BLOB,                      -- sealed: identity number or credit code
    phone         BLOB,                      -- sealed
    details       BLOB,                      -- sealed JSON: birth, division, address, representative, foreign number
    name_hash     BLOB,
    number_hash   BLOB UNIQUE,               -- one customer per identity number or credit code
    phone_hash    BLOB UNIQUE,               -- one customer per phone
    foreign_hash  BLOB,
    content_hash  BLOB,                      -- recognizes a repeated registration
    registered_at INTEGER NOT NULL,             -- microseconds since 1970, UTC
    erased_at     INTEGER
);
-- Staff search by the exact name, or by a number of another bank.
CREATE INDEX customers_customer_name ON customers_customer (name_hash);
CREATE INDEX customers_customer_foreign ON customers_customer (foreign_hash);
