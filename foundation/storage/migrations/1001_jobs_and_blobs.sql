-- Background work must be durable with the change that asked for it, and images must be found by what they contain.

CREATE TABLE jobs (
    job_id        TEXT   NOT NULL PRIMARY KEY,
    kind          TEXT   NOT NULL,
    dedup_key     TEXT,
    payload       TEXT   NOT NULL,
    state         TEXT   NOT NULL CHECK (state IN ('ready', 'running', 'done', 'dead')),
    run_at        BIGINT NOT NULL,
    attempts      BIGINT NOT NULL DEFAULT 0,
    attempts_max  BIGINT NOT NULL,
    fence         BIGINT NOT NULL DEFAULT 0,
    leased_by     TEXT,
    lease_until   BIGINT,
    last_error    TEXT,
    created_at    BIGINT NOT NULL,
    ended_at      BIGINT
);
CREATE INDEX jobs_ready ON jobs (run_at, job_id) WHERE state = 'ready';
CREATE INDEX jobs_running ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_dead ON jobs (ended_at) WHERE state = 'dead';
CREATE UNIQUE INDEX jobs_dedup ON jobs (kind, dedup_key) WHERE dedup_key IS NOT NULL AND state IN ('ready', 'running');

CREATE TABLE data_keys (
    data_key_id  TEXT   NOT NULL PRIMARY KEY,
    purpose      TEXT   NOT NULL,
    suite        TEXT   NOT NULL,
    master_id    TEXT   NOT NULL,
    wrapped      BLOB   NOT NULL,
    created_at   BIGINT NOT NULL
);

CREATE TABLE blobs (
    blob_id       TEXT   NOT NULL PRIMARY KEY,
    plain_digest  TEXT   NOT NULL,
    store_digest  TEXT   NOT NULL UNIQUE,
    suite         TEXT   NOT NULL,
    master_id     TEXT   NOT NULL,
    wrapped_key   BLOB   NOT NULL,
    plain_bytes   BIGINT NOT NULL CHECK (plain_bytes >= 0),
    created_at    BIGINT NOT NULL
);
CREATE INDEX blobs_plain ON blobs (plain_digest);
