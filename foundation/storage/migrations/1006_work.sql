-- Work waits, is held by one person at a time, and ends; who held it when is kept, because speed, fairness and statistics are read from it.

-- What the server's queues are; written anew at every start, so that commands in the database's own transaction can look them up.
CREATE TABLE work_queues (
    code             TEXT   NOT NULL PRIMARY KEY CHECK (code <> ''),
    name_zh          TEXT   NOT NULL,
    name_en          TEXT   NOT NULL,
    action           TEXT   NOT NULL,
    capacity         BIGINT NOT NULL CHECK (capacity > 0),
    wrap_up_seconds  BIGINT NOT NULL CHECK (wrap_up_seconds >= 0)
);

CREATE TABLE work_items (
    work_item_id           TEXT    NOT NULL PRIMARY KEY,
    queue                  TEXT    NOT NULL,
    subject                TEXT    NOT NULL,
    task                   TEXT    NOT NULL,
    origin_institution_id  TEXT    NOT NULL,
    hand                   TEXT    NOT NULL,
    slice_id               TEXT,
    internal_only          BOOLEAN NOT NULL,
    priority_class         BIGINT  NOT NULL,
    -- The class after ageing: what the queue is ordered by.
    rank_class             BIGINT  NOT NULL,
    due_at                 BIGINT  NOT NULL,
    promote_at             BIGINT,
    enqueued_at            BIGINT  NOT NULL,
    state                  TEXT    NOT NULL,
    assigned_to            TEXT,
    assigned_at            BIGINT,
    -- Who holds the work, or who has done it: a hold that ends with a result stays here.
    person_id              TEXT,
    session_id             TEXT,
    node                   TEXT,
    fence                  BIGINT  NOT NULL DEFAULT 0,
    attempts               BIGINT  NOT NULL DEFAULT 0,
    leased_at              BIGINT,
    lease_until            BIGINT,
    acked_at               BIGINT,
    ended_at               BIGINT,
    -- Few and short, because PostgreSQL reads the text of every CHECK anew at each change of a row: a fifth of a lease, when there were sixteen.
    CHECK ('' NOT IN (queue, subject)),
    CHECK (0 <= rank_class AND rank_class <= priority_class AND priority_class <= 4),
    -- Ageing has ended in the first class, and only there.
    CHECK ((rank_class = 0) = (promote_at IS NULL)),
    CHECK ((assigned_to IS NULL) = (assigned_at IS NULL)),
    CHECK (CASE WHEN state IN ('leased', 'done')
                THEN person_id || session_id || node IS NOT NULL AND lease_until + leased_at IS NOT NULL AND fence > 0
                ELSE COALESCE(person_id, session_id, node) IS NULL AND COALESCE(leased_at, lease_until, acked_at) IS NULL END),
    CHECK (CASE WHEN ended_at IS NULL THEN state IN ('ready', 'leased') ELSE state IN ('done', 'cancelled') END)
);
-- The order of service. The last column spares the board a visit to each row.
CREATE INDEX work_waiting ON work_items (queue, rank_class, due_at, work_item_id, enqueued_at) WHERE state = 'ready';
CREATE INDEX work_ageing ON work_items (promote_at) WHERE state = 'ready';
-- Not by lease_until: a renewal changes no indexed column, so that it stays cheap.
CREATE INDEX work_held ON work_items (person_id) WHERE state = 'leased';
CREATE INDEX work_assigned ON work_items (assigned_at) WHERE state = 'ready' AND assigned_to IS NOT NULL;
-- Speed, fairness and statistics: what was done in a day, and by whom.
CREATE INDEX work_done ON work_items (ended_at, queue) WHERE state = 'done';
CREATE INDEX work_done_by ON work_items (person_id, ended_at) WHERE state = 'done';
CREATE INDEX work_by_subject ON work_items (subject);
CREATE INDEX work_arrived ON work_items (enqueued_at, queue);

-- One row per hold that ended without a result; the one that lasts, and the one that ended with it, are in work_items.
CREATE TABLE work_holds (
    work_item_id  TEXT   NOT NULL,
    fence         BIGINT NOT NULL CHECK (fence > 0),
    queue         TEXT   NOT NULL,
    subject       TEXT   NOT NULL,
    person_id     TEXT   NOT NULL,
    session_id    TEXT   NOT NULL,
    enqueued_at   BIGINT NOT NULL,
    due_at        BIGINT NOT NULL,
    leased_at     BIGINT NOT NULL,
    acked_at      BIGINT,
    ended_at      BIGINT NOT NULL CHECK (ended_at >= leased_at),
    how           TEXT   NOT NULL CHECK (how IN ('handed_back', 'expired', 'released', 'reassigned', 'cancelled')),
    reason        TEXT,
    PRIMARY KEY (work_item_id, fence)
);
CREATE INDEX work_holds_by_person ON work_holds (person_id, ended_at);

-- Every hold that has ended, whichever way.
CREATE VIEW ended_holds AS
    SELECT work_item_id, fence, queue, subject, person_id, session_id, enqueued_at, due_at, leased_at, acked_at, ended_at, how, reason
    FROM work_holds
    UNION ALL
    SELECT work_item_id, fence, queue, subject, person_id, session_id, enqueued_at, due_at, leased_at, acked_at, ended_at, 'done', NULL
    FROM work_items WHERE state = 'done';

-- Server nodes that run. A name belongs to one process at a time, because at its start a node gives back what its name held.
CREATE TABLE nodes (
    node          TEXT   NOT NULL PRIMARY KEY CHECK (node <> ''),
    process       TEXT   NOT NULL CHECK (process <> ''),
    heartbeat_at  BIGINT NOT NULL
);

-- Which node has the stream of a session. Signs of life and changes of presence may reach any other node behind a balancer:
-- what another heard stands here, and the node with the stream reads it.
CREATE TABLE work_streams (
    session_id  TEXT   NOT NULL PRIMARY KEY,
    node        TEXT   NOT NULL,
    opened_at   BIGINT NOT NULL,
    beat_at     BIGINT,
    active_at   BIGINT
);
CREATE INDEX work_streams_heard ON work_streams (node, beat_at) WHERE beat_at IS NOT NULL;

-- Busy is not stored: a ready person with a hold is busy.
CREATE TABLE presence (
    person_id      TEXT   NOT NULL PRIMARY KEY,
    state          TEXT   NOT NULL CHECK (state IN ('signed_out', 'ready', 'break')),
    reason         TEXT   CHECK (reason IN ('break', 'meal', 'training', 'meeting', 'fault', 'missed', 'away')),
    since          BIGINT NOT NULL,
    queues         TEXT   NOT NULL,
    capacity       BIGINT NOT NULL CHECK (capacity BETWEEN 1 AND 4),
    missed         BIGINT NOT NULL DEFAULT 0 CHECK (missed >= 0),
    wrap_up_until  BIGINT,
    session_id     TEXT   NOT NULL,
    node           TEXT   NOT NULL,
    heartbeat_at   BIGINT NOT NULL,
    active_at      BIGINT NOT NULL,
    CHECK ((state = 'break') = (reason IS NOT NULL))
);
CREATE INDEX presence_by_node ON presence (node) WHERE state <> 'signed_out';
