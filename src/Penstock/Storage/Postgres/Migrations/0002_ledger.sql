-- One row a request. Request ids are time-ordered: rows are appended at one end of the key and the oldest are deleted at
-- the other, and no second index is needed. Times in milliseconds since 1970 (ended_at) and microseconds (the others);
-- prices in millionths of the currency a million tokens, cost in billionths.
CREATE TABLE requests (
  request_id        uuid PRIMARY KEY,
  ended_at          bigint NOT NULL,
  workspace_id      uuid NOT NULL,
  key_id            uuid NOT NULL,
  model             text,
  deployment_id     uuid,
  replica           text,
  backend           text,
  ending            text NOT NULL,
  failed            boolean NOT NULL,
  status            integer NOT NULL,
  attempts          integer NOT NULL,
  prompt_tokens     bigint,
  completion_tokens bigint,
  cached_tokens     bigint,
  reasoning_tokens  bigint,
  estimated         boolean NOT NULL,
  queued            bigint,
  first_byte        bigint,
  duration          bigint NOT NULL,
  prompt_price      bigint,
  cached_price      bigint,
  completion_price  bigint,
  cost              bigint NOT NULL
);

-- Rows are only added and deleted: a vacuum that follows every few batches of deletions keeps the old end of the key short.
ALTER TABLE requests SET (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 100000);

-- Sums of the rows above by the hour (hours since 1970, UTC) in which they ended. model: '' is none. Rows of the hour are
-- changed with every batch: room on their page keeps the index out of it.
CREATE TABLE hourly_sums (
  hour              bigint NOT NULL,
  workspace_id      uuid NOT NULL,
  key_id            uuid NOT NULL,
  model             text NOT NULL,
  requests          bigint NOT NULL,
  errors            bigint NOT NULL,
  prompt_tokens     bigint NOT NULL,
  completion_tokens bigint NOT NULL,
  cached_tokens     bigint NOT NULL,
  reasoning_tokens  bigint NOT NULL,
  cost              bigint NOT NULL,
  PRIMARY KEY (hour, workspace_id, key_id, model)
) WITH (fillfactor = 70);

-- What each workspace has ever spent: nothing of it is deleted with the rows.
CREATE TABLE spending (
  workspace_id uuid PRIMARY KEY,
  cost         bigint NOT NULL
) WITH (fillfactor = 50);
