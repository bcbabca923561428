-- Deposit accounts. The ledger holds what is on them; this table holds whose they are and how they are called.
CREATE TABLE accounts_account (
    id BLOB NOT NULL PRIMARY KEY,
    customer BLOB NOT NULL,
    -- Sealed under the owner's data key; found again by its keyed hash.
    number_sealed BLOB NOT NULL,
    number_index BLOB NOT NULL UNIQUE,
    currency TEXT NOT NULL,
    class TEXT NOT NULL,
    state TEXT NOT NULL,
    nickname_sealed BLOB NOT NULL,
    opened_on TEXT NOT NULL,
    overdraft_minor BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- When the ledger confirmed the account. Until then nobody sees it and the opening is repeated.
    confirmed_at BIGINT
);
CREATE INDEX accounts_account_customer ON accounts_account (customer, id);
CREATE INDEX accounts_account_unconfirmed ON accounts_account (created_at) WHERE confirmed_at IS NULL;

-- Authorized persons. The owner has no row here.
CREATE TABLE accounts_grant (
    account BLOB NOT NULL,
    customer BLOB NOT NULL,
    granted TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    PRIMARY KEY (account, customer)
) WITHOUT ROWID;
CREATE INDEX accounts_grant_customer ON accounts_grant (customer, account);

-- What a side of a transfer means to the one who reads it, sealed under the account owner's data key.
CREATE TABLE accounts_narrative (
    account BLOB NOT NULL,
    transfer BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (account, transfer)
) WITHOUT ROWID;

-- Verification codes given out, so that the public page finds the movement of a code.
CREATE TABLE accounts_receipt (
    code BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL,
    transfer BLOB NOT NULL
) WITHOUT ROWID;

-- Changes of state: recorded before the ledger is told, settled when it has answered.
CREATE TABLE accounts_state_change (
    id BLOB NOT NULL PRIMARY KEY,
    account BLOB NOT NULL,
    requested_at BIGINT NOT NULL,
    -- The member of staff; nothing where the owner did it.
    staff BLOB,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    reason_sealed BLOB NOT NULL,
    -- `pending`, `done` or `refused`.
    outcome TEXT NOT NULL
);
CREATE INDEX accounts_state_change_account ON accounts_state_change (account, id);
CREATE INDEX accounts_state_change_pending ON accounts_state_change (id) WHERE outcome = 'pending';
