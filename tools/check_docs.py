"""Does every link between the documents lead somewhere? Exit 1 and the list of dead ones when not.

    python tools/check_docs.py

Only links inside the repository are looked at; nothing is asked of the network.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(#[^)\s]*)?\)")


def documents() -> list[Path]:
    """Markdown files of the repository: at the root, in docs and beside the code."""
    found = [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("src/**/*.md"),
        *ROOT.glob("benchmarks/**/*.md"),
    ]
    return sorted(found)


def dead_links(document: Path) -> list[str]:
    """Targets of ``document`` that are no file or folder of the repository."""
    dead = []
    for target, _ in _LINK.findall(document.read_text(encoding="utf-8")):
        if "://" in target or target.startswith("mailto:"):
            continue
        if not (document.parent / target).exists():
            dead.append(target)
    return dead


def main() -> int:
    """Print the dead links and how many documents were read."""
    read = documents()
    dead = [f"{document.relative_to(ROOT)}: {target}" for document in read for target in dead_links(document)]
    for line in dead:
        print(line, file=sys.stderr)
    print(f"{len(read)} documents, {len(dead)} dead links", file=sys.stderr)
    return 1 if dead else 0


if __name__ == "__main__":
    sys.exit(main())
