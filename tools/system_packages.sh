#!/usr/bin/env bash
# Fonts for the printed forms and the browser for the tests: installed where missing and where this account may.
# Exit 0 when all of them are there, 1 when something is missing; setup goes on in either case and says what to do.
set -euo pipefail

missing=()
needs_font() { # PACKAGE FILE-NAME
    find /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts" -name "$2" -print -quit 2>/dev/null |
        grep -q . || missing+=("$1")
}
needs_font fonts-ipaexfont 'ipaexm.ttf'
needs_font fonts-ipamj-mincho 'ipamjm.ttf'
needs_font fonts-noto-cjk 'NotoSansCJK-Regular.*'
command -v chromium >/dev/null || missing+=(chromium)
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root=(sudo -n)
    else
        echo "Missing: ${missing[*]}. Install them with: sudo apt-get install ${missing[*]}" >&2
        exit 1
    fi
fi
if ! command -v apt-get >/dev/null; then
    echo "Missing: ${missing[*]} (names of the Debian packages). Install them with this system's own means." >&2
    exit 1
fi
echo "installing ${missing[*]}" >&2
if ! { "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}"; } >&2; then
    echo "Could not install: ${missing[*]}. Printed forms need the fonts, the browser tests need chromium." >&2
    exit 1
fi
