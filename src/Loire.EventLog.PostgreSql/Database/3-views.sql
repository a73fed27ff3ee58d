-- Moves a checkpoint. Fails with LO001 when it is not where it should be, and with LO002 when this very move was made before.
CREATE FUNCTION loire.move_checkpoint(subscription text, partition int, origin bigint, target bigint, move uuid) RETURNS void
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    moved boolean;
BEGIN
    IF origin = 0 THEN
        INSERT INTO loire.checkpoints AS c
        VALUES (move_checkpoint.subscription, move_checkpoint.partition, target, move_checkpoint.move)
        ON CONFLICT (subscription, partition) DO UPDATE SET position = excluded.position, move = excluded.move
        WHERE c.position = 0 AND c.move <> excluded.move;
    ELSE
        UPDATE loire.checkpoints c SET position = target, move = move_checkpoint.move
        WHERE c.subscription = move_checkpoint.subscription AND c.partition = move_checkpoint.partition
          AND c.position = origin AND c.move <> move_checkpoint.move;
    END IF;
    moved := FOUND;
    IF NOT moved THEN
        IF EXISTS (SELECT FROM loire.checkpoints c
                   WHERE c.subscription = move_checkpoint.subscription AND c.partition = move_checkpoint.partition
                     AND c.move = move_checkpoint.move) THEN
            RAISE EXCEPTION 'the checkpoint has been moved by this very move' USING ERRCODE = 'LO002';
        END IF;
        RAISE EXCEPTION 'the checkpoint is not at %', origin USING ERRCODE = 'LO001';
    END IF;
END $$;

-- Fields of documents, as they compare. What cannot be text here (U+0000, half a surrogate pair) counts as U+FFFD.
CREATE FUNCTION loire.readable(doc json) RETURNS json
IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT CASE WHEN strpos(doc::text, '\u') = 0 THEN doc ELSE regexp_replace(doc::text,
        '\\u0000|\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}',
        '\\ufffd', 'g')::json END
$$;

CREATE FUNCTION loire.text_of(doc json, field text) RETURNS text
IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$ SELECT loire.readable(doc) ->> field $$;

-- What is not a number of sensible size counts as missing.
CREATE FUNCTION loire.number_of(doc json, field text) RETURNS numeric
IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT CASE WHEN loire.readable(doc) ->> field ~ '^-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?$'
        THEN (loire.readable(doc) ->> field)::numeric END
$$;

CREATE FUNCTION loire.boolean_of(doc json, field text) RETURNS boolean
IMMUTABLE PARALLEL SAFE LANGUAGE sql AS $$
    SELECT CASE loire.readable(doc) ->> field WHEN 'true' THEN true WHEN 'false' THEN false END
$$;
