"""所属の関門: what other parts of the platform ask before somebody gets a posting."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kokunen.common_platform.portal.models import Staff

Gate = Callable[[Staff, str, Sequence[str]], None]
"""(staff, office code, roles) → nothing, or raises NotAllowed."""

_gates: list[Gate] = []


def register_gate(gate: Gate) -> None:
    """Stand at the door: `gate` is asked before each posting."""
    if gate not in _gates:
        _gates.append(gate)


def ask_gates(staff: Staff, office_code: str, roles: Sequence[str]) -> None:
    """Raises what the first gate that refuses raises."""
    for gate in _gates:
        gate(staff, office_code, roles)
