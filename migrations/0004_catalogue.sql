-- What is in the catalogue now, in its order, for every process that serves from this database. Whoever changes it or
-- the local words adds one to `publishing.turns` in the same transaction: that is what the others look at.
CREATE TABLE catalogue (
    slug TEXT NOT NULL PRIMARY KEY,
    revision_id TEXT NOT NULL REFERENCES revisions (id),
    position BIGINT NOT NULL
);
