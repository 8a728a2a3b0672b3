-- One row a request. Ids are 16 bytes, most significant first: request ids are time-ordered, so that rows are appended
-- at one end and the oldest are deleted at the other, and no second index is needed. Times in milliseconds since 1970
-- (ended_at) and microseconds (the others); prices in millionths of the currency a million tokens, cost in billionths.
CREATE TABLE requests (
  request_id        BLOB PRIMARY KEY CHECK (length(request_id) = 16),
  ended_at          INTEGER NOT NULL,
  workspace_id      BLOB NOT NULL,
  key_id            BLOB NOT NULL,
  model             TEXT,
  deployment_id     BLOB,
  replica           TEXT,
  backend           TEXT,
  ending            TEXT NOT NULL,
  failed            INTEGER NOT NULL,
  status            INTEGER NOT NULL,
  attempts          INTEGER NOT NULL,
  prompt_tokens     INTEGER,
  completion_tokens INTEGER,
  cached_tokens     INTEGER,
  reasoning_tokens  INTEGER,
  estimated         INTEGER NOT NULL,
  queued            INTEGER,
  first_byte        INTEGER,
  duration          INTEGER NOT NULL,
  prompt_price      INTEGER,
  cached_price      INTEGER,
  completion_price  INTEGER,
  cost              INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Sums of the rows above by the hour (hours since 1970, UTC) in which they ended. model: '' is none.
CREATE TABLE hourly_sums (
  hour              INTEGER NOT NULL,
  workspace_id      BLOB NOT NULL,
  key_id            BLOB NOT NULL,
  model             TEXT NOT NULL,
  requests          INTEGER NOT NULL,
  errors            INTEGER NOT NULL,
  prompt_tokens     INTEGER NOT NULL,
  completion_tokens INTEGER NOT NULL,
  cached_tokens     INTEGER NOT NULL,
  reasoning_tokens  INTEGER NOT NULL,
  cost              INTEGER NOT NULL,
  PRIMARY KEY (hour, workspace_id, key_id, model)
) STRICT, WITHOUT ROWID;

-- What each workspace has ever spent: nothing of it is deleted with the rows.
CREATE TABLE spending (
  workspace_id BLOB PRIMARY KEY,
  cost         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
