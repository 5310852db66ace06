-- Who is at the seat: passwords as hashes, sessions by the hash of their token, and the counting of wrong attempts.

CREATE TABLE credentials (
    person_id      TEXT    NOT NULL PRIMARY KEY REFERENCES persons (person_id),
    password_hash  TEXT    NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
    must_change    BOOLEAN NOT NULL,
    changed_at     BIGINT  NOT NULL,
    version        BIGINT  NOT NULL CHECK (version > 0)
);

-- The last passwords of each person, the present one among them.
CREATE TABLE password_history (
    person_id      TEXT    NOT NULL REFERENCES credentials (person_id),
    version        BIGINT  NOT NULL CHECK (version > 0),
    password_hash  TEXT    NOT NULL,
    PRIMARY KEY (person_id, version)
);

-- At most one code per person; a new one makes the old one void.
CREATE TABLE one_time_codes (
    person_id   TEXT   NOT NULL PRIMARY KEY REFERENCES persons (person_id),
    code_hash   BLOB   NOT NULL,
    issued_at   BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    used_at     BIGINT,
    CHECK (expires_at > issued_at)
);

CREATE TABLE sessions (
    session_id    TEXT   NOT NULL PRIMARY KEY,
    person_id     TEXT   NOT NULL REFERENCES credentials (person_id),
    token_hash    BLOB   NOT NULL UNIQUE,
    csrf_hash     BLOB   NOT NULL,
    seat          TEXT,
    address       TEXT   NOT NULL,
    started_at    BIGINT NOT NULL,
    last_seen_at  BIGINT NOT NULL,
    ended_at      BIGINT,
    ended_why     TEXT   CHECK (ended_why IN ('signed_out', 'revoked', 'password_changed')),
    CHECK (last_seen_at >= started_at),
    CHECK ((ended_at IS NULL) = (ended_why IS NULL))
);
CREATE INDEX sessions_of_person ON sessions (person_id, started_at) WHERE ended_at IS NULL;
CREATE INDEX sessions_by_start ON sessions (started_at);

-- Keyed by the hash of what was typed as the employee number, known or not: a password typed into the wrong box is not kept,
-- and an unknown number is locked out as a known one is.
CREATE TABLE sign_in_locks (
    number_hash   BLOB   NOT NULL PRIMARY KEY,
    failures      BIGINT NOT NULL CHECK (failures >= 0),
    locked_until  BIGINT NOT NULL,
    last_at       BIGINT NOT NULL
);
CREATE INDEX sign_in_locks_by_time ON sign_in_locks (last_at);

CREATE TABLE sign_in_addresses (
    address       TEXT   NOT NULL PRIMARY KEY,
    window_start  BIGINT NOT NULL,
    attempts      BIGINT NOT NULL CHECK (attempts > 0)
);
CREATE INDEX sign_in_addresses_by_time ON sign_in_addresses (window_start);

-- The keys that a person chose for what stations bind; who chose none has the standard ones.
CREATE TABLE key_profiles (
    person_id  TEXT   NOT NULL PRIMARY KEY REFERENCES persons (person_id),
    version    BIGINT NOT NULL CHECK (version > 0),
    keys       TEXT   NOT NULL,
    at         BIGINT NOT NULL
);
