-- Until when the law has the bank keep what is sealed of an erased customer; then the key is destroyed. NULL: nothing is.
ALTER TABLE customers_customer ADD COLUMN kept_until INTEGER;
CREATE INDEX customers_customer_kept_until ON customers_customer (kept_until) WHERE kept_until IS NOT NULL;

-- To which version of a document a customer agreed, and when first.
CREATE TABLE customers_agreement (
    customer  BLOB NOT NULL,
    document  TEXT NOT NULL,   -- terms, privacy
    version   TEXT NOT NULL,
    channel   TEXT NOT NULL,   -- through which it was agreed to
    agreed_at INTEGER NOT NULL, -- microseconds since 1970, UTC, as all *_at
    PRIMARY KEY (customer, document, version)
);

-- Consents to purposes, each with its end. Rows stay: they are the evidence of what was consented to.
CREATE TABLE customers_consent (
    customer          BLOB NOT NULL,
    purpose           TEXT NOT NULL, -- marketing, personalization, sharing
    given_at          INTEGER NOT NULL,
    channel           TEXT NOT NULL, -- through which it was given
    withdrawn_at      INTEGER,
    withdrawn_channel TEXT,
    PRIMARY KEY (customer, purpose, given_at)
);
-- Of each purpose one consent holds at most.
CREATE UNIQUE INDEX customers_consent_holds ON customers_consent (customer, purpose) WHERE withdrawn_at IS NULL;
