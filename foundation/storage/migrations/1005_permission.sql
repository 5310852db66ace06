-- Who has done, or been handed, which side of a rule on which subject: the primary key is the separation of duties.

CREATE TABLE separation_marks (
    subject     TEXT   NOT NULL,
    rule        TEXT   NOT NULL,
    person_id   TEXT   NOT NULL,
    side        TEXT   NOT NULL,
    stands_for  TEXT,
    at          BIGINT NOT NULL,
    PRIMARY KEY (subject, rule, person_id)
);
CREATE INDEX separation_marks_person ON separation_marks (person_id, at);
