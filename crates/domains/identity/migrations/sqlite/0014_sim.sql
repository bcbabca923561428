-- Whether the SIM of the customer's phone was changed of late, as the carrier said: when it last said that it was not, and
-- until when a change is fresh.
ALTER TABLE identity_credential ADD COLUMN sim_asked_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE identity_credential ADD COLUMN sim_held_until INTEGER NOT NULL DEFAULT 0;
