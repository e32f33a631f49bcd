#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT
#
# clean-root-test.sh PACKAGES: installs the .deb files of this folder in a clean Debian 12, starts the
# app there under a real panel, sees its icon, saves pictures in PACKAGES/shots, removes the packages,
# and shows that nothing is left of them. Needs root and debootstrap.

set -euo pipefail

suite=bookworm
mirror=${DEBIAN_MIRROR:-} # empty: the one that debootstrap knows
desktop=(xvfb xauth dbus fonts-dejavu-core xfce4-panel xfconf openbox imagemagick xdotool
    adwaita-icon-theme procps)

in_root() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "$@"; }
apt_in_root() {
    in_root DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 "$@" >>"$root.log" 2>&1 \
        || { tail -n 30 "$root.log" >&2; return 1; }
}

# What is mounted here goes with the process.
mount_into_root() {
    mount -t proc proc "$root/proc"
    mount --bind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/dev/shm"
}

# Debian with a small desktop but without Tallybell, kept for the next time.
make_root() {
    local cache=${XDG_CACHE_HOME:-$HOME/.cache}/tallybell
    local kept=$cache/debian-$suite.tar.gz
    if [[ -f $kept ]]; then
        tar --extract --gzip --file="$kept" --directory="$root"
        mount_into_root
    else
        mkdir -p "$cache"
        debootstrap --variant=minbase "$suite" "$root" ${mirror:+"$mirror"} >"$root.log"
        mount_into_root
        # The way to the mirror is the one of this machine; and no service is to be started in there.
        apt-config dump | grep '^Acquire::' >"$root/etc/apt/apt.conf.d/99host"
        printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
        chmod 755 "$root/usr/sbin/policy-rc.d"
        apt_in_root update
        apt_in_root install --no-install-recommends "${desktop[@]}"
        apt_in_root clean
        in_root useradd --create-home mia
        tar --create --gzip --one-file-system --file="$kept.new" --directory="$root" .
        mv "$kept.new" "$kept"
    fi
    cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
}

# Every path that is no record of the package manager, no cache, and nobody's home.
list_files() {
    find "$1" -xdev \( -path "$1/var/lib/dpkg" -o -path "$1/var/lib/apt" -o -path "$1/var/cache" \
        -o -path "$1/var/log" -o -path "$1/tmp" -o -path "$1/home" -o -path "$1/check" \) -prune \
        -o -printf '/%P\n' | sort
}

# Everything that is started from here on ends with this process.
check() {
    local root=$1 packages=$2
    make_root
    mkdir "$root/check"
    cp "$packages"/*.deb "$(dirname "$0")"/../tests/desktop/{with_display,shots}.sh "$root/check/"
    chmod 777 "$root/check"
    apt_in_root update

    list_files "$root" >"$root.before"
    local debs=("$root"/check/tallybell_*.deb "$root"/check/ssekit_*.deb)
    apt_in_root install --no-install-recommends "${debs[@]#"$root"}"
    list_files "$root" >"$root.installed"
    echo "Installed: $(comm -13 "$root.before" "$root.installed" | wc -l) files with what they depend on"
    in_root runuser -u mia -- /check/shots.sh /usr/bin/tallybell /check/shots
    rm -rf "$packages/shots"
    cp -r "$root/check/shots" "$packages/"
    ! in_root ps -u mia -o args= || { echo 'These processes were left behind.' >&2; return 1; }

    apt_in_root purge --autoremove tallybell ssekit
    list_files "$root" >"$root.after"
    if ! diff "$root.before" "$root.after"; then
        echo 'These files were left behind.' >&2
        return 1
    fi
    echo 'Removed: no file is left'
}

if [[ $1 == --inside ]]; then
    shift
    check "$@"
    exit
fi

[[ $EUID -eq 0 ]] || { echo 'clean-root-test.sh: only root can make a root' >&2; exit 1; }
packages=$(realpath "$1")
work=$(mktemp -d /var/tmp/tallybell-root.XXXXXX)
chmod 755 "$work"
trap 'rm -rf --one-file-system "$work"' EXIT
mkdir "$work/root"
unshare --mount --pid --fork --kill-child "$0" --inside "$work/root" "$packages"
