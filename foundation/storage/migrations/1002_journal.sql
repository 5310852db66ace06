-- Every command leaves an entry in the chain of its subject, and a repeat of a command is recognized by its key.

CREATE TABLE journal_heads (
    subject   TEXT   NOT NULL PRIMARY KEY,
    seq       BIGINT NOT NULL CHECK (seq > 0),
    hash      BLOB   NOT NULL
);

CREATE TABLE journal_entries (
    entry_id        TEXT   NOT NULL PRIMARY KEY,
    subject         TEXT   NOT NULL,
    seq             BIGINT NOT NULL CHECK (seq > 0),
    kind            TEXT   NOT NULL,
    refused         BOOLEAN NOT NULL,
    actor           TEXT   NOT NULL,
    post            TEXT,
    seat            TEXT,
    institution_id  TEXT,
    at              BIGINT NOT NULL,
    payload         TEXT   NOT NULL,
    suite           TEXT   NOT NULL,
    previous_hash   BLOB   NOT NULL,
    hash            BLOB   NOT NULL,
    tree_index      BIGINT,
    UNIQUE (subject, seq)
);
CREATE INDEX journal_by_actor ON journal_entries (actor, at);
CREATE INDEX journal_by_time ON journal_entries (at, entry_id);
CREATE INDEX journal_unsequenced ON journal_entries (entry_id) WHERE tree_index IS NULL;
CREATE UNIQUE INDEX journal_tree ON journal_entries (tree_index) WHERE tree_index IS NOT NULL;

-- Personal values stand apart from the entry, which holds only their salted hashes: erasing a row here leaves every proof valid.
CREATE TABLE journal_private (
    entry_id  TEXT NOT NULL REFERENCES journal_entries (entry_id),
    field     TEXT NOT NULL,
    sealed    BLOB NOT NULL,
    PRIMARY KEY (entry_id, field)
);

-- A repeat is told what the first was told: the reply is kept as it was, sealed, because it may say what a person wrote.
CREATE TABLE idempotency_keys (
    actor       TEXT   NOT NULL,
    command     TEXT   NOT NULL,
    key         TEXT   NOT NULL,
    input_hash  BLOB   NOT NULL,
    reply       BLOB   NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (actor, command, key)
);
CREATE INDEX idempotency_by_time ON idempotency_keys (at);
