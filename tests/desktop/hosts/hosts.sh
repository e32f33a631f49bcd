#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT
#
# hosts.sh TRAYPOSE FOLDER [HOST]…: pictures of each state of the icon in real panels, at 1x and 2x, on
# light and on dark: FOLDER/HOST.png, a sheet for each host. Hosts: xfce4-panel, lxqt-panel and waybar
# (StatusNotifierItem; the last one on Wayland, under sway), trayer and tint2 (XEmbed).

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

states=(
    "live -" "live 1" "live 8" "live 12" "live 47" "live 99" "live 99+"
    "snoozed 12" "stale 12" "reconnecting 12" "offline 12" "offline -" "paused -" "login -" "login 12"
    "error -" "error 12" "unknown -"
)
declare -A background=([light]='#e8e8e7' [dark]='#2e3436')

if [[ $1 != --inside ]]; then
    traypose=$(realpath "$1")
    mkdir -p "$2"
    folder=$(realpath "$2")
    shift 2
    [[ $# -gt 0 ]] || set -- xfce4-panel lxqt-panel trayer tint2 waybar
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    chmod 777 "$scratch"
    for host; do
        command -v "$host" >/dev/null || {
            printf 'hosts.sh: %s is not here, left out\n' "$host" >&2
            continue
        }
        rows=()
        as_user=()
        [[ $host != waybar || $EUID -ne 0 ]] || as_user=(runuser -u nobody --) # sway refuses root
        for scale in 1 2; do
            for scheme in light dark; do
                row=$scratch/$host-${scale}x-$scheme.png
                "${as_user[@]}" "$here/../with_display.sh" "${BASH_SOURCE[0]}" --inside "$traypose" "$row" "$host" \
                    "$scale" "$scheme"
                rows+=("$row")
            done
        done
        convert "${rows[@]}" -append "$folder/$host.png"
        printf '%s\n' "$folder/$host.png"
    done
    exit
fi

traypose=$2 row=$3 host=$4 scale=$5 scheme=$6
color=${background[$scheme]}
cell=$((30 * scale))
started=()
pid=
trap 'for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done; wait' EXIT

start() {
    "$@" >>"$HOME/host.log" 2>&1 &
    started+=($!)
}

# within SECONDS COMMAND…: waits until the command succeeds.
within() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        if ((SECONDS >= deadline)); then
            printf 'hosts.sh: %s: waited in vain until %s; it says:\n' "$host" "$*" >&2
            tail -20 "$HOME/host.log" >&2
            return 1
        fi
        sleep 0.1
    done
}

start_xfce4_panel() {
    local file=$XDG_CONFIG_HOME/xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml
    local rgb
    rgb=$(awk -v c="${color#\#}" 'function h(s) { return (index("0123456789abcdef", substr(s,1,1)) - 1) * 16 \
        + index("0123456789abcdef", substr(s,2,1)) - 1 }
        BEGIN { for (i = 1; i < 6; i += 2) printf "<value type=\"double\" value=\"%f\"/>", h(substr(c, i, 2)) / 255 }')
    sed -i "s|<property name=\"plugin-ids\"|<property name=\"background-style\" type=\"uint\" value=\"1\"/>\
<property name=\"background-rgba\" type=\"array\">$rgb<value type=\"double\" value=\"1\"/></property>&|" "$file"
    start env GDK_SCALE="$scale" xfce4-panel --disable-wm-check
}

start_lxqt_panel() {
    mkdir -p "$XDG_CONFIG_HOME/lxqt"
    cat >"$XDG_CONFIG_HOME/lxqt/panel.conf" <<END
panels=panel1
iconTheme=Adwaita
[panel1]
alignment=-1
background-color=@Variant(\\0\\0\\0\\x43\\x1\\xff\\xff${color:1:2}${color:1:2}${color:3:2}${color:3:2}${color:5:2}${color:5:2}\\0\\0)
desktop=0
hidable=false
iconSize=22
lineCount=1
opacity=100
panelSize=30
plugins=statusnotifier
position=Top
width=100
width-percent=true
[statusnotifier]
type=statusnotifier
END
    sed -i "s|background-color=.*|background-color=\"$color\"|" "$XDG_CONFIG_HOME/lxqt/panel.conf"
    start openbox
    start env QT_SCALE_FACTOR="$scale" lxqt-panel
}

start_trayer() {
    # It keeps to 24 pixels of itself, whatever it is told.
    start trayer --edge top --align left --widthtype request --heighttype pixel --height "$cell" \
        --transparent true --alpha 0 --tint "0x${color#\#}" --SetDockType true
}

start_tint2() {
    cat >"$HOME/tint2rc" <<END
rounded = 0
border_width = 0
background_color = $color 100
panel_items = S
panel_position = top left horizontal
panel_size = 100% $cell
panel_background_id = 1
systray_padding = 2 2 2
systray_icon_size = $((22 * scale))
END
    start openbox
    start tint2 -c "$HOME/tint2rc"
}

start_waybar() {
    mkdir -p "$XDG_CONFIG_HOME/waybar"
    printf '{"layer": "top", "height": 30, "modules-left": ["tray"], "tray": {"icon-size": 22}}\n' \
        >"$XDG_CONFIG_HOME/waybar/config"
    printf '* { min-height: 0; } window#waybar { background: %s; }\n' "$color" \
        >"$XDG_CONFIG_HOME/waybar/style.css"
    printf 'output HEADLESS-1 mode 1024x768 scale %s\nxwayland disable\n' "$scale" >"$HOME/sway"
    unset DISPLAY
    export WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1 WLR_RENDERER=pixman XDG_SESSION_TYPE=wayland
    start sway -c "$HOME/sway"
    # shellcheck disable=SC2317 # within calls it
    socket_is_there() { socket=$(find "$XDG_RUNTIME_DIR" -name 'wayland-?' | head -1) && [[ $socket ]]; }
    within 20 socket_is_there
    export WAYLAND_DISPLAY=${socket##*/} QT_QPA_PLATFORM=wayland GDK_BACKEND=wayland
    start waybar
}

# Where the icon is, as the panel has it: the first thing on the left.
shoot() {
    if [[ $host == waybar ]]; then
        grim -s "$scale" -g "0,0 40x30" "$1"
    else
        import -window root -crop "$((40 * scale))x$cell+0+0" +repage "$1"
    fi
}

"start_${host//-/_}"
mkfifo "$HOME/poses" "$HOME/answers"
export QT_SCALE_FACTOR=$scale
"$traypose" <"$HOME/poses" >"$HOME/answers" 2>>"$HOME/host.log" &
started+=($!)
exec 3>"$HOME/poses" 4<"$HOME/answers"
pose() { # waits until the program has shown it
    printf '%s\n' "$1" >&3
    local answer=
    until [[ $answer == posed ]]; do read -r -t 20 -u 4 answer; done
}
pose "${states[0]}"
is_available() { read -r -t 20 -u 4 answer && [[ $answer == available ]]; }
within 20 is_available
sleep 2 # until the panel has drawn it, which nothing tells from outside
pictures=()
for state in "${states[@]}"; do
    pose "$state"
    sleep 0.7
    picture=$HOME/pose-${#pictures[@]}.png
    shoot "$picture"
    pictures+=("$picture")
done
convert "${pictures[@]}" +append -filter point -resize "$((200 / scale))%" "$row"
