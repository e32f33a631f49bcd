#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT
#
# shots.sh TALLYBELL FOLDER: starts `TALLYBELL --demo` under a real panel, sees its icon arrive there,
# saves screen.png, window.png and tray.png, and fails unless the app ends in good order.

set -euo pipefail

if [[ $1 != --inside ]]; then
    exec "$(dirname "${BASH_SOURCE[0]}")/with_display.sh" --panel "${BASH_SOURCE[0]}" --inside "$@"
fi
tallybell=$2
folder=$3
log=$HOME/tallybell.log

# within SECONDS COMMAND…: waits until the command succeeds.
within() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        if ((SECONDS >= deadline)); then
            printf 'shots.sh: waited in vain until %s; the app says:\n' "$*" >&2
            cat "$log" >&2
            return 1
        fi
        sleep 0.2
    done
}

tray_items() {
    dbus-send --session --print-reply --dest=org.kde.StatusNotifierWatcher /StatusNotifierWatcher \
        org.freedesktop.DBus.Properties.Get \
        string:org.kde.StatusNotifierWatcher string:RegisteredStatusNotifierItems 2>/dev/null
}
panel_is_there() { panel=$(xdotool search --onlyvisible --class xfce4-panel 2>/dev/null | tail -1); }
icon_is_there() { tray_items | grep -q StatusNotifierItem; }
window_is_there() { window=$(xdotool search --onlyvisible --name '^Tallybell' | tail -1) && [[ $window ]]; }
counts_are_there() { [[ $(grep -c ' waiting' "$log") -ge 4 ]]; }

mkdir -p "$folder"
display -window root -size 1024x768 xc:'#39536d' || true # paints, and says 1
within 20 panel_is_there
"$tallybell" --demo 2>"$log" &
app=$!
within 20 icon_is_there
within 20 window_is_there
within 20 counts_are_there
printf 'The panel shows:\n'
tray_items | grep -o '[^"]*StatusNotifierItem[^"]*'
sleep 1 # until everything is drawn, which nothing tells from outside

import -window root "$folder/screen.png"
import -window "$window" "$folder/window.png"
import -window "$panel" -crop 120x30+0+0 +repage -filter point -resize 400% "$folder/tray.png"
cat "$log"

kill -TERM "$app"
wait "$app"
