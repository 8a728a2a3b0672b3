CREATE TABLE plans (
  name                    TEXT PRIMARY KEY,
  requests_per_minute     INTEGER,
  max_requests_per_minute INTEGER,
  burst                   INTEGER,
  keys                    INTEGER NOT NULL
) STRICT;

CREATE TABLE workspaces (
  id         TEXT PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE,
  plan       TEXT NOT NULL REFERENCES plans (name),
  created_at INTEGER NOT NULL
) STRICT;

-- Times are milliseconds since 1970. A list is a JSON array of strings; models: NULL means every model.
CREATE TABLE api_keys (
  id                  TEXT PRIMARY KEY,
  workspace_id        TEXT NOT NULL REFERENCES workspaces (id),
  name                TEXT NOT NULL,
  hash                BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  hint                TEXT NOT NULL,
  requests_per_minute INTEGER,
  burst               INTEGER,
  models              TEXT CHECK (models IS NULL OR json_valid(models)),
  permissions         TEXT NOT NULL CHECK (json_valid(permissions)),
  expires_at          INTEGER,
  revoked_at          INTEGER,
  superseded_at       INTEGER,
  rotated_from        TEXT,
  created_at          INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX api_keys_current ON api_keys (workspace_id, name)
  WHERE revoked_at IS NULL AND superseded_at IS NULL;

-- settings: limits, defaults, timeouts, attempts, fallbacks. Nothing asks for a deployment by one of them.
CREATE TABLE deployments (
  id             TEXT PRIMARY KEY,
  workspace_id   TEXT REFERENCES workspaces (id),
  model          TEXT NOT NULL,
  upstream_model TEXT NOT NULL,
  backend        TEXT NOT NULL,
  settings       TEXT NOT NULL CHECK (json_valid(settings)),
  created_at     INTEGER NOT NULL
) STRICT;

CREATE TABLE replicas (
  deployment_id  TEXT NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
  position       INTEGER NOT NULL,
  url            TEXT NOT NULL,
  sealed_api_key BLOB,
  api_key_env    TEXT,
  api_key_file   TEXT,
  weight         INTEGER NOT NULL,
  PRIMARY KEY (deployment_id, position)
) STRICT;

CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  at       INTEGER NOT NULL,
  actor    TEXT NOT NULL,
  action   TEXT NOT NULL,
  kind     TEXT NOT NULL,
  id       TEXT NOT NULL,
  "before" TEXT,
  "after"  TEXT
) STRICT;
