-- What an engine was seen to do for a model. One card each: the newest. probed_at: milliseconds since 1970.
CREATE TABLE capability_cards (
  url            TEXT NOT NULL,
  model          TEXT NOT NULL,
  engine_version TEXT,
  probed_at      INTEGER NOT NULL,
  card           TEXT NOT NULL CHECK (json_valid(card)),
  PRIMARY KEY (url, model)
) STRICT;
