-- +goose Up

-- One text for both engines. SEALED_T becomes BLOB or BYTEA; everything else
-- means the same to SQLite and PostgreSQL.
-- Instants are BIGINT Unix milliseconds unless a column says seconds. Ids are
-- made in Go. *_sealed columns hold sealed personal data, *_key columns keyed
-- look-ups of it; nothing personal stands in any other column.

-- Facts about this database itself: which key seals it, which time zone data
-- and reminder plan the derived columns were computed with.
CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

-- Running processes. A row of the outbox belongs to one of them while it is
-- being sent; a process that stops saying it is alive loses what it holds.
CREATE TABLE instances (
  id          TEXT PRIMARY KEY,
  kind        TEXT NOT NULL,            -- serve, remind, chat, …
  started_at  BIGINT NOT NULL,
  alive_until BIGINT NOT NULL
);

-- Sites that were imported; they replace or add to the built-in list.
CREATE TABLE sites (
  code          TEXT PRIMARY KEY,
  city          TEXT NOT NULL,
  state         TEXT NOT NULL,
  zone          TEXT NOT NULL,
  kind          TEXT NOT NULL,
  hours         TEXT NOT NULL,
  visit_minutes INTEGER NOT NULL,
  seats         INTEGER NOT NULL,
  latitude      BIGINT NOT NULL,       -- of the city, millionths of a degree; 0, 0 unknown
  longitude     BIGINT NOT NULL,
  updated_at    BIGINT NOT NULL
);

-- One chat of one person (or a member of staff) on one platform, with the state
-- of its conversation. The only place that knows its address.
CREATE TABLE chats (
  id             TEXT PRIMARY KEY,
  platform       TEXT NOT NULL,
  address_key    SEALED_T NOT NULL,
  address_sealed SEALED_T NOT NULL,
  state_sealed   SEALED_T,
  version        BIGINT NOT NULL DEFAULT 0,  -- counts saves of the state
  language       TEXT NOT NULL DEFAULT '',   -- for reminders
  reminders      BOOLEAN NOT NULL DEFAULT TRUE,
  unreachable_at BIGINT,                     -- the platform said: blocked or gone
  next_seq       BIGINT NOT NULL DEFAULT 1,  -- order of what is said to it
  touched_at     BIGINT NOT NULL,            -- when the person last did something
  waiting        BOOLEAN NOT NULL DEFAULT FALSE, -- a question with buttons is open
  forgotten      BOOLEAN NOT NULL DEFAULT TRUE,  -- nothing in the state is left to forget
  UNIQUE (platform, address_key)
);
CREATE INDEX chats_forget ON chats (touched_at) WHERE forgotten = FALSE;

-- Every event that came in, once. The body is kept only of those that could
-- not be handled, for staff to look at.
CREATE TABLE inbox (
  platform    TEXT NOT NULL,
  event_id    TEXT NOT NULL,
  body_key    SEALED_T NOT NULL,             -- keyed hash of what came
  received_at BIGINT NOT NULL,
  outcome     TEXT NOT NULL,                 -- done, quarantined
  fault       TEXT NOT NULL DEFAULT '',      -- quarantined: what went wrong, without personal data
  body_sealed SEALED_T,
  PRIMARY KEY (platform, event_id)
);
CREATE INDEX inbox_age ON inbox (received_at);

-- A receipt and the person behind it.
CREATE TABLE cases (
  id                TEXT PRIMARY KEY,
  receipt_key       SEALED_T NOT NULL UNIQUE,
  receipt_sealed    SEALED_T NOT NULL,
  form              TEXT NOT NULL DEFAULT '',
  first_name_sealed SEALED_T,
  last_name_sealed  SEALED_T,
  a_number_sealed   SEALED_T,
  phone_sealed      SEALED_T,
  email_sealed      SEALED_T,
  notes_sealed      SEALED_T,
  language          TEXT NOT NULL DEFAULT '',
  matter            TEXT NOT NULL DEFAULT '',
  household         TEXT NOT NULL DEFAULT '',
  attorney_sealed   SEALED_T,
  g28               BOOLEAN NOT NULL DEFAULT FALSE,
  created_at        BIGINT NOT NULL,
  updated_at        BIGINT NOT NULL
);

-- Appointments. Wall time and zone are the truth, starts_at is derived (R27).
-- A moved one stays, superseded by the next of its chain (R2, R12).
CREATE TABLE appointments (
  id          TEXT PRIMARY KEY,
  case_id     TEXT NOT NULL REFERENCES cases (id),
  chain       TEXT NOT NULL,
  site        TEXT NOT NULL,
  wall        TEXT NOT NULL,                 -- 2026-12-03T10:20 at the site
  zone        TEXT NOT NULL,
  starts_at   BIGINT NOT NULL,
  status      TEXT NOT NULL CHECK (status IN ('scheduled', 'superseded', 'cancelled', 'completed', 'missed', 'uscis_moved')),
  moves       INTEGER NOT NULL CHECK (moves >= 0),  -- reschedule count
  version     INTEGER NOT NULL,
  notice_date TEXT NOT NULL DEFAULT '',
  remind_at   BIGINT,                        -- when the reminder scan must look at it next; NULL never
  created_at  BIGINT NOT NULL,
  updated_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX appointments_in_force ON appointments (case_id) WHERE status = 'scheduled';
CREATE INDEX appointments_case ON appointments (case_id, created_at);
CREATE INDEX appointments_start ON appointments (starts_at) WHERE status = 'scheduled';
CREATE INDEX appointments_remind ON appointments (remind_at) WHERE remind_at IS NOT NULL;

-- Seats taken per start; a start without a row has none taken. Self-service
-- takes a seat only while taken < capacity; what staff or an import record as a
-- fact raises the capacity instead of failing.
CREATE TABLE slots (
  site      TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  capacity  INTEGER NOT NULL,
  taken     INTEGER NOT NULL,
  PRIMARY KEY (site, starts_at),
  CHECK (taken >= 0 AND taken <= capacity)
);

-- Every attempt to move an appointment and its outcome: the proof of R17.
CREATE TABLE requests (
  id             TEXT PRIMARY KEY,
  number         BIGINT NOT NULL UNIQUE,     -- what staff type: R1, R2, …
  case_id        TEXT NOT NULL REFERENCES cases (id),
  appointment_id TEXT NOT NULL REFERENCES appointments (id),
  chat_id        TEXT REFERENCES chats (id), -- who asked; NULL: staff
  status         TEXT NOT NULL CHECK (status IN ('requested', 'confirmed', 'refused', 'withdrawn', 'lapsed', 'referred')),
  verdict        TEXT NOT NULL,
  findings       TEXT NOT NULL,              -- all findings of the gate, comma-separated
  reason         TEXT NOT NULL,
  words_sealed   SEALED_T,
  from_site      TEXT NOT NULL,
  from_wall      TEXT NOT NULL,
  from_starts_at BIGINT NOT NULL,
  to_site        TEXT NOT NULL DEFAULT '',
  to_wall        TEXT NOT NULL DEFAULT '',
  to_starts_at   BIGINT,
  holds_seat     BOOLEAN NOT NULL DEFAULT FALSE,
  requested_at   BIGINT NOT NULL,
  lapses_at      BIGINT,                     -- the online cut-off of the appointment in force
  decided_at     BIGINT,
  decided_by     TEXT NOT NULL DEFAULT '',
  answer_sealed  SEALED_T,                   -- refused: what the applicant was told
  channel        TEXT NOT NULL,
  rules_version  TEXT NOT NULL
);
CREATE UNIQUE INDEX requests_open ON requests (case_id) WHERE status = 'requested';
CREATE INDEX requests_queue ON requests (number) WHERE status = 'requested';
CREATE INDEX requests_lapse ON requests (lapses_at) WHERE status = 'requested';

-- Which chats may act on which case.
CREATE TABLE links (
  chat_id   TEXT NOT NULL REFERENCES chats (id),
  case_id   TEXT NOT NULL REFERENCES cases (id),
  linked_at BIGINT NOT NULL,
  consent   TEXT NOT NULL,                   -- version of the consent text shown (R47)
  PRIMARY KEY (chat_id, case_id)
);
CREATE INDEX links_case ON links (case_id);

-- One-time codes that staff give out.
CREATE TABLE invitations (
  code_key   SEALED_T PRIMARY KEY,
  case_id    TEXT NOT NULL REFERENCES cases (id),
  issued_by  TEXT NOT NULL,
  issued_at  BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at    BIGINT,
  used_by    TEXT,                           -- chat id
  revoked_at BIGINT
);
CREATE INDEX invitations_case ON invitations (case_id);

-- Failed tries of one chat within a time window.
CREATE TABLE tries (
  chat_id  TEXT NOT NULL REFERENCES chats (id),
  kind     TEXT NOT NULL,
  since    BIGINT NOT NULL,
  count    INTEGER NOT NULL,
  PRIMARY KEY (chat_id, kind)
);

-- Everything that is to be said to anyone, and what became of it.
CREATE TABLE outbox (
  id          TEXT PRIMARY KEY,
  unique_key  TEXT,                          -- what may exist only once for ever: a reminder
  chat_id     TEXT NOT NULL REFERENCES chats (id),
  seq         BIGINT NOT NULL,               -- order within the chat
  kind        TEXT NOT NULL,                 -- message, tick, delete
  priority    INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 2), -- 0 answers, 1 outcomes, 2 reminders
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
  closed_at   BIGINT
);
CREATE UNIQUE INDEX outbox_once ON outbox (unique_key) WHERE unique_key IS NOT NULL;
CREATE INDEX outbox_waiting ON outbox (priority, due_at) WHERE state = 'waiting' AND owner IS NULL;
CREATE INDEX outbox_line ON outbox (chat_id, seq) WHERE state = 'waiting';
CREATE INDEX outbox_closed ON outbox (closed_at) WHERE body_sealed IS NOT NULL AND closed_at IS NOT NULL;

-- What a member of staff must look at.
CREATE TABLE alarms (
  id              TEXT PRIMARY KEY,
  kind            TEXT NOT NULL,
  case_id         TEXT,
  chat_id         TEXT,
  detail          TEXT NOT NULL DEFAULT '',  -- no personal data
  raised_at       BIGINT NOT NULL,
  acknowledged_at BIGINT,
  acknowledged_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX alarms_open ON alarms (raised_at) WHERE acknowledged_at IS NULL;

-- The record: who did what when, under which rules. Rows are only ever added,
-- and each hash covers its row and the hash before.
CREATE TABLE audit (
  seq           BIGINT PRIMARY KEY CHECK (seq > 0), -- without gaps: the one before and 1
  at            BIGINT NOT NULL,
  actor         TEXT NOT NULL,               -- applicant, a name of staff, system
  chat_id       TEXT,
  case_id       TEXT,
  action        TEXT NOT NULL,
  detail        TEXT NOT NULL DEFAULT '',    -- JSON without personal data
  rules_version TEXT NOT NULL DEFAULT '',
  hash          TEXT NOT NULL
);
CREATE INDEX audit_case ON audit (case_id, seq);
