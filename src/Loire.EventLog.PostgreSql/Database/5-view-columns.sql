-- Declared fields, and the words that searches find, are columns beside the documents of a view, written by the store: an
-- index over them does not change when another member of the document does. What a view's columns were made for is kept
-- here, so that a table is brought up to date when a build declares other fields, and builds that differ do not mix.
CREATE TABLE loire.views (
    name text COLLATE "C" PRIMARY KEY,
    shape text COLLATE "C" NOT NULL);

-- Asked after documents were written, in their transaction: whoever changes a view's table lets no writer in meanwhile.
CREATE FUNCTION loire.expect_shape(view text, shape text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM loire.views v WHERE v.name = expect_shape.view AND v.shape = expect_shape.shape) THEN
        RAISE EXCEPTION 'the view % has been defined with other fields, by another build of the program', view USING ERRCODE = 'LO003';
    END IF;
END $$;
