#!/usr/bin/env bash
# A lock file names versions and hashes only. An address in it would tie the project to one registry and tell where it was made.
set -euo pipefail
cd "$(dirname "$0")/.."
found=$(git ls-files -co --exclude-standard |
    grep -E '(\.lock|-lock\.json|requirements.*\.txt|\.npmrc|pip\.conf|uv\.toml)$' |
    xargs -r grep -nEI '://|^ *(--)?(extra-)?(index|find-links|trusted-host)' || true)
if [ -n "$found" ]; then
    echo "an address stands in a lock or installer file:" >&2
    echo "$found" >&2
    exit 1
fi
# Every locked package carries at least one hash.
for file in requirements.lock tools/installer.lock benchmarks/rivals/*.lock; do
    awk -v file="$file" '
        /^[a-zA-Z0-9]/ { if (name != "" && !hashed) { print file ": " name " has no hash"; bad = 1 } name = $1; hashed = 0 }
        /--hash=sha256:/ { hashed = 1 }
        END { if (name != "" && !hashed) { print file ": " name " has no hash"; bad = 1 } exit bad }' "$file" >&2
done
