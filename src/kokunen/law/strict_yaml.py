"""厳格なYAML (strict YAML): parameter and case files without YAML's guesses.

Dates stay text until a reader asks for a date, ``yes`` and ``012`` are text and not ``True`` and ten, and a key that
stands twice in one mapping is an error instead of a silently lost value.
"""

from __future__ import annotations

import re
from typing import Any

import yaml


class StrictYamlError(ValueError):
    """YAMLの誤り: the file is not what it must be; the Japanese message says where and what is expected."""


class _Loader(yaml.SafeLoader):
    """SafeLoader with the implicit types of YAML 1.2 and no duplicate keys."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("int", r"[-+]?(?:0|[1-9][0-9_]*)", "-+0123456789"),
    ("float", r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?", "-+0123456789"),
    ("null", r"~|null|", "~n\0"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), list(_first))
_Loader.yaml_implicit_resolvers[""] = [("tag:yaml.org,2002:null", re.compile("^$"))]


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str):
            key = key_node.value
        if key in pairs:
            line = key_node.start_mark.line + 1
            raise StrictYamlError(f"{line}行目: 「{key}」が同じ場所に2回あります。1つにしてください")
        pairs[key] = loader.construct_object(value_node, deep=True)
    return pairs


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def load(text: str, origin: str = "") -> Any:
    """厳格に読む: mappings have text keys; ``StrictYamlError`` names ``origin`` and the line."""
    try:
        return yaml.load(text, Loader=_Loader)
    except StrictYamlError as error:
        raise StrictYamlError(f"{origin} {error}".strip()) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{mark.line + 1}行目: " if mark is not None else ""
        raise StrictYamlError(f"{origin} {where}YAMLとして読めません".strip()) from error
