# The first process of a container: sets what an agent cannot take back, opens the ports that lead
# out of a container without network, runs the agent's command and ends with its exit code.
#
# Usage: sh entry.sh FILE_SIZE_IN_BLOCKS PORT=SOCKET... -- COMMAND [ARGUMENT]...

here=${0%/*}
ulimit -c 0
ulimit -f "$1"
shift

ports=
while [ "$1" != -- ]; do
    ports="$ports $1"
    shift
done
shift

if [ -n "$ports" ]; then
    if command -v python3 >/dev/null 2>&1; then
        # It goes into the background by itself, once the ports are open.
        python3 -I -S "$here/forward.py" $ports
    elif command -v socat >/dev/null 2>&1; then
        for pair in $ports; do
            socat "TCP-LISTEN:${pair%%=*},bind=127.0.0.1,fork,reuseaddr" \
                "UNIX-CONNECT:${pair#*=}" &
        done
    else
        echo "mlegrade: no python3 and no socat in this image, so nothing listens on$ports" >&2
    fi
fi

# All but this process are told to end. A wait that a signal interrupts says nothing of the agent:
# the next one does, or says 127 where the first one had seen its end all the same.
told=
trap 'told=1; kill -TERM -1' TERM
"$@" &
agent=$!
wait "$agent"
code=$?
while [ -n "$told" ]; do
    told=
    wait "$agent"
    again=$?
    [ "$again" = 127 ] || code=$again
done

# cgroup v2, then v1.
for file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
    if [ -r "$file" ]; then
        while read -r key value; do
            if [ "$key" = oom_kill ] && [ "$value" -gt 0 ]; then
                echo "mlegrade: processes ended at the memory limit: $value" >&2
            fi
        done <"$file"
    fi
done
exit "$code"
