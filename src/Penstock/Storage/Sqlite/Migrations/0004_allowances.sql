-- Token limits and budgets, as JSON; NULL means none. credited: nano-units of the operator's currency, NULL: the
-- workspace does not pay beforehand.
ALTER TABLE plans ADD COLUMN limits TEXT CHECK (limits IS NULL OR json_valid(limits));
ALTER TABLE workspaces ADD COLUMN limits TEXT CHECK (limits IS NULL OR json_valid(limits));
ALTER TABLE workspaces ADD COLUMN credited INTEGER;
ALTER TABLE api_keys ADD COLUMN limits TEXT CHECK (limits IS NULL OR json_valid(limits));
