-- One for each stream: the newest. Any of them may be removed at any time, for the events have it all.
CREATE TABLE loire.snapshots (
    aggregate text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    -- The event at that version: a snapshot that names another one does not fit the stream.
    event_id uuid NOT NULL,
    -- Stands for the type of the state and what folds it.
    shape text COLLATE "C" NOT NULL,
    -- JSON, as the data of events.
    state text COLLATE "C" NOT NULL,
    PRIMARY KEY (aggregate, id))
    WITH (fillfactor = 70);
