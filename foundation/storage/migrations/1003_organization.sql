-- Who works where, in which post, since when: every permission and every exclusion is derived from these rows.

CREATE TABLE institutions (
    institution_id  TEXT    NOT NULL PRIMARY KEY,
    code            TEXT    NOT NULL UNIQUE CHECK (code <> ''),
    name_zh         TEXT    NOT NULL CHECK (name_zh <> ''),
    name_en         TEXT    NOT NULL CHECK (name_en <> ''),
    class           TEXT    NOT NULL CHECK (class IN ('head_office', 'province', 'tier2_branch', 'sub_branch', 'outlet', 'center', 'sub_center')),
    parent_id       TEXT    REFERENCES institutions (institution_id),
    path            TEXT    NOT NULL UNIQUE,
    cnaps           TEXT    CHECK (LENGTH(cnaps) = 12),
    opening         TEXT    NOT NULL,
    closed_on       TEXT,
    version         BIGINT  NOT NULL CHECK (version > 0),
    created_at      BIGINT  NOT NULL,
    CHECK (parent_id IS NOT NULL OR class IN ('head_office', 'province')),
    CHECK (parent_id <> institution_id)
);
CREATE INDEX institutions_by_parent ON institutions (parent_id, code);
-- The tree has one root.
CREATE UNIQUE INDEX institutions_root ON institutions ((1)) WHERE parent_id IS NULL;

CREATE TABLE posts (
    post_id           TEXT    NOT NULL PRIMARY KEY,
    code              TEXT    NOT NULL UNIQUE CHECK (code <> ''),
    name_zh           TEXT    NOT NULL CHECK (name_zh <> ''),
    name_en           TEXT    NOT NULL CHECK (name_en <> ''),
    duty              TEXT    NOT NULL,
    takes_employees   BOOLEAN NOT NULL,
    takes_dispatched  BOOLEAN NOT NULL,
    takes_outsourced  BOOLEAN NOT NULL,
    created_at        BIGINT  NOT NULL,
    CHECK (takes_employees OR takes_dispatched OR takes_outsourced),
    -- Only slices may be shown to outsourced staff, and only their own firm's figures to their manager.
    CHECK (NOT takes_outsourced OR duty IN ('keyer', 'vendor_site_manager'))
);
CREATE INDEX posts_by_duty ON posts (duty);

CREATE TABLE vendors (
    vendor_id   TEXT   NOT NULL PRIMARY KEY,
    code        TEXT   NOT NULL UNIQUE CHECK (code <> ''),
    name        TEXT   NOT NULL CHECK (name <> ''),
    created_at  BIGINT NOT NULL
);

CREATE TABLE persons (
    person_id    TEXT   NOT NULL PRIMARY KEY,
    employee_no  TEXT   NOT NULL UNIQUE CHECK (employee_no <> ''),
    name         TEXT   NOT NULL CHECK (name <> ''),
    category     TEXT   NOT NULL CHECK (category IN ('employee', 'dispatched', 'outsourced')),
    vendor_id    TEXT   REFERENCES vendors (vendor_id),
    home_id      TEXT   NOT NULL REFERENCES institutions (institution_id),
    left_on      TEXT,
    created_at   BIGINT NOT NULL,
    CHECK ((category = 'outsourced') = (vendor_id IS NOT NULL))
);
CREATE INDEX persons_by_home ON persons (home_id, employee_no);

-- One row per pair: the smaller id stands first.
CREATE TABLE relatives (
    person_id    TEXT   NOT NULL REFERENCES persons (person_id),
    relative_id  TEXT   NOT NULL REFERENCES persons (person_id),
    relation     TEXT   NOT NULL CHECK (relation IN ('spouse', 'direct_blood', 'collateral_blood', 'near_in_law')),
    declared_at  BIGINT NOT NULL,
    PRIMARY KEY (person_id, relative_id),
    CHECK (person_id < relative_id)
);
CREATE INDEX relatives_by_other ON relatives (relative_id);

-- An appointment is in force from from_date up to but not including until_date.
CREATE TABLE appointments (
    appointment_id  TEXT   NOT NULL PRIMARY KEY,
    person_id       TEXT   NOT NULL REFERENCES persons (person_id),
    post_id         TEXT   NOT NULL REFERENCES posts (post_id),
    institution_id  TEXT   NOT NULL REFERENCES institutions (institution_id),
    from_date       TEXT   NOT NULL,
    until_date      TEXT,
    ended_reason    TEXT,
    created_at      BIGINT NOT NULL,
    CHECK (until_date >= from_date),
    CHECK (ended_reason IS NULL OR until_date IS NOT NULL)
);
CREATE INDEX appointments_by_person ON appointments (person_id, from_date);
CREATE INDEX appointments_by_place ON appointments (institution_id, post_id);
-- Without an end there is at most one of a kind; dated ones are compared by the command under the person's lock.
CREATE UNIQUE INDEX appointments_open ON appointments (person_id, post_id, institution_id) WHERE until_date IS NULL;

-- The official notice of each year. A notice may reach into the last days of the year before.
CREATE TABLE calendar_tables (
    year         BIGINT NOT NULL PRIMARY KEY,
    imported_at  BIGINT NOT NULL
);
CREATE TABLE calendar_days (
    year     BIGINT  NOT NULL REFERENCES calendar_tables (year),
    date     TEXT    NOT NULL,
    working  BOOLEAN NOT NULL,
    name     TEXT    NOT NULL,
    PRIMARY KEY (year, date)
);
CREATE INDEX calendar_days_by_date ON calendar_days (date);
-- The bank's own exceptions: closed all day, or closing early.
CREATE TABLE calendar_exceptions (
    date            TEXT   NOT NULL PRIMARY KEY,
    closes_minute   BIGINT CHECK (closes_minute BETWEEN 1 AND 1439),
    name            TEXT   NOT NULL
);
