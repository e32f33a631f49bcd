#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT
#
# Runs a command on a display, a session bus and a home folder of its own, and ends what it started:
#
#     with_display.sh [--panel] COMMAND [ARGUMENT]…
#
# --panel adds a window manager and a real panel with a tray: openbox and xfce4-panel. The panel needs
# some seconds to be there; the command waits for what it needs, as it must on a real desktop.
# Exits as the command does, or with 125 where there is no display to be had. SIGINT (the Ctrl+C of a
# terminal), SIGTERM and SIGHUP end the command with SIGTERM; the rest goes when it has gone.

set -u

say() { echo "with_display.sh: $*" >&2; }

if [ "${1-}" = --inside ]; then # on the display and the bus that the lines below have made
    shift
    exec 2>&3 3>&-
    echo $$ >"$HOME/inside.pid"
    pids=
    command=
    end_panel() {
        for pid in $pids; do kill "$pid" 2>/dev/null; done
        wait
    }
    trap end_panel EXIT
    trap '[ -n "$command" ] || exit 143; kill "$command" 2>/dev/null' TERM
    if [ "$1" = --panel ]; then
        shift
        # A window that comes while openbox starts may wait in its queue for ever.
        openbox --startup "touch $HOME/managed" >"$HOME/openbox.log" 2>&1 &
        pids="$pids $!"
        while [ ! -e "$HOME/managed" ] && kill -0 $! 2>/dev/null; do sleep 0.05; done
        xfce4-panel --disable-wm-check >"$HOME/xfce4-panel.log" 2>&1 &
        pids="$pids $!"
    fi
    "$@" &
    command=$!
    # A signal ends the waiting, not yet the command, which has its display and its bus to the end.
    wait "$command"
    status=$?
    while kill -0 "$command" 2>/dev/null; do
        wait "$command"
        status=$?
    done
    exit "$status"
fi

needed="Xvfb dbus-run-session"
[ "${1-}" = --panel ] && needed="$needed openbox xfce4-panel"
for program in $needed; do
    command -v "$program" >/dev/null || { say "$program is missing"; exit 125; }
done

home=$(mktemp -d "${TMPDIR:-/tmp}/tallybell-test.XXXXXX") || exit 125
display_server=
session=
clean_up() {
    [ -n "$display_server" ] && kill "$display_server" 2>/dev/null && wait "$display_server" 2>/dev/null
    rm -rf "$home"
}
# The command first: it says goodbye to its servers. What it stands on goes when it has gone.
end_command() {
    [ -s "$home/inside.pid" ] && kill "$(cat "$home/inside.pid")" 2>/dev/null && return
    [ -n "$session" ] && kill "$session" 2>/dev/null
    exit 143
}
trap clean_up EXIT
trap end_command TERM INT HUP

export HOME="$home"
export XDG_CONFIG_HOME="$home/config" XDG_DATA_HOME="$home/data" XDG_STATE_HOME="$home/state"
export XDG_CACHE_HOME="$home/cache" XDG_RUNTIME_DIR="$home/runtime"
mkdir -m 700 "$XDG_CONFIG_HOME" "$XDG_DATA_HOME" "$XDG_STATE_HOME" "$XDG_CACHE_HOME" "$XDG_RUNTIME_DIR"
unset WAYLAND_DISPLAY XAUTHORITY XDG_CURRENT_DESKTOP DESKTOP_SESSION DBUS_SESSION_BUS_ADDRESS
unset QT_QPA_PLATFORMTHEME QT_STYLE_OVERRIDE QT_SCALE_FACTOR
export XDG_SESSION_TYPE=x11 QT_QPA_PLATFORM=xcb LC_ALL=C.UTF-8
export NO_AT_BRIDGE=1 GSETTINGS_BACKEND=memory GTK_A11Y=none # or a panel starts services of its own

channels="$XDG_CONFIG_HOME/xfce4/xfconf/xfce-perchannel-xml"
mkdir -p "$channels"
cat >"$channels/xfce4-panel.xml" <<'END'
<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="30"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray"/>
  </property>
</channel>
END

# The server names the display that it found free as soon as it can be used.
mkfifo "$home/display"
# setsid: the Ctrl+C of a terminal is for us alone, or the display would go before the command.
setsid Xvfb -displayfd 3 -screen 0 1024x768x24 -nolisten tcp -noreset \
    3>"$home/display" 2>"$home/xvfb.log" &
display_server=$!
read -r number <"$home/display" || { say "no display"; cat "$home/xvfb.log" >&2; exit 125; }
export DISPLAY=":$number"

# The bus complains about limits that are none of the command's business.
setsid dbus-run-session -- "$0" --inside "$@" 3>&2 2>"$home/bus.log" &
session=$!
wait "$session"
status=$?
while kill -0 "$session" 2>/dev/null; do
    wait "$session"
    status=$?
done
exit "$status"
