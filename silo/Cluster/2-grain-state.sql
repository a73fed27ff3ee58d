-- The state of users' grains (IPersistentState). The version is its ETag. Who names another one than the row has gets the one
-- that it named back, or none, and Orleans takes that for a conflict.

CREATE TABLE orleans.grain_state (
    service_id text NOT NULL,
    grain_type text NOT NULL,
    -- The grain's key: a number, or the two halves of a GUID, or zeros; and the text that goes with it, or an empty one.
    n0 bigint NOT NULL,
    n1 bigint NOT NULL,
    key_text text NOT NULL,
    -- NULL once it has been cleared.
    payload bytea,
    version int NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (service_id, grain_type, n0, n1, key_text));

CREATE FUNCTION orleans.write_state(
    service text, grain text, key0 bigint, key1 bigint, key_ext text, known_version int, new_payload bytea)
RETURNS int
LANGUAGE plpgsql AS $$
BEGIN
    IF known_version IS NULL THEN
        INSERT INTO orleans.grain_state
        VALUES (service, grain, key0, key1, coalesce(key_ext, ''), new_payload, 1, now()) ON CONFLICT DO NOTHING;
        RETURN CASE WHEN FOUND THEN 1 END;
    END IF;

    UPDATE orleans.grain_state s SET payload = new_payload, version = s.version + 1, changed_at = now()
    WHERE (s.service_id, s.grain_type, s.n0, s.n1, s.key_text, s.version)
        = (service, grain, key0, key1, coalesce(key_ext, ''), known_version);
    RETURN CASE WHEN FOUND THEN known_version + 1 ELSE known_version END;
END
$$;

INSERT INTO orleans.orleansquery VALUES
('ReadFromStorageKey', $query$
    SELECT payload AS payloadbinary, version FROM orleans.grain_state
    WHERE (service_id, grain_type, n0, n1, key_text)
        = (@ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''))
$query$),
('WriteToStorageKey', $query$
    SELECT orleans.write_state(
        @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, @GrainIdExtensionString, @GrainStateVersion, @PayloadBinary)
        AS newgrainstateversion
$query$),
('ClearStorageKey', $query$
    SELECT orleans.write_state(
        @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, @GrainIdExtensionString, @GrainStateVersion, NULL)
$query$),
('DeleteStorageKey', $query$
    WITH gone AS (
        DELETE FROM orleans.grain_state
        WHERE (service_id, grain_type, n0, n1, key_text, version)
            = (@ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), @GrainStateVersion)
        RETURNING version + 1 AS version)
    SELECT coalesce((SELECT version FROM gone), @GrainStateVersion)
$query$);
