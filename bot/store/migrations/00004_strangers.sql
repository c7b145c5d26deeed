-- +goose Up

-- What is said to chats that are linked to nothing comes after everything else, and
-- has an end: a fourth priority. SQLite can't change the CHECK of a column, so the
-- table is made anew.
CREATE TABLE outbox_next (
  id          TEXT PRIMARY KEY,
  unique_key  TEXT,                          -- what may exist only once for ever: a reminder
  chat_id     TEXT NOT NULL REFERENCES chats (id),
  seq         BIGINT NOT NULL,               -- order within the chat
  kind        TEXT NOT NULL,                 -- message, tick, delete, …
  priority    INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 3), -- 0 answers, 1 outcomes, 2 reminders, 3 answers to strangers
  body_sealed SEALED_T,                      -- NULL: wiped
  refers_to   TEXT NOT NULL DEFAULT '',      -- tick, delete: the platform's id of that message
  appointment_id TEXT,                       -- reminders: dropped when this is no longer in force
  version     INTEGER,
  due_at      BIGINT NOT NULL,
  send_by     BIGINT,                        -- useless after this
  state       TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'stale')),
  owner       TEXT,                          -- the instance that is sending it
  fence       BIGINT NOT NULL DEFAULT 0,     -- counts claims; only the last claimer may close it
  attempts    INTEGER NOT NULL DEFAULT 0,
  maybe_sent  BOOLEAN NOT NULL DEFAULT FALSE, -- an attempt ended without anybody knowing how
  fault       TEXT NOT NULL DEFAULT '',
  remote_id   TEXT NOT NULL DEFAULT '',
  created_at  BIGINT NOT NULL,
  closed_at   BIGINT,
  card_id     TEXT,                          -- the card it draws, or under which it stands
  voice       TEXT NOT NULL DEFAULT ''       -- stale once the chat's is another; '' never
);
INSERT INTO outbox_next (id, unique_key, chat_id, seq, kind, priority, body_sealed, refers_to, appointment_id, version, due_at, send_by,
    state, owner, fence, attempts, maybe_sent, fault, remote_id, created_at, closed_at, card_id, voice)
  SELECT id, unique_key, chat_id, seq, kind, priority, body_sealed, refers_to, appointment_id, version, due_at, send_by,
    state, owner, fence, attempts, maybe_sent, fault, remote_id, created_at, closed_at, card_id, voice FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_next RENAME TO outbox;
CREATE UNIQUE INDEX outbox_once ON outbox (unique_key) WHERE unique_key IS NOT NULL;
CREATE INDEX outbox_waiting ON outbox (priority, due_at) WHERE state = 'waiting' AND owner IS NULL;
CREATE INDEX outbox_line ON outbox (chat_id, seq) WHERE state = 'waiting';
CREATE INDEX outbox_closed ON outbox (closed_at) WHERE body_sealed IS NOT NULL AND closed_at IS NOT NULL;

-- A chat that nothing refers to is forgotten as a whole; to know that, and to see that
-- it stays so, each table is asked for its id.
CREATE INDEX outbox_chat ON outbox (chat_id);
CREATE INDEX requests_chat ON requests (chat_id);
CREATE INDEX requests_holder ON requests (held_by);
CREATE INDEX cards_chat ON cards (chat_id);
CREATE INDEX talks_chat ON talks (chat_id);
CREATE INDEX talks_owner ON talks (owner_chat);
CREATE INDEX alarms_owner ON alarms (owner_chat);

-- Those from before are looked at once more. In Slack nobody but staff is answered.
UPDATE chats SET forgotten = FALSE WHERE platform <> 'slack' AND NOT EXISTS (SELECT 1 FROM links k WHERE k.chat_id = chats.id);
