-- Who is named in records, as an actor or a subject, once for each block of 4096 of them: whoever is looked for is looked
-- for in the blocks that name them. Appending writes at the end of this table alone, however long the record has become;
-- an index by actor or subject is written all over, a page for each act.
CREATE TABLE audit_named (
    block   BIGINT NOT NULL,             -- records 4096 * block to 4096 * block + 4095
    key     BYTEA NOT NULL,             -- kind (1 byte) and id; the bank itself: one byte
    PRIMARY KEY (block, key)
);
INSERT INTO audit_named (block, key)
SELECT number / 4096, actor FROM audit_record
UNION
SELECT number / 4096, subject FROM audit_subject
ORDER BY 1, 2;
DROP TABLE audit_subject;
DROP INDEX audit_record_actor;
-- How many fields one member of staff was shown whole of late.
CREATE INDEX audit_record_unmask ON audit_record (actor, id) WHERE action LIKE '%/unmask';
