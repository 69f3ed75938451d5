export const schemaVersion = 2

/**
 * Queue tables have AUTOINCREMENT: without it a deleted row's number is given out again, and an activity that ends after its instance was
 * terminated would remove the row of another instance. `execution` tells one life of an instance id from the next. Times are ms since 1970.
 */
export const schema = `
CREATE TABLE IF NOT EXISTS instances (
  id TEXT PRIMARY KEY, execution TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
  input TEXT NOT NULL, output TEXT NOT NULL, custom_status TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
  parent_id TEXT, parent_execution TEXT, parent_task INTEGER, plan TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS instances_by_created ON instances (created, id);
CREATE INDEX IF NOT EXISTS instances_by_parent ON instances (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS instances_ended ON instances (updated) WHERE status IN ('Completed', 'Failed', 'Terminated');
CREATE TABLE IF NOT EXISTS history (
  instance TEXT NOT NULL, seq INTEGER NOT NULL, event TEXT NOT NULL, PRIMARY KEY (instance, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS packed_history (instance TEXT PRIMARY KEY, events BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, instance TEXT NOT NULL, execution TEXT, starts INTEGER NOT NULL, event TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS inbox_by_instance ON inbox (instance, starts DESC, seq);
CREATE TABLE IF NOT EXISTS activities (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, instance TEXT NOT NULL, execution TEXT NOT NULL, task INTEGER NOT NULL,
  name TEXT NOT NULL, input TEXT NOT NULL, running INTEGER NOT NULL DEFAULT 0, deliveries INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS activities_waiting ON activities (running, seq);
CREATE INDEX IF NOT EXISTS activities_by_instance ON activities (instance);
CREATE TABLE IF NOT EXISTS timers (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, instance TEXT NOT NULL, execution TEXT NOT NULL, task INTEGER NOT NULL, fire_at INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS timers_due ON timers (fire_at);
CREATE INDEX IF NOT EXISTS timers_by_instance ON timers (instance);
CREATE TABLE IF NOT EXISTS timer_status (
  function TEXT PRIMARY KEY, schedule TEXT NOT NULL, last INTEGER, next INTEGER NOT NULL, updated INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blob_receipts (
  function TEXT NOT NULL, etag TEXT NOT NULL, path TEXT NOT NULL, state TEXT NOT NULL, deliveries INTEGER NOT NULL,
  due INTEGER NOT NULL, updated INTEGER NOT NULL, PRIMARY KEY (function, etag, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS blob_receipts_pending ON blob_receipts (due) WHERE state = 'pending';
CREATE TABLE IF NOT EXISTS "webjobs-blobtrigger-poison" (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, function TEXT NOT NULL, path TEXT NOT NULL, etag TEXT NOT NULL, deliveries INTEGER NOT NULL,
  error TEXT NOT NULL, created INTEGER NOT NULL
) STRICT;
`
