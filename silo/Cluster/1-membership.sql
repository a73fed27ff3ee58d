-- The ADO.NET providers of Orleans read the texts of their statements from OrleansQuery, by these keys, and give the
-- parameters that begin with @. They find the table through the search path of their connections.

CREATE TABLE orleans.orleansquery (
    querykey text PRIMARY KEY,
    querytext text NOT NULL);

-- One row for each cluster. Whoever changes its members names the version that it knows and takes the next one; who knows an
-- older one is turned away, and has to read again.
CREATE TABLE orleans.clusters (
    id text PRIMARY KEY,
    version int NOT NULL);

CREATE TABLE orleans.silos (
    cluster_id text NOT NULL REFERENCES orleans.clusters (id) ON DELETE CASCADE,
    address text NOT NULL,
    port int NOT NULL,
    -- Tells a silo from the one that had its address before.
    generation int NOT NULL,
    name text NOT NULL,
    host_name text NOT NULL,
    -- 1 created, 2 joining, 3 active, 4 shutting down, 5 stopping, 6 dead.
    status int NOT NULL,
    -- 0: none.
    gateway_port int NOT NULL,
    -- Who suspects it, and since when; only Orleans reads it.
    suspicions text,
    started_at timestamptz NOT NULL,
    alive_at timestamptz NOT NULL,
    PRIMARY KEY (cluster_id, address, port, generation));

CREATE VIEW orleans.membership AS
SELECT c.id AS deploymentid, c.version, s.address, s.port, s.generation, s.name AS siloname, s.host_name AS hostname, s.status,
       s.gateway_port AS proxyport, s.suspicions AS suspecttimes, s.started_at AS starttime, s.alive_at AS iamalivetime
FROM orleans.clusters c LEFT JOIN orleans.silos s ON s.cluster_id = c.id;

-- Both give whether it was done: the member and the version change together or not at all.
CREATE FUNCTION orleans.join_cluster(
    cluster text, known_version int, silo_address text, silo_port int, silo_generation int, silo_name text, host text,
    silo_status int, gateway int, started timestamptz, alive timestamptz)
RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE orleans.clusters c SET version = c.version + 1 WHERE c.id = cluster AND c.version = known_version;
    IF NOT FOUND THEN
        RETURN false;
    END IF;

    INSERT INTO orleans.silos
    VALUES (cluster, silo_address, silo_port, silo_generation, silo_name, host, silo_status, gateway, NULL, started, alive);
    RETURN true;
EXCEPTION WHEN unique_violation THEN
    -- It is a member already. What this block has changed is taken back, the version too.
    RETURN false;
END
$$;

CREATE FUNCTION orleans.change_silo(
    cluster text, known_version int, silo_address text, silo_port int, silo_generation int,
    new_status int, new_suspicions text, alive timestamptz)
RETURNS boolean
LANGUAGE sql AS $$
    WITH next AS (
        UPDATE orleans.clusters c SET version = c.version + 1
        WHERE c.id = cluster AND c.version = known_version AND EXISTS (
            SELECT FROM orleans.silos s
            WHERE (s.cluster_id, s.address, s.port, s.generation) = (cluster, silo_address, silo_port, silo_generation))
        RETURNING c.id),
    changed AS (
        UPDATE orleans.silos s SET status = new_status, suspicions = new_suspicions, alive_at = alive
        FROM next
        WHERE s.cluster_id = next.id AND (s.address, s.port, s.generation) = (silo_address, silo_port, silo_generation)
        RETURNING 1)
    SELECT EXISTS (SELECT FROM changed);
$$;

INSERT INTO orleans.orleansquery VALUES
('InsertMembershipVersionKey', $query$
    WITH made AS (INSERT INTO orleans.clusters VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT EXISTS (SELECT FROM made)
$query$),
('MembershipReadAllKey', $query$
    SELECT * FROM orleans.membership WHERE deploymentid = @DeploymentId
$query$),
-- One row, without a member if there is no such.
('MembershipReadRowKey', $query$
    SELECT c.version, s.* FROM orleans.clusters c
    LEFT JOIN (
        SELECT address, port, generation, siloname, hostname, status, proxyport, suspecttimes, starttime, iamalivetime
        FROM orleans.membership
        WHERE (deploymentid, address, port, generation) = (@DeploymentId, @Address, @Port, @Generation)) s ON true
    WHERE c.id = @DeploymentId
$query$),
('InsertMembershipKey', $query$
    SELECT orleans.join_cluster(
        @DeploymentId, @Version, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime)
$query$),
('UpdateMembershipKey', $query$
    SELECT orleans.change_silo(@DeploymentId, @Version, @Address, @Port, @Generation, @Status, @SuspectTimes, @IAmAliveTime)
$query$),
-- The one change that leaves the version as it is.
('UpdateIAmAlivetimeKey', $query$
    UPDATE orleans.silos SET alive_at = @IAmAliveTime
    WHERE (cluster_id, address, port, generation) = (@DeploymentId, @Address, @Port, @Generation)
$query$),
('DeleteMembershipTableEntriesKey', $query$
    DELETE FROM orleans.clusters WHERE id = @DeploymentId
$query$),
('CleanupDefunctSiloEntriesKey', $query$
    DELETE FROM orleans.silos WHERE cluster_id = @DeploymentId AND alive_at < @IAmAliveTime AND status <> 3
$query$),
('GatewaysQueryKey', $query$
    SELECT address, gateway_port AS proxyport, generation FROM orleans.silos
    WHERE cluster_id = @DeploymentId AND status = @Status AND gateway_port > 0
$query$);
