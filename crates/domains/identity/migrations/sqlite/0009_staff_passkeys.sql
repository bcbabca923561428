-- Whose passkey it is (decision 0029): `owner` is a CustomerId, or a StaffId where this is 1.
ALTER TABLE identity_passkey ADD COLUMN of_staff INTEGER NOT NULL DEFAULT 0;

-- Codes with which the bank's people register a passkey: one each, until it is used, replaced or too old. A member of
-- staff without a password has '' in identity_staff.password.
CREATE TABLE identity_staff_enrollment (
    staff      BLOB    NOT NULL PRIMARY KEY, -- StaffId
    code_hash  BLOB    NOT NULL,             -- keyed hash
    given_at   INTEGER NOT NULL,             -- microseconds since 1970, UTC, as all *_at
    expires_at INTEGER NOT NULL
);
