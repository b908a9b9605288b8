"""規則の一覧 (rulesets): one module a ruleset; a module that is added is found by its file name."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module

from kokunen.law.interface.ruleset import Ruleset


class _Rulesets(Mapping[str, Ruleset]):
    """Command name (``filing-deadline``) → ruleset; a module is imported when its ruleset is asked for."""

    def __init__(self) -> None:
        self._modules = {
            module.name.replace("_", "-"): f"{__name__}.{module.name}"
            for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name)
        }

    def __getitem__(self, name: str) -> Ruleset:
        ruleset = import_module(self._modules[name]).RULESET
        if not isinstance(ruleset, Ruleset) or ruleset.name != name:
            raise TypeError(f"{self._modules[name]}.RULESET must be a Ruleset named {name}")
        return ruleset

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


RULESETS: Mapping[str, Ruleset] = _Rulesets()
"""規則: every ruleset of the package by the name the command takes."""
