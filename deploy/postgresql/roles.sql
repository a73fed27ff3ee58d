-- Two roles: loire_owner makes and changes the tables, loire_app is what silos connect as. Run it in Loire's database as a
-- superuser, before the tables are made and again after each time they were changed; it may be run any number of times:
--
--   psql -1 -d loire -f deploy/postgresql/roles.sql
--
-- Neither role has a password yet: ALTER ROLE loire_app PASSWORD '…'.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'loire_owner') THEN
        CREATE ROLE loire_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'loire_app') THEN
        CREATE ROLE loire_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;
END $$;

CREATE SCHEMA IF NOT EXISTS loire AUTHORIZATION loire_owner;

GRANT USAGE ON SCHEMA loire TO loire_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA loire TO loire_app;
ALTER DEFAULT PRIVILEGES FOR ROLE loire_owner IN SCHEMA loire GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO loire_app;

-- Once there are tables: events are added and never changed, the head is locked and never changed, and what was migrated is
-- the owner's business. Silos make the tables of their views themselves.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_tables WHERE schemaname = 'loire' AND tablename = 'migrations') THEN
        GRANT CREATE ON SCHEMA loire TO loire_app;
        REVOKE UPDATE, DELETE ON loire.events FROM loire_app;
        REVOKE INSERT, DELETE ON loire.head FROM loire_app;
        REVOKE INSERT, UPDATE, DELETE ON loire.migrations FROM loire_app;
    END IF;
END $$;

-- For clusters (the Orleans engine): the list of silos and the state of users' grains.
CREATE SCHEMA IF NOT EXISTS orleans AUTHORIZATION loire_owner;

GRANT USAGE ON SCHEMA orleans TO loire_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA orleans TO loire_app;
ALTER DEFAULT PRIVILEGES FOR ROLE loire_owner IN SCHEMA orleans GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO loire_app;

-- Once there are tables: the statements of Orleans and what was migrated are the owner's business.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_tables WHERE schemaname = 'orleans' AND tablename = 'migrations') THEN
        REVOKE INSERT, UPDATE, DELETE ON orleans.orleansquery, orleans.migrations FROM loire_app;
    END IF;
END $$;
