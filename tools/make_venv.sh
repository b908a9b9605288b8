#!/usr/bin/env bash
# Create the virtual environment PATH with PYTHON, or say what this machine lacks.   make_venv.sh PYTHON PATH
set -euo pipefail
python=${1:-}
venv=$2

[ -x "$venv/bin/python" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1 && exit 0

if [ -z "$python" ]; then
    echo "Python 3.11 is missing. On Debian 12: apt-get install python3 python3-venv" >&2
    exit 2
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; then
    echo "Python 3.11 is needed, $python is $("$python" -V 2>&1). Name another one: make setup PYTHON=/path/to/python3.11" >&2
    exit 2
fi
# Debian keeps the part of the standard library that puts pip into an environment in a package of its own.
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "installing python3-venv" >&2
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends python3-venv; } >&2
    else
        echo "The module ensurepip is missing. On Debian: sudo apt-get install python3-venv" >&2
        exit 2
    fi
fi
"$python" -m venv --clear "$venv"
