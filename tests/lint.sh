#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tallybell authors
# SPDX-License-Identifier: MIT
#
# The quick part of `./dev lint`: format, shell scripts, licence headers.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

git ls-files -z '*.cpp' '*.h' | xargs -0 clang-format --dry-run -Werror

# Scripts have no ending of their own, so their first line tells.
mapfile -t scripts < <(git grep -lE '^#!(/usr/bin/env bash|/bin/sh)$' -- ':!*.md')
shellcheck -x -S warning "${scripts[@]}"

mapfile -t bare < <(git ls-files '*.cpp' '*.h' '*.cmake' '*CMakeLists.txt' '*.sh' '*.py' '*.xml*' \
    '*.desktop*' dev .ci/run .clang-format .clang-tidy \
    | xargs grep -L 'SPDX-License-Identifier: ')
if [[ ${#bare[@]} -gt 0 ]]; then
    printf '%s: no SPDX-License-Identifier\n' "${bare[@]}" >&2
    exit 1
fi
