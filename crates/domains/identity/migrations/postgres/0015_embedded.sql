-- Sessions of mini-programs and embedded pages, each opened in one of the app or the web bank (decision 0035).
ALTER TABLE identity_session ADD COLUMN parent BYTEA; -- token_hash of that one
