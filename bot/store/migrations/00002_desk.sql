-- +goose Up

-- What staff work with: cards that show the database, who holds what, and
-- conversations between a client and a person.

-- A message that shows a row of the database, in one chat. It is drawn when it is
-- sent; wanted counts what changed since, shown is what the message shows.
CREATE TABLE cards (
  id        TEXT PRIMARY KEY,
  kind      TEXT NOT NULL,                    -- request, alarm, talk, home
  subject   TEXT NOT NULL,                    -- the id of what it shows
  chat_id   TEXT NOT NULL REFERENCES chats (id),
  remote_id TEXT NOT NULL DEFAULT '',         -- the platform's id of the message; '' there is none
  wanted    BIGINT NOT NULL DEFAULT 0,
  shown     BIGINT NOT NULL DEFAULT 0,
  filter    TEXT NOT NULL DEFAULT '',         -- home: which part is looked at
  UNIQUE (kind, subject, chat_id)
);
CREATE INDEX cards_place ON cards (chat_id, remote_id) WHERE remote_id <> '';

-- Who of the staff takes care of an open request, and when it is called to mind.
ALTER TABLE requests ADD COLUMN held_by TEXT REFERENCES chats (id);
ALTER TABLE requests ADD COLUMN holder TEXT NOT NULL DEFAULT '';
ALTER TABLE requests ADD COLUMN held_at BIGINT;
ALTER TABLE requests ADD COLUMN urge_at BIGINT;
CREATE INDEX requests_urge ON requests (urge_at) WHERE status = 'requested' AND urge_at IS NOT NULL;

-- Those that are open now are called to mind like any other, first 16 hours
-- before the appointment.
UPDATE requests SET urge_at = from_starts_at - 57600000 WHERE status = 'requested';

-- An alarm that is raised again before anybody acknowledged it is the same one.
ALTER TABLE alarms ADD COLUMN owner_chat TEXT REFERENCES chats (id);
ALTER TABLE alarms ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE alarms ADD COLUMN owned_at BIGINT;
ALTER TABLE alarms ADD COLUMN times INTEGER NOT NULL DEFAULT 1;
ALTER TABLE alarms ADD COLUMN raised_again_at BIGINT;

-- What was raised more than once so far becomes one: the first.
CREATE INDEX alarms_same ON alarms (kind, COALESCE(case_id, ''), COALESCE(chat_id, ''), id) WHERE acknowledged_at IS NULL;
UPDATE alarms SET times = (SELECT COUNT(*) FROM alarms same WHERE same.acknowledged_at IS NULL AND same.kind = alarms.kind
  AND COALESCE(same.case_id, '') = COALESCE(alarms.case_id, '') AND COALESCE(same.chat_id, '') = COALESCE(alarms.chat_id, ''))
  WHERE acknowledged_at IS NULL AND id = (SELECT MIN(id) FROM alarms same WHERE same.acknowledged_at IS NULL AND same.kind = alarms.kind
  AND COALESCE(same.case_id, '') = COALESCE(alarms.case_id, '') AND COALESCE(same.chat_id, '') = COALESCE(alarms.chat_id, ''));
DELETE FROM alarms WHERE acknowledged_at IS NULL AND id > (SELECT MIN(id) FROM alarms same WHERE same.acknowledged_at IS NULL AND same.kind = alarms.kind
  AND COALESCE(same.case_id, '') = COALESCE(alarms.case_id, '') AND COALESCE(same.chat_id, '') = COALESCE(alarms.chat_id, ''));
DROP INDEX alarms_same;
CREATE UNIQUE INDEX alarms_one ON alarms (kind, COALESCE(case_id, ''), COALESCE(chat_id, '')) WHERE acknowledged_at IS NULL;
CREATE INDEX alarms_again ON alarms (raised_at) WHERE acknowledged_at IS NULL AND raised_again_at IS NULL;

-- A client who wants to talk to a person, or does, or did.
CREATE TABLE talks (
  id         TEXT PRIMARY KEY,
  chat_id    TEXT NOT NULL REFERENCES chats (id),
  case_id    TEXT REFERENCES cases (id),
  opened_at  BIGINT NOT NULL,
  owner_chat TEXT REFERENCES chats (id),      -- who of the staff talks; NULL: nobody yet
  owner      TEXT NOT NULL DEFAULT '',
  claimed_at BIGINT,
  closed_at  BIGINT,
  closed_by  TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX talks_one ON talks (chat_id) WHERE closed_at IS NULL;
CREATE INDEX talks_open ON talks (opened_at) WHERE closed_at IS NULL;

-- Who may speak in a chat: 'bot', or the id of the talk that a person of the
-- staff has there. What is to be said may be bound to one of them.
ALTER TABLE chats ADD COLUMN voice TEXT NOT NULL DEFAULT 'bot';
ALTER TABLE outbox ADD COLUMN card_id TEXT;                     -- the card it draws, or under which it stands
ALTER TABLE outbox ADD COLUMN voice TEXT NOT NULL DEFAULT '';   -- stale once the chat's is another; '' never
