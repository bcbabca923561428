-- The key with which a device proves to be there (RFC 9449): a JWK thumbprint, 32 bytes (RFC 7638).
ALTER TABLE identity_session ADD COLUMN device_key BYTEA;
ALTER TABLE identity_known_device ADD COLUMN device_key BYTEA;
-- When its owner proved on it to be there with two factors; from then on its key is one.
ALTER TABLE identity_known_device ADD COLUMN trusted_at BIGINT;
