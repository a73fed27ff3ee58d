-- Carries out appends in their order, each by itself: one round trip and one commit for all of them.
-- Outcomes: appended; replayed (an earlier append with the key: its receipt); reused (the key stands for something else);
-- conflict (the stream has another version, or another event than the guard at it).
CREATE FUNCTION loire.append(
    -- One element for each stream.
    aggregates text[], ids text[], partitions smallint[],
    -- One for each append: the stream's index, what it must be like, the ids of the first and the last event.
    streams int[], expected bigint[], guards uuid[], counts int[], firsts uuid[], lasts uuid[],
    -- The key, and the index of the first append here that has the same key in the same stream.
    keys text[], fingerprints bytea[], expiries timestamptz[], same_key int[],
    -- One for each event: the append's index, and its place in the append, from 1.
    appends int[], places int[], event_ids uuid[], types text[], schema_versions int[], times timestamptz[], data text[],
    user_ids text[], correlation_ids text[], causation_ids text[], trace_parents text[], tenants text[],
    now timestamptz)
RETURNS TABLE (outcome text, stream_version bigint, last_position bigint, replayed_ids uuid[], replayed_types text[])
LANGUAGE plpgsql
-- The plans must not depend on how empty the tables were when they were made.
SET enable_seqscan = off
SET enable_bitmapscan = off
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $$
#variable_conflict use_variable
DECLARE
    head bigint;
    before bigint;
    tails bigint[];
    tail_ids uuid[];
    tail_positions bigint[];
    starts bigint[];
    outcomes text[];
    versions bigint[];
    positions bigint[];
    replays int[];
    winners int[];
    winner int;
    receipt record;
    s int;
    own bigint;
BEGIN
    PERFORM FROM loire.head h WHERE h.one FOR UPDATE;
    -- From here on nobody else appends; the statements that follow see all that is committed.
    SELECT coalesce(max(e.position), 0) INTO head FROM loire.events e;
    before := head;

    SELECT array_agg(coalesce(t.version, 0) ORDER BY w.n), array_agg(t.event_id ORDER BY w.n),
           array_agg(coalesce(t.position, 0) ORDER BY w.n)
    INTO tails, tail_ids, tail_positions
    FROM unnest(aggregates, ids) WITH ORDINALITY AS w (aggregate, id, n)
    LEFT JOIN LATERAL (
        SELECT e.version, e.event_id, e.position FROM loire.events e
        WHERE e.aggregate = w.aggregate AND e.id = w.id ORDER BY e.version DESC LIMIT 1) t ON true;

    FOR receipt IN
        SELECT w.n::int AS n, r.fingerprint, r.version, r.position, r.events
        FROM unnest(streams, keys) WITH ORDINALITY AS w (stream, key, n)
        JOIN loire.receipts r ON r.aggregate = aggregates[w.stream] AND r.id = ids[w.stream] AND r.key = w.key
        WHERE r.expires_at IS NULL OR r.expires_at > now
    LOOP
        outcomes[receipt.n] := CASE WHEN receipt.fingerprint = fingerprints[receipt.n] THEN 'replayed' ELSE 'reused' END;
        versions[receipt.n] := receipt.version;
        positions[receipt.n] := receipt.position;
        replays[receipt.n] := receipt.events;
    END LOOP;

    FOR i IN 1 .. cardinality(streams) LOOP
        CONTINUE WHEN outcomes[i] IS NOT NULL;
        s := streams[i];
        winner := winners[same_key[i]];
        IF winner IS NOT NULL THEN
            outcomes[i] := CASE WHEN fingerprints[winner] = fingerprints[i] THEN 'replayed' ELSE 'reused' END;
            versions[i] := versions[winner];
            positions[i] := positions[winner];
            replays[i] := counts[winner];
        ELSIF tails[s] = expected[i] AND (guards[i] IS NULL OR guards[i] IS NOT DISTINCT FROM tail_ids[s]) THEN
            outcomes[i] := 'appended';
            IF counts[i] > 0 THEN
                starts[i] := head;
                head := head + counts[i];
                tails[s] := tails[s] + counts[i];
                tail_ids[s] := lasts[i];
                tail_positions[s] := head;
            END IF;
            versions[i] := tails[s];
            positions[i] := tail_positions[s];
            IF keys[i] IS NOT NULL THEN
                winners[same_key[i]] := i;
            END IF;
        ELSE
            -- When this is asked again because the reply was lost, the events may be there.
            SELECT e.position INTO own FROM loire.events e
            WHERE e.aggregate = aggregates[s] AND e.id = ids[s] AND e.version = expected[i] + 1 AND e.event_id = firsts[i];
            outcomes[i] := CASE WHEN FOUND THEN 'appended' ELSE 'conflict' END;
            versions[i] := CASE WHEN FOUND THEN expected[i] + counts[i] ELSE tails[s] END;
            positions[i] := own + counts[i] - 1;
        END IF;
    END LOOP;

    IF head > before THEN
        INSERT INTO loire.events
        SELECT starts[e.append] + e.place, aggregates[streams[e.append]], ids[streams[e.append]], expected[e.append] + e.place,
               e.event_id, e.type, e.schema_version, e.time, partitions[streams[e.append]], e.data,
               e.user_id, e.correlation_id, e.causation_id, e.trace_parent, e.tenant
        FROM unnest(appends, places, event_ids, types, schema_versions, times, data,
                    user_ids, correlation_ids, causation_ids, trace_parents, tenants)
            AS e (append, place, event_id, type, schema_version, time, data,
                  user_id, correlation_id, causation_id, trace_parent, tenant)
        WHERE starts[e.append] IS NOT NULL;
        PERFORM pg_notify('loire', head::text);
    END IF;

    IF winners IS NOT NULL THEN
        -- An expired receipt that is still there gives way.
        INSERT INTO loire.receipts AS r
        SELECT aggregates[streams[w.i]], ids[streams[w.i]], keys[w.i], fingerprints[w.i], versions[w.i], positions[w.i],
               counts[w.i], expiries[w.i]
        FROM unnest(winners) AS w (i) WHERE w.i IS NOT NULL
        ON CONFLICT (aggregate, id, key) DO UPDATE SET
            fingerprint = excluded.fingerprint, version = excluded.version, position = excluded.position,
            events = excluded.events, expires_at = excluded.expires_at;
    END IF;

    IF replays IS NULL THEN
        RETURN QUERY SELECT o.outcome, o.version, o.position, NULL::uuid[], NULL::text[]
            FROM unnest(outcomes, versions, positions) WITH ORDINALITY AS o (outcome, version, position, n) ORDER BY o.n;
    ELSE
        RETURN QUERY SELECT o.outcome, o.version, o.position, r.ids, r.types
            FROM unnest(outcomes, versions, positions, streams) WITH ORDINALITY AS o (outcome, version, position, stream, n)
            LEFT JOIN LATERAL (
                SELECT array_agg(e.event_id ORDER BY e.version) AS ids, array_agg(e.type ORDER BY e.version) AS types
                FROM loire.events e
                WHERE o.outcome = 'replayed' AND e.aggregate = aggregates[o.stream] AND e.id = ids[o.stream]
                  AND e.version > o.version - replays[o.n] AND e.version <= o.version) r ON true
            ORDER BY o.n;
    END IF;
END $$;
