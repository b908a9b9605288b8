"""Load what the processes of a city load, so that the compiled modules stand before the first of them starts.

Run by `make setup`. Compiling every module of every dependency would take longer than the whole first start.
"""

from __future__ import annotations

import importlib
import os
import tempfile

MODULES = (
    "kokunen.cli",
    "kokunen.config.urls",
    "kokunen.common_platform.operations.supervisor",
    "kokunen.counterparts.framework.process",
    "granian.server",
)


def main() -> None:
    """Load Django with the house's models, then the modules that only some processes need."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "kokunen.config.settings"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KOKUNEN_DATA"] = folder
        import django

        django.setup()
        for name in MODULES:
            importlib.import_module(name)


if __name__ == "__main__":
    main()
