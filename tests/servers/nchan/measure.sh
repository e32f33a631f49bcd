#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT
#
# measure.sh SSEKIT [CLIENTS [SECONDS [MILLISECONDS]]]: one nginx with Nchan, a message each so many
# milliseconds, and `ssekit load` with so many clients. Nothing of it outlives the script.

set -euo pipefail
ssekit=$(realpath "${1:?usage: measure.sh SSEKIT [CLIENTS [SECONDS [MILLISECONDS]]]}")
clients=${2:-5000} seconds=${3:-30} pause=${4:-1000} port=18871
cd "$(dirname "${BASH_SOURCE[0]}")"
PATH=$PATH:/usr/sbin
ulimit -n "$(ulimit -Hn)"

folder=$(mktemp -d)
trap 'jobs -p | xargs -r kill 2>/dev/null; wait; rm -rf "$folder"' EXIT
sed -e "s#@FOLDER@#$folder#; s#@PORT@#$port#; s#@NCHAN_MODULE@#/usr/lib/nginx/modules/ngx_nchan_module.so#" \
    single.conf.in >"$folder/nginx.conf"
nginx -p "$folder" -c "$folder/nginx.conf" -e "$folder/error.log" &
nginx=$!
until curl -s -o "$folder/answer" "http://127.0.0.1:$port/"; do
    kill -0 "$nginx" # or it has ended, and said why
    sleep 0.1
done

resident() { awk '/^VmRSS/ { print $2 }' "/proc/$1/status"; }
worker=$(pgrep -P "$nginx" | head -n 1)
before=$(resident "$worker")

"$ssekit" load "http://127.0.0.1:$port/stream/news" --clients "$clients" --seconds "$seconds" \
    --svg "${PLOT:-$folder/plot.svg}" >"$folder/report" &
load=$!
while kill -0 "$load" 2>/dev/null; do
    curl -s -o "$folder/answer" -d "$(date +%s%3N)" "http://127.0.0.1:$port/publish/news" || true
    after=$(resident "$worker" || echo "$before")
    sleep "$(awk "BEGIN { print $pause / 1000 }")"
done
wait "$load" || status=$?
cat "$folder/report"
printf 'nginx         %s KiB before, %s KiB with %s streams; %s s of a processor\n' "$before" "$after" \
    "$clients" "$(awk '{ print ($14 + $15) / 100 }' "/proc/$worker/stat")"
exit "${status:-0}"
