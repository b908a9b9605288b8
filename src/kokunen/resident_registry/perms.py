"""権限 (住民記録): who may look at and change the register, and who sees people under a 支援措置."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from kokunen.common_platform.portal.choices import Role
from kokunen.common_platform.portal.permissions import declare

RESIDENT_VIEW = declare(
    "resident_registry.resident.view", "住民記録を検索し、照会する", roles=[Role.RESIDENT_OFFICER, Role.RESIDENT_CHIEF]
)
NOTICE_REGISTER = declare(
    "resident_registry.notice.register", "住民異動の届出を登録する", roles=[Role.RESIDENT_OFFICER, Role.RESIDENT_CHIEF]
)
EX_OFFICIO_REGISTER = declare(
    "resident_registry.ex_officio.register",
    "職権による記載・修正・消除と異動の取消しを登録する",
    roles=[Role.RESIDENT_CHIEF],
)
CERTIFICATE_ISSUE = declare(
    "resident_registry.certificate.issue",
    "住民票の写し等を交付し、再交付し、廃棄する",
    roles=[Role.RESIDENT_OFFICER, Role.RESIDENT_CHIEF],
)
SUPPORT_MANAGE = declare(
    "resident_registry.support.manage", "支援措置を登録・延長・解除する", roles=[Role.RESIDENT_CHIEF]
)
PROTECTED_VIEW = declare(
    "resident_registry.protected.view",
    "支援措置の対象者の住所・世帯・連絡先を見て、届出を扱う",
    roles=[Role.RESIDENT_CHIEF],
)


@dataclass(frozen=True, slots=True)
class Sight:
    """見える範囲: whether the officer sees address, contact and household of protected people."""

    protected: bool = False


def sight_of(permissions: Collection[str]) -> Sight:
    """見える範囲を決める.

    A supervisor of the register sees everything; everybody else sees name and a neutral mark 要確認 of a person under
    a 支援措置, since the address must not reach an abuser through a counter (事務処理要領 第5-10).
    """
    return Sight(protected=PROTECTED_VIEW in permissions)


def may_handle_protected(permissions: Collection[str]) -> bool:
    """支援措置の対象者の届出を扱えるか: a supervisor only, after reviewing who stands at the counter."""
    return PROTECTED_VIEW in permissions


LINES_VIEW = declare(
    "resident_registry.lines.view",
    "住基ネット・法務省・戸籍附票との電文の状況を見る",
    roles=[Role.RESIDENT_OFFICER, Role.RESIDENT_CHIEF],
)
LINES_MANAGE = declare(
    "resident_registry.lines.manage",
    "拒否された電文を処理し、届いた通知を反映する",
    roles=[Role.RESIDENT_CHIEF],
)
STATISTICS_VIEW = declare(
    "resident_registry.statistics.view",
    "人口と異動の統計を作る",
    roles=[Role.RESIDENT_OFFICER, Role.RESIDENT_CHIEF],
)
