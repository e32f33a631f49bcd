#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT
#
# make-packages.sh BUILD OUT: makes the .deb files of a release build in OUT, and inspects them.

set -euo pipefail

build=$(realpath "$1")
out=$2
rm -rf "$out"
mkdir -p "$out"
(umask 022 && cpack --config "$build/CPackConfig.cmake" -B "$out" | grep -v '^CPack: -')
rm -rf "$out/_CPack_Packages"

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
for deb in "$out"/*.deb; do
    dpkg-deb --extract "$deb" "$root"
done

icons=$root/usr/share/icons/hicolor
for size in 16 22 24 32 48 64 128 256; do
    file "$icons/${size}x$size"/apps/*.png | grep -q "PNG image data, $size x $size,"
done
ls "$icons"/scalable/apps/*.svg "$icons"/symbolic/apps/*-symbolic.svg >/dev/null

desktop-file-validate "$root"/usr/share/applications/*.desktop
appstreamcli validate --no-net "$root"/usr/share/metainfo/*.metainfo.xml
if grep -rl "$PWD" "$root"; then
    echo 'These files name the folder that they were built in.' >&2
    exit 1
fi
# What a stranger builds with what libsselib-dev holds, and nothing but that.
version=$(sed -n 's/^    VERSION \([0-9.]\+\)$/\1/p' sselib/CMakeLists.txt)
cmake -DROOT="$PWD" -DWORK="$root/work" -DWAY=packaged -DPREFIX="$root/usr" -DVERSION="$version" \
    -DCOMPILER=c++ -P tests/package/run.cmake
# Our packages are no upload to Debian, so nobody there has a bug for them to close.
lintian --allow-root --fail-on error --tag-display-limit 0 \
    --suppress-tags initial-upload-closes-no-bugs "$out"/*.deb

ls -l "$out"
