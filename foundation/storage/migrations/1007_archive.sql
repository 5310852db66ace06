-- Page images in immutable versions, and the links through which they were seen.

CREATE TABLE pages (
    page_id         TEXT   NOT NULL PRIMARY KEY,
    subject         TEXT   NOT NULL,
    kind            TEXT   NOT NULL,
    page_no         BIGINT NOT NULL CHECK (page_no > 0),
    version         BIGINT NOT NULL CHECK (version > 0),
    state           TEXT   NOT NULL CHECK (state IN ('current', 'superseded', 'removed')),
    original_blob   TEXT   NOT NULL REFERENCES blobs (blob_id),
    display_blob    TEXT   NOT NULL REFERENCES blobs (blob_id),
    thumbnail_blob  TEXT   NOT NULL REFERENCES blobs (blob_id),
    width           BIGINT NOT NULL CHECK (width > 0),
    height          BIGINT NOT NULL CHECK (height > 0),
    dpi             BIGINT,
    digest          TEXT   NOT NULL,
    findings        TEXT   NOT NULL,
    fingerprint     BIGINT NOT NULL,
    superseded_by   TEXT   REFERENCES pages (page_id),
    captured_by     TEXT   NOT NULL,
    captured_at     BIGINT NOT NULL,
    CHECK (superseded_by IS NULL OR state = 'superseded')
);
CREATE UNIQUE INDEX pages_current ON pages (subject, kind, page_no) WHERE state = 'current';
CREATE INDEX pages_by_subject ON pages (subject);

CREATE TABLE used_links (
    nonce    TEXT   NOT NULL PRIMARY KEY,
    until    BIGINT NOT NULL,
    used_at  BIGINT NOT NULL
);
CREATE INDEX used_links_by_end ON used_links (until);
