"""電文の項目の言葉: how the items of a message are shown to an officer, who reads words and not codes of a line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kokunen.kernel.wareki import format_wareki
from kokunen.resident_registry.choices import EventCode, ResidenceClass, Sex
from kokunen.resident_registry.models import ResidentVersion

#: 画面での項目名 (those of the record are the record's own).
ITEM_LABELS = {
    **{field.name: str(field.verbose_name) for field in ResidentVersion._meta.concrete_fields},
    "sequence": "本人ごとの番号",
    "update": "更新の別",
    "reason_code": "異動事由",
    "event_on": "異動年月日",
    "processed_on": "処理年月日",
    "address": "住所",
    "birth_date": "生年月日",
    "resend": "再送",
    "destination": "転出先",
    "planned_on": "転出予定年月日",
    "arrived_on": "転入年月日",
    "from_city": "前住所地",
    "stop": "抑止",
    "amount": "件数",
    "matter": "事項",
    "domicile_office": "本籍地",
    "new_name": "変更後の氏名",
    "new_name_kana": "変更後の振り仮名",
    "new_domicile": "変更後の本籍",
    "new_domicile_head": "変更後の筆頭者",
    "file_name": "ファイル名",
    "created_on": "作成年月日",
    "check": "整合性確認の番号",
    "part": "何通目",
    "parts": "全部の通数",
    "held": "住基ネットの住民の数",
    "differing": "違いの数",
}
_WORDS: dict[str, Mapping[str, str]] = {
    "sex": {str(code): str(label) for code, label in Sex.choices},
    "reason_code": {str(code): str(label) for code, label in EventCode.choices},
    "residence_class": {str(code): str(label) for code, label in ResidenceClass.choices},
    "update": {"1": "記載", "2": "消除", "3": "修正"},
    "stop": {"1": "開始", "2": "解除"},
    "matter": {"1": "出生", "2": "死亡", "3": "氏名", "4": "戸籍の表示", "5": "振り仮名"},
}


def shown_items(items: Mapping[str, Any]) -> list[tuple[str, str]]:
    """項目と値 as a person reads them, in the order of the message; empty items and lists are left out."""
    return [
        (ITEM_LABELS.get(name, name), shown_value(name, value))
        for name, value in items.items()
        if value not in ("", None) and not isinstance(value, list)
    ]


def shown_value(name: str, value: Any) -> str:
    """値の言葉: the label of a code, はい or いいえ, a date in the Japanese calendar; what is unknown as it came."""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, date):
        return format_wareki(value)
    words = str(value)
    if name in _WORDS:
        return _WORDS[name].get(words, words)
    if name.endswith(("_on", "_date", "_since")):
        try:
            return format_wareki(date.fromisoformat(words))
        except ValueError:
            return words
    return words
