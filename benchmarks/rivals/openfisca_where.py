"""事例の場所: where the package has its published test cases."""

import json
from pathlib import Path

import openfisca_japan

print(json.dumps(str(Path(openfisca_japan.__file__).parent / "tests")))
