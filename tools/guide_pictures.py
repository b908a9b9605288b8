"""手引の画面: the pictures of docs/guide/national-pension, taken from the visitors' browser tests.

    python tools/guide_pictures.py            (takes them and puts them in place)
    python tools/guide_pictures.py FOLDER     (uses the pictures that a run left in FOLDER)

A picture that no test takes any more is an error, so the guide stays true to the screens.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "guide" / "national-pension" / "pictures"
WIDTH, COLOURS = 820, 48

PICTURES = {
    "search": "v01-search",
    "person": "v06-person",
    "notice": "v01-wrong-day",
    "receipt": "v01-notice",
    "voluntary": "v05-voluntary",
    "correction": "v08-approval",
    "additional": "v04-refused",
    "number-notice": "v08-correction",
    "exemption": "v03-undeclared",
    "student": "v02-judged",
    "maternity": "v06-due-date",
    "statutory": "v07-begin",
    "old-age": "v09-old-age",
    "months": "v11-months",
    "supplement": "v09-supplement",
    "returned": "v02-returned",
}


def take(folder: Path) -> None:
    """Run the stories, which take a picture of each screen."""
    command = [sys.executable, "-m", "pytest", "-q", "tests/browser/national_pension/visitors"]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "KOKUNEN_PICTURES": str(folder)})


def place(folder: Path) -> int:
    """Shrink and store each picture; the number of bytes of all."""
    TARGET.mkdir(parents=True, exist_ok=True)
    total = 0
    for name, taken in PICTURES.items():
        path = TARGET / f"{name}.png"
        with Image.open(folder / f"{taken}.png") as image:
            height = round(image.height * WIDTH / image.width)
            small = image.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
            small.quantize(COLOURS).save(path, optimize=True)
        total += path.stat().st_size
    return total


def main() -> int:
    """Take the pictures (or use those of a folder) and put them in place."""
    if len(sys.argv) > 1:
        total = place(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            take(Path(folder))
            total = place(Path(folder))
    print(f"{len(PICTURES)} pictures, {total // 1024} KiB", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
