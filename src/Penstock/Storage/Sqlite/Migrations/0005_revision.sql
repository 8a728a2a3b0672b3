-- How many changes have led to what the tables hold: grows by one with each commit.
CREATE TABLE registry_revision (
  one      INTEGER PRIMARY KEY CHECK (one = 1),
  revision INTEGER NOT NULL
) STRICT;

INSERT INTO registry_revision (one, revision) VALUES (1, 0);
