-- Text may hold U+0000, which PostgreSQL's does not: the store writes U+001A '0' for it, and U+001A '1' for U+001A.
-- It compares by code point everywhere.

CREATE TABLE loire.events (
    position bigint PRIMARY KEY,
    aggregate text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    event_id uuid NOT NULL,
    type text COLLATE "C" NOT NULL,
    schema_version int NOT NULL,
    occurred_at timestamptz NOT NULL,
    partition smallint NOT NULL,
    -- JSON. Not of type jsonb, which would not give the same bytes back; "data::jsonb" makes it one.
    data text COLLATE "C" NOT NULL,
    user_id text COLLATE "C",
    correlation_id text COLLATE "C",
    causation_id text COLLATE "C",
    trace_parent text COLLATE "C",
    tenant text COLLATE "C",
    UNIQUE (aggregate, id, version));

CREATE INDEX events_by_type ON loire.events (type, position);

-- Hashed, for it may be of any length and is asked for whole.
CREATE INDEX events_by_correlation ON loire.events USING hash (correlation_id) WHERE correlation_id IS NOT NULL;

-- Whoever appends locks this row until the commit, so that positions are in commit order and none is missing. It is never
-- changed, so no old versions of it pile up while a backup or another long transaction runs.
CREATE TABLE loire.head (one boolean PRIMARY KEY CHECK (one));
INSERT INTO loire.head VALUES (true);

CREATE TABLE loire.receipts (
    aggregate text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    fingerprint bytea NOT NULL,
    version bigint NOT NULL,
    position bigint NOT NULL,
    events int NOT NULL,
    expires_at timestamptz,
    PRIMARY KEY (aggregate, id, key));

CREATE INDEX receipts_by_expiry ON loire.receipts (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE loire.checkpoints (
    subscription text COLLATE "C" NOT NULL,
    partition int NOT NULL,
    position bigint NOT NULL,
    -- The last move's id, by which one finds out about a move whose reply was lost.
    move uuid NOT NULL,
    PRIMARY KEY (subscription, partition))
    WITH (fillfactor = 50);
