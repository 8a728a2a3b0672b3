-- priority: the weight of a plan's workspaces where requests wait for each other, 0 to 9.
ALTER TABLE plans ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;

-- drained: gets nothing new, what runs on it ends.
ALTER TABLE replicas ADD COLUMN drained INTEGER NOT NULL DEFAULT 0;
