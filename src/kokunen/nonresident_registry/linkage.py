"""連携: what 住登外管理 publishes and takes.

Publishes `nonresident` (base data, one row a record), `atena_link` (名寄せ, one row a child) and `number_binding`
(which 宛名番号 holds a checked number, as a token; never the number). Takes the residents' published row, so that 宛名
follow people in and out of the register. 国民年金 takes none of it: the assessment declares no such flow.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kokunen.common_platform.integration.consuming import Consumer
from kokunen.common_platform.integration.datasets import Column, Consumption, Dataset
from kokunen.nonresident_registry.consumers import ResidentMoves
from kokunen.nonresident_registry.models import AtenaVersion, MergeLink, NumberBinding

NONRESIDENT = Dataset(
    name="nonresident",
    label_ja="住登外者宛名基本情報",
    publisher="nonresident_registry",
    columns=(
        Column("kind", "text", "宛名の種類（1個人 2法人）", nullable=False),
        Column("status", "text", "記録の状態（1現存 2死亡 3住民登録により除外 4解散 5誤登録）", nullable=False),
        Column("reason", "text", "登録の理由", nullable=False),
        Column("name", "text", "氏名・名称", nullable=False),
        Column("name_kana", "text", "フリガナ", nullable=False),
        Column("alias", "text", "通称", nullable=False),
        Column("sex", "text", "性別（0不明 1男 2女）", nullable=False),
        Column("birth_date", "date", "生年月日"),
        Column("birth_text", "text", "生年月日の不詳表記", nullable=False),
        Column("postal_code", "text", "郵便番号", nullable=False),
        Column("municipality_code", "text", "住所の市区町村コード", nullable=False),
        Column("address", "text", "住所", nullable=False),
        Column("former_resident", "boolean", "元住民", nullable=False),
        Column("no_other_work", "boolean", "他業務参照不可", nullable=False),
        Column("ended_on", "date", "死亡・解散・除外の日"),
    ),
)

ATENA_LINK = Dataset(
    name="atena_link",
    label_ja="住登外名寄情報",
    publisher="nonresident_registry",
    columns=(
        Column("parent_atena_number", "text", "名寄せ先宛名番号（解除したときは空）", nullable=False),
        Column("link_id", "bigint", "名寄せの番号", nullable=False),
        Column("is_current", "boolean", "有効", nullable=False),
    ),
)

NUMBER_BINDING = Dataset(
    name="number_binding",
    label_ja="番号紐付（符号）",
    publisher="nonresident_registry",
    key=("atena_number", "number_kind"),
    columns=(
        Column("number_kind", "text", "番号の種類（1個人番号 2法人番号）", nullable=False),
        Column("number_token", "text", "番号の代わりの符号", nullable=False),
        Column("is_current", "boolean", "確認済みで有効", nullable=False),
    ),
    indexes=("(number_token)",),
)

RESIDENT_COLUMNS = (
    "status", "resident_kind", "name", "name_kana", "former_surname", "former_surname_kana", "kanji_name", "alias",
    "alias_kana", "birth_date", "birth_text", "sex", "telephone", "removed_on", "removal_code", "postal_code",
    "town_id", "address", "building", "previous_address", "departure_code", "departure_on", "destination",
    "destination_abroad", "name_key", "kana_key",
    "kana_alt_key", "alias_name_key", "alias_kana_key", "kana_sort", "protected",
)  # fmt: skip

PUBLISHES: tuple[Dataset, ...] = (NONRESIDENT, ATENA_LINK, NUMBER_BINDING)
CONSUMES: tuple[Consumption, ...] = (Consumption("resident", RESIDENT_COLUMNS, "house.resident_to_nonresident"),)
CONSUMERS: tuple[Consumer, ...] = (ResidentMoves(),)

_COPIED = {column.name for column in NONRESIDENT.columns} - {"address"}


def record_rows(rows: Iterable[AtenaVersion]) -> list[dict[str, Any]]:
    """公開する行: the records as they now stand."""
    return [
        {"atena_number": row.atena_number, "address": row.address, **{name: getattr(row, name) for name in _COPIED}}
        for row in rows
    ]


def link_row(link: MergeLink, *, current: bool) -> dict[str, Any]:
    """公開する行: whose child somebody is, or was."""
    return {
        "atena_number": link.child,
        "parent_atena_number": link.parent if current else "",
        "link_id": link.pk,
        "is_current": current,
    }


def binding_row(binding: NumberBinding, *, current: bool) -> dict[str, Any]:
    """公開する行: a token that stands for the number."""
    return {
        "atena_number": binding.atena_number,
        "number_kind": binding.number_kind,
        "number_token": binding.number_token,
        "is_current": current,
    }
