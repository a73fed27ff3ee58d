namespace Loire.EventLog.ContractTests.PostgreSql;

/// <summary>What runs a throw-away server, as shell scripts.</summary>
internal static class ServerScript
{
    /// <summary>
    /// Makes the server's folder and runs the server until the end of the input. Each line of it is done to the server: a
    /// signal ends it, and the next line starts it again; <c>pause</c> and <c>resume</c> stop it and all its processes where
    /// they are (and say so), and let them go on. Everything is made here, for this may run as another user than the tests.
    /// </summary>
    public const string Run =
        """
        set -e
        trap "" HUP INT TERM
        bin=$1 folder=$2 port=$3
        mkdir -m 700 "$folder"
        cleanup() { rm -rf "$folder"; }
        trap cleanup EXIT
        "$bin/initdb" -D "$folder/data" -U postgres -A trust --no-sync -E UTF8 --wal-segsize=1 \
          --locale=C.UTF-8 --locale-provider=icu --icu-locale=en > "$folder/initdb.log" 2>&1
        all() { echo $server $(cat /proc/$server/task/$server/children 2> /dev/null); }
        pause() {
          kill -s STOP $server
          kill -s STOP $(all) || true
          for process in $(all); do
            while [ -d /proc/$process ] && ! grep -q "^State:.T" /proc/$process/status; do sleep 0.01; done
          done
          echo paused
        }
        while :; do
          "$bin/postgres" -D "$folder/data" -p "$port" -h 127.0.0.1 -c unix_socket_directories= -c fsync=off \
            -c max_connections=300 -c shared_buffers=64MB > "$folder/server.log" 2>&1 < /dev/null &
          server=$!
          while :; do
            read -r how || how=end
            case $how in
              pause) pause ;;
              resume) kill -s CONT $(all) || true ;;
              end) kill -s CONT $(all) 2> /dev/null || true; kill -s QUIT $server 2> /dev/null || true; wait $server || true; exit 0 ;;
              *) kill -s "$how" $server 2> /dev/null || true; wait $server || true; read -r again || exit 0; break ;;
            esac
          done
        done
        """;

    /// <summary>
    /// Runs the rest of the arguments with a disk of so many megabytes at a folder. The disk is seen by them alone, and goes
    /// when they end.
    /// </summary>
    public const string WithDisk =
        """
        mount -t tmpfs -o "size=$1m,mode=700,uid=$(id -u postgres)" tmpfs "$2"
        shift 2
        exec "$@"
        """;
}
