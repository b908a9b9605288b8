"""個人設定: of one officer, for the screens only."""

from __future__ import annotations

from collections.abc import Sequence

from kokunen.common_platform.portal.models import Staff, StaffSetting
from kokunen.kernel.errors import InputError

SIZES = {"normal": "標準", "large": "大きい", "largest": "最大"}


def settings_of(staff: Staff) -> StaffSetting:
    """今の個人設定: those of a new officer when nothing was chosen."""
    return StaffSetting.objects.filter(staff=staff).first() or StaffSetting(staff=staff)


def settings_save(staff: Staff, *, text_size: str, hidden_cards: Sequence[str]) -> StaffSetting:
    """個人設定を登録する"""
    if text_size not in SIZES:
        raise InputError("文字の大きさを選んでください", "text_size", hint="標準、大きい、最大のどれかです。")
    setting, _ = StaffSetting.objects.update_or_create(
        staff=staff, defaults={"text_size": text_size, "hidden_cards": list(hidden_cards)}
    )
    return setting
