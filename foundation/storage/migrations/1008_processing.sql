-- Business types, and items on their way from an outlet's scanner to the core's books.

CREATE TABLE business_types (
    code            TEXT   NOT NULL,
    version         BIGINT NOT NULL CHECK (version > 0),
    document        TEXT   NOT NULL,
    digest          TEXT   NOT NULL,
    effective_from  TEXT   NOT NULL,
    loaded_at       BIGINT NOT NULL,
    PRIMARY KEY (code, version)
);

CREATE TABLE items (
    item_id           TEXT   NOT NULL PRIMARY KEY,
    item_no           TEXT   NOT NULL UNIQUE,
    type_code         TEXT   NOT NULL,
    type_version      BIGINT NOT NULL,
    institution_id    TEXT   NOT NULL,
    institution_path  TEXT   NOT NULL,
    captured_by       TEXT   NOT NULL,
    state             TEXT   NOT NULL CHECK (state IN (
        'draft', 'submitted', 'keying', 'checking', 'refusal_review', 'authorizing', 'posting', 'posted', 'confirmed',
        'rescan', 'returned', 'refused', 'withdrawn', 'suspended', 'post_failed', 'confirm_failed')),
    version           BIGINT NOT NULL CHECK (version > 0),
    business_date     TEXT   NOT NULL,
    priority_class    BIGINT NOT NULL CHECK (priority_class BETWEEN 0 AND 4),
    currency          TEXT   NOT NULL,
    amount_minor      BIGINT,
    submitted_at      BIGINT,
    due_at            BIGINT,
    reason_code       TEXT,
    -- Sealed: a note may name people.
    reason_note       BLOB,
    reason_boxes      TEXT,
    posting_round     BIGINT NOT NULL DEFAULT 0,
    core_reference    TEXT,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    FOREIGN KEY (type_code, type_version) REFERENCES business_types (code, version),
    CHECK (state <> 'posted' OR core_reference IS NOT NULL),
    CHECK (state NOT IN ('posting', 'posted', 'confirmed') OR amount_minor > 0)
);
CREATE INDEX items_by_time ON items (updated_at DESC, item_id);
CREATE INDEX items_by_institution ON items (institution_id, updated_at DESC);
CREATE INDEX items_by_state ON items (state, updated_at DESC);

-- The scans that items were submitted with: one scan is one movement of money, and the primary key decides between two at once.
CREATE TABLE submitted_scans (
    digest   TEXT    NOT NULL PRIMARY KEY,
    item_id  TEXT    NOT NULL REFERENCES items (item_id)
);
CREATE INDEX submitted_scans_by_item ON submitted_scans (item_id);

CREATE TABLE item_serials (
    institution_id  TEXT   NOT NULL,
    business_date   TEXT   NOT NULL,
    last            BIGINT NOT NULL,
    PRIMARY KEY (institution_id, business_date)
);

CREATE TABLE slices (
    slice_id    TEXT    NOT NULL PRIMARY KEY,
    item_id     TEXT    NOT NULL REFERENCES items (item_id),
    field       TEXT    NOT NULL,
    -- 0 for a whole field, else which part of it, from 1.
    part        BIGINT  NOT NULL CHECK (part BETWEEN 0 AND 4),
    page_id     TEXT    NOT NULL,
    blob_id     TEXT,
    width       BIGINT  NOT NULL,
    height      BIGINT  NOT NULL,
    key_mode    TEXT    NOT NULL CHECK (key_mode IN ('double', 'single', 'none')),
    state       TEXT    NOT NULL CHECK (state IN ('keying', 'third', 'agreed', 'settled_by_third', 'single', 'unsettled', 'unkeyed', 'superseded')),
    value       BLOB,
    created_at  BIGINT  NOT NULL,
    settled_at  BIGINT
);
CREATE UNIQUE INDEX slices_current ON slices (item_id, field, part) WHERE state <> 'superseded';

CREATE TABLE keyings (
    keying_id   TEXT    NOT NULL PRIMARY KEY,
    slice_id    TEXT    NOT NULL REFERENCES slices (slice_id),
    item_id     TEXT    NOT NULL REFERENCES items (item_id),
    field       TEXT    NOT NULL,
    pass        BIGINT  NOT NULL CHECK (pass BETWEEN 0 AND 3),
    person_id   TEXT    NOT NULL,
    outsourced  BOOLEAN NOT NULL,
    value       BLOB    NOT NULL,
    unreadable  BOOLEAN NOT NULL,
    elapsed_ms  BIGINT  NOT NULL CHECK (elapsed_ms >= 0),
    keystrokes  BIGINT  NOT NULL CHECK (keystrokes >= 0),
    verdict     TEXT    NOT NULL CHECK (verdict IN ('pending', 'right', 'wrong', 'open')),
    at          BIGINT  NOT NULL
);
-- One entry per pass, and never two passes of one slice by one person; pass 0 is a seeded slice, keyed by many.
CREATE UNIQUE INDEX keyings_pass ON keyings (slice_id, pass) WHERE pass > 0;
CREATE UNIQUE INDEX keyings_person ON keyings (slice_id, person_id) WHERE pass > 0;
CREATE INDEX keyings_by_person ON keyings (person_id, at);
CREATE INDEX keyings_by_item ON keyings (item_id);

CREATE TABLE drafts (
    work_item_id  TEXT   NOT NULL PRIMARY KEY,
    person_id     TEXT   NOT NULL,
    body          BLOB   NOT NULL,
    at            BIGINT NOT NULL
);

-- The settled values of an item's fields, as the checker passed them.
CREATE TABLE item_fields (
    item_id  TEXT   NOT NULL REFERENCES items (item_id),
    field    TEXT   NOT NULL,
    value    BLOB   NOT NULL,
    source   TEXT   NOT NULL CHECK (source IN ('keyed', 'checker')),
    cause    TEXT,
    at       BIGINT NOT NULL,
    PRIMARY KEY (item_id, field)
);

-- What the core was asked about an item before anyone decides; unknown until it answers.
CREATE TABLE item_facts (
    item_id  TEXT   NOT NULL REFERENCES items (item_id),
    fact     TEXT   NOT NULL,
    -- The sealed values that the question is about: an answer holds for these alone.
    about    BLOB   NOT NULL,
    outcome  TEXT   NOT NULL CHECK (outcome IN ('passed', 'failed', 'unknown')),
    at       BIGINT NOT NULL,
    PRIMARY KEY (item_id, fact)
);

-- What is known of every try to post: written before anything is sent, so that a process that dies leaves the truth behind.
CREATE TABLE posting_attempts (
    posting_key     TEXT   NOT NULL PRIMARY KEY,
    item_id         TEXT   NOT NULL REFERENCES items (item_id),
    -- The day whose books take it: that of the decision, which may be later than the item's.
    business_date   TEXT   NOT NULL,
    attempt         TEXT   NOT NULL CHECK (attempt IN ('fresh', 'unknown')),
    outcome         TEXT   NOT NULL CHECK (outcome IN ('open', 'posted', 'refused', 'conflict')),
    core_reference  TEXT,
    refusal_code    TEXT,
    tries           BIGINT NOT NULL DEFAULT 0,
    first_at        BIGINT NOT NULL,
    last_at         BIGINT NOT NULL
);
CREATE UNIQUE INDEX posting_attempts_posted ON posting_attempts (item_id) WHERE outcome = 'posted';
