-- Transfers that customers ordered. The ledger is the truth of what was posted; a row here is the intent, durable
-- before the ledger is told, and learns what became of it afterwards.
CREATE TABLE payments_transfer (
    id BLOB NOT NULL PRIMARY KEY,
    customer BLOB NOT NULL,
    idempotency_key BLOB NOT NULL,
    -- Keyed hash of what was ordered: the same key with other content is refused.
    digest BLOB NOT NULL,
    -- The id under which the ledger knows it.
    transfer BLOB NOT NULL,
    from_account BLOB NOT NULL,
    to_account BLOB NOT NULL,
    payer BLOB NOT NULL,
    payee BLOB NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    -- Whether it is between accounts of one owner, which counts toward no limit.
    own INTEGER NOT NULL,
    -- Names, masked numbers and memo, sealed under the key of the customer who ordered it.
    words_sealed BLOB NOT NULL,
    -- The year in which it counts toward the yearly limit of its class; nothing where there is none.
    limited_year INTEGER,
    -- `accepted`, `posted` or `refused`.
    state TEXT NOT NULL,
    -- Why it was refused.
    refusal TEXT,
    accepted_at BIGINT NOT NULL,
    -- What the ledger answered.
    posted_at BIGINT,
    booked_on TEXT,
    UNIQUE (customer, idempotency_key)
);
CREATE INDEX payments_transfer_accepted ON payments_transfer (accepted_at) WHERE state = 'accepted';
CREATE INDEX payments_transfer_limited ON payments_transfer (from_account, limited_year)
    WHERE limited_year IS NOT NULL;

-- Saved payees.
CREATE TABLE payments_payee (
    id BLOB NOT NULL PRIMARY KEY,
    customer BLOB NOT NULL,
    -- Keyed hash of the number or phone, so that one payee is saved once.
    target_index BLOB NOT NULL,
    sealed BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    UNIQUE (customer, target_index)
);

-- Orders that repeat, taken over from other books. Kept as data.
CREATE TABLE payments_standing_order (
    id BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL,
    sealed BLOB NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    code INTEGER NOT NULL,
    from_on TEXT
);
CREATE INDEX payments_standing_order_account ON payments_standing_order (account);
