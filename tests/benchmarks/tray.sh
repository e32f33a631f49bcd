#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT
#
# tray.sh TALLYBELL SSEKIT [--seconds N]: what the icon costs, in the app and in a real panel, under 5,000
# events a second and while idle. The yardstick is the same program on the same stream without a display
# (--headless), in the same run: it reads the same bytes and shows nothing.

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

if [[ $1 != --inside ]]; then
    tallybell=$(realpath "$1")
    ssekit=$(realpath "$2")
    seconds=60
    [[ ${3:-} == --seconds ]] && seconds=$4
    exec "$here/../desktop/with_display.sh" --panel "${BASH_SOURCE[0]}" --inside "$tallybell" "$ssekit" "$seconds"
fi

tallybell=$2 ssekit=$3 seconds=$4
started=()
pid=
end() {
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
}
trap end EXIT

within() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || {
            printf 'tray.sh: waited in vain until %s\n' "$*" >&2
            exit 1
        }
        sleep 0.1
    done
}

# A hundred times a second fifty events; the last ones of them differ, for only those are seen.
{
    printf 'repeat forever every 70ms\n'
    for round in {1..7}; do
        ((round == 1)) || printf 'sleep 10ms\n'
        printf 'send "'
        for number in {1..50}; do
            printf 'event: count\\ndata: {\\"count\\":%d}\\n\\n' $(((number + round) * 7 % 90 + 1))
        done
        printf '"\n'
    done
    printf 'done\n'
} >"$HOME/flood.sse"
printf 'send "event: count\\ndata: {\\"count\\":7}\\n\\n"\nrepeat forever every 5s\nsend ":\\n\\n"\ndone\n' >"$HOME/idle.sse"

# serve SCRIPT: sets base.
serve() {
    "$ssekit" serve "$1" --port 0 >"$HOME/server.log" 2>&1 &
    server=$!
    started+=("$server")
    within 10 grep -q listening "$HOME/server.log"
    base=$(sed -n 's/^listening on //p' "$HOME/server.log")
    mkdir -p "$XDG_CONFIG_HOME/tallybell/sources"
    printf '{"schema": 1, "title": "Flood", "stream": {"method": "GET", "url": "%s/stream"},
        "rules": [{"event": "count", "do": "set", "pointer": "/count"}], "count": {"onOpen": "keep"}}\n' \
        "$base" >"$XDG_CONFIG_HOME/tallybell/sources/flood.json"
}

# Of the CPU, user and system, of these processes.
ticks() {
    local process
    for process; do cat "/proc/$process/stat"; done | awk '{ sum += $14 + $15 } END { print sum }'
}
# All threads: times the kernel put one to sleep and woke it up again.
wakeups() {
    local process
    for process; do cat /proc/"$process"/task/*/status; done | awk '/^voluntary/ { sum += $2 } END { print sum }'
}
percent() { awk -v ticks="$1" -v hz="$(getconf CLK_TCK)" -v s="$seconds" 'BEGIN { printf "%.2f", 100 * ticks / hz / s }'; }
icon_is_there() {
    dbus-send --session --print-reply --dest=org.kde.StatusNotifierWatcher /StatusNotifierWatcher \
        org.freedesktop.DBus.Properties.Get string:org.kde.StatusNotifierWatcher \
        string:RegisteredStatusNotifierItems 2>/dev/null | grep -q StatusNotifierItem
}
is_open() { grep -q 'Connection open' "$1"; }

# Ours, whoever else has one: the parent of this script started the panel, its parent the bus.
panel_is_there() { panel=$(pgrep -P "$PPID" -x xfce4-panel); }
within 20 panel_is_there
# Its plugins, the tray among them, are processes of their own.
panel_processes() { echo "$panel"; pgrep -P "$panel" || true; }
bus=$(pgrep -P "$(ps -o ppid= -p "$PPID" | tr -d ' ')" -x dbus-daemon)

# run SCRIPT: starts both on the stream, the one with a display and the yardstick.
run() {
    serve "$1"
    "$tallybell" --hidden 2>"$HOME/shown.log" &
    shown=$!
    started+=("$shown")
    within 20 is_open "$HOME/shown.log"
    within 20 icon_is_there
    XDG_RUNTIME_DIR=$HOME/headless "$tallybell" --headless >/dev/null 2>"$HOME/headless.log" &
    headless=$!
    started+=("$headless")
    within 20 is_open "$HOME/headless.log"
    sleep 2 # what belongs to the start is over
    mapfile -t panels < <(panel_processes)
}
stop() {
    kill "$shown" "$headless" "$server"
    wait "$shown" "$headless" "$server" 2>/dev/null || true
}
mkdir -m 700 "$HOME/headless"

run "$HOME/flood.sse"
before=("$(ticks "$shown")" "$(ticks "$headless")" "$(ticks "${panels[@]}")" "$(ticks "$bus")")
sleep "$seconds"
after=("$(ticks "$shown")" "$(ticks "$headless")" "$(ticks "${panels[@]}")" "$(ticks "$bus")")
cpu=()
for i in 0 1 2 3; do cpu+=("$(percent $((after[i] - before[i])))"); done
timeout 10 dbus-monitor --session --binary >"$HOME/bus" 2>>"$HOME/monitor.log" || true
bytes=$(stat -c %s "$HOME/bus")
changes=$(grep -a -o NewIcon "$HOME/bus" | wc -l || true)
stop

run "$HOME/idle.sse"
woken=("$(wakeups "$shown")" "$(wakeups "$headless")" "$(wakeups "${panels[@]}")")
sleep "$seconds"
woken_after=("$(wakeups "$shown")" "$(wakeups "$headless")" "$(wakeups "${panels[@]}")")
stop

printf 'Under 5,000 events a second for %s s, CPU in %% of a core:\n' "$seconds"
printf '  without a display (the yardstick)  %6s\n' "${cpu[1]}"
printf '  with the icon                      %6s   %s x\n' "${cpu[0]}" \
    "$(awk -v a="${cpu[0]}" -v b="${cpu[1]}" 'BEGIN { if (b > 0) printf "%.2f", a / b; else print "?" }')"
printf '  the panel (xfce4-panel, its tray)  %6s\n' "${cpu[2]}"
printf '  the bus (dbus-daemon)              %6s\n' "${cpu[3]}"
printf 'On the bus in 10 s of that: %s changes of the icon (at most 40), %s bytes in all, %s for a change\n' \
    "$changes" "$bytes" "$((changes > 0 ? bytes / changes : 0))"
printf 'Idle with an open stream and a comment each 5 s, wake-ups in %s s (all threads):\n' "$seconds"
printf '  without a display (the yardstick)  %6s\n' $((woken_after[1] - woken[1]))
printf '  with the icon                      %6s\n' $((woken_after[0] - woken[0]))
printf '  the panel                          %6s\n' $((woken_after[2] - woken[2]))
