"""権限: what may be done, each declared once by the subsystem that guards something with it.

A subsystem's `perms.py` says::

    NOTICE_REGISTER = declare("national_pension.notice.register", "届出を登録する", roles=[Role.PENSION_OFFICER])

and its views name the constant in `page(permission=NOTICE_REGISTER, ...)`. The portal gathers all `perms.py` at start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kokunen.common_platform.portal.choices import Role


@dataclass(frozen=True, slots=True)
class Permission:
    """権限: `code` begins with the subsystem's schema name; `label_ja` is read by an administrator."""

    code: str
    label_ja: str
    roles: frozenset[Role]


class PermissionRegistry:
    """権限一覧: can be made afresh, so that a test brings its own."""

    def __init__(self) -> None:
        self._permissions: dict[str, Permission] = {}

    def declare(self, code: str, label_ja: str, *, roles: Iterable[Role]) -> str:
        """Declare a permission and give its code back; the same code twice with another meaning is an error."""
        permission = Permission(code, label_ja, frozenset(Role(role) for role in roles))
        if not permission.roles:
            raise ValueError(f"permission {code} is given to no role")
        if self._permissions.setdefault(code, permission) != permission:
            raise ValueError(f"permission {code} is declared twice, differently")
        return code

    def all(self) -> Mapping[str, Permission]:
        """Every permission by code."""
        return dict(self._permissions)

    def of_roles(self, roles: Iterable[str]) -> frozenset[str]:
        """Codes that these roles hold together."""
        held = {Role(role) for role in roles}
        return frozenset(code for code, permission in self._permissions.items() if permission.roles & held)


REGISTRY = PermissionRegistry()
declare = REGISTRY.declare
permissions_of_roles = REGISTRY.of_roles
all_permissions = REGISTRY.all
