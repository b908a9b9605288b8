"""権限の一覧の試験"""

from __future__ import annotations

import pytest

from kokunen.common_platform.portal.choices import ROLES, Role, purposes_of
from kokunen.common_platform.portal.permissions import PermissionRegistry, all_permissions
from kokunen.ledger.purposes import PURPOSES

pytestmark = pytest.mark.function("S3-4")


def test_役割は宣言された権限だけを持つ() -> None:
    registry = PermissionRegistry()
    code = registry.declare("a.view", "見る", roles=[Role.AUDITOR])
    registry.declare("a.edit", "直す", roles=[Role.ADMINISTRATOR])
    assert code == "a.view"
    assert registry.of_roles(["auditor"]) == {"a.view"}
    assert registry.of_roles(["auditor", "administrator"]) == {"a.view", "a.edit"}
    assert registry.of_roles([]) == frozenset()


def test_二通りの宣言や役割のない宣言は誤り() -> None:
    registry = PermissionRegistry()
    registry.declare("a.view", "見る", roles=[Role.AUDITOR])
    registry.declare("a.view", "見る", roles=[Role.AUDITOR])
    with pytest.raises(ValueError, match="twice"):
        registry.declare("a.view", "見る", roles=[Role.ADMINISTRATOR])
    with pytest.raises(ValueError, match="no role"):
        registry.declare("b.view", "見る", roles=[])


@pytest.mark.control("CTL-030")
def test_役割の目的は定められた目的である() -> None:
    for role in Role:
        assert set(ROLES[role].purposes) <= set(PURPOSES), role
        assert ROLES[role].purposes, role
    assert purposes_of(["pension_officer", "pension_chief"])[:4] == (
        "pension_qualification",
        "pension_exemption",
        "pension_benefit",
        "pension_inquiry",
    )


def test_システム管理者は個人情報の目的を持たない() -> None:
    assert ROLES[Role.ADMINISTRATOR].purposes == ROLES[Role.OPERATOR].purposes == ("administration",)


def test_権限には日本語の説明がある() -> None:
    for permission in all_permissions().values():
        assert any("\u3040" <= c <= "\u9fff" for c in permission.label_ja), permission.code
