-- The tables are those of the embedded database, and so are the forms of their columns: ids are text, times milliseconds
-- since 1970, a list is a JSON array of strings. One set of statements serves both.
CREATE TABLE plans (
  name                    text PRIMARY KEY,
  requests_per_minute     integer,
  max_requests_per_minute integer,
  burst                   integer,
  keys                    boolean NOT NULL,
  priority                integer NOT NULL DEFAULT 0,
  limits                  text CHECK (limits IS NULL OR limits::jsonb IS NOT NULL)
);

-- credited: nano-units of the operator's currency, NULL: the workspace does not pay beforehand.
CREATE TABLE workspaces (
  id         text PRIMARY KEY,
  name       text NOT NULL UNIQUE,
  plan       text NOT NULL REFERENCES plans (name) DEFERRABLE INITIALLY DEFERRED,
  created_at bigint NOT NULL,
  limits     text CHECK (limits IS NULL OR limits::jsonb IS NOT NULL),
  credited   bigint
);

-- models: NULL means every model.
CREATE TABLE api_keys (
  id                  text PRIMARY KEY,
  workspace_id        text NOT NULL REFERENCES workspaces (id) DEFERRABLE INITIALLY DEFERRED,
  name                text NOT NULL,
  hash                bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
  hint                text NOT NULL,
  requests_per_minute integer,
  burst               integer,
  models              text CHECK (models IS NULL OR models::jsonb IS NOT NULL),
  permissions         text NOT NULL CHECK (permissions::jsonb IS NOT NULL),
  expires_at          bigint,
  revoked_at          bigint,
  superseded_at       bigint,
  rotated_from        text,
  created_at          bigint NOT NULL,
  limits              text CHECK (limits IS NULL OR limits::jsonb IS NOT NULL)
);

CREATE UNIQUE INDEX api_keys_current ON api_keys (workspace_id, name)
  WHERE revoked_at IS NULL AND superseded_at IS NULL;

CREATE TABLE deployments (
  id             text PRIMARY KEY,
  workspace_id   text REFERENCES workspaces (id) DEFERRABLE INITIALLY DEFERRED,
  model          text NOT NULL,
  upstream_model text NOT NULL,
  backend        text NOT NULL,
  settings       text NOT NULL CHECK (settings::jsonb IS NOT NULL),
  created_at     bigint NOT NULL
);

-- drained: gets nothing new, what runs on it ends.
CREATE TABLE replicas (
  deployment_id  text NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
  position       integer NOT NULL,
  url            text NOT NULL,
  sealed_api_key bytea,
  api_key_env    text,
  api_key_file   text,
  weight         integer NOT NULL,
  drained        boolean NOT NULL DEFAULT false,
  PRIMARY KEY (deployment_id, position)
);

CREATE TABLE audit (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at       bigint NOT NULL,
  actor    text NOT NULL,
  action   text NOT NULL,
  kind     text NOT NULL,
  id       text NOT NULL,
  "before" text,
  "after"  text
);

-- How many changes have led to what the tables hold. A commit changes this row first, so that commits stand in line here.
CREATE TABLE registry_revision (
  one      integer PRIMARY KEY CHECK (one = 1),
  revision bigint NOT NULL
);

INSERT INTO registry_revision (one, revision) VALUES (1, 0);

-- Something that every gateway must be able to open, sealed by the first: one key for all.
CREATE TABLE secret_check (
  one    integer PRIMARY KEY CHECK (one = 1),
  sealed bytea NOT NULL
);

-- What an engine was seen to do for a model. One card each: the newest.
CREATE TABLE capability_cards (
  url            text NOT NULL,
  model          text NOT NULL,
  engine_version text,
  probed_at      bigint NOT NULL,
  card           text NOT NULL CHECK (card::jsonb IS NOT NULL),
  PRIMARY KEY (url, model)
);
