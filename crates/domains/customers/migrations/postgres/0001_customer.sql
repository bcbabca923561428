-- A customer. Personal fields are sealed under the customer's data key; what must be found is also kept as a keyed
-- hash of its normalized form. An erased customer keeps the row, so that ids in the books still point somewhere.
CREATE TABLE customers_customer (
    id            BYTEA NOT NULL PRIMARY KEY, -- CustomerId
    kind          TEXT NOT NULL,             -- person, business
    kyc           TEXT NOT NULL,             -- declared, verified, suspended
    name          BYTEA,                      -- sealed; NULL once erased
    number        BYTEA,                      -- sealed: identity number or credit code
    phone         BYTEA,                      -- sealed
    details       BYTEA,                      -- sealed JSON: birth, division, address, representative, foreign number
    name_hash     BYTEA,
    number_hash   BYTEA UNIQUE,               -- one customer per identity number or credit code
    phone_hash    BYTEA UNIQUE,               -- one customer per phone
    foreign_hash  BYTEA,
    content_hash  BYTEA,                      -- recognizes a repeated registration
    registered_at BIGINT NOT NULL,             -- microseconds since 1970, UTC
    erased_at     BIGINT
);
-- Staff search by the exact name, or by a number of another bank.
CREATE INDEX customers_customer_name ON customers_customer (name_hash);
CREATE INDEX customers_customer_foreign ON customers_customer (foreign_hash);
