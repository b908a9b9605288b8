"""デモの市の職員: what a demo city needs before its doors open; run by ``kokunen up`` at each start.

    python -m kokunen.commands.prepare_demo FILE

Makes the demo staff that are missing, publishes the assessment's next version in the demo city, and writes
the list of their sign-ins to FILE, readable by its owner only.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from .console import set_up_django


def main(target: Path) -> None:
    """Make the accounts, then write their list as a whole."""
    set_up_django()
    from kokunen.common_platform.assessment_desk.demo import publish_next_version
    from kokunen.common_platform.portal import demo

    demo.create_accounts()
    publish_next_version()
    draft = target.with_name(f".{target.name}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        json.dump(demo.list_accounts(), file, ensure_ascii=False)
    draft.rename(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
