-- +goose Up

-- Chats that can't be written to are few: who they belong to is looked for often.
CREATE INDEX chats_unreachable ON chats (id) WHERE unreachable_at IS NOT NULL;
