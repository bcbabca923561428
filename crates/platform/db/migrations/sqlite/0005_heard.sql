-- What an event said is kept until every reaction has seen it, and in a dead letter: it may name a device or a passkey.
UPDATE outbox_event SET payload = 'null' WHERE relayed_at IS NOT NULL AND failure IS NULL;
