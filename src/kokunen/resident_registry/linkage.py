"""連携: what 既存住民基本台帳 publishes and takes.

Publishes `resident`: one row a person who is or was a resident (除票 included), with the items that 国民年金 may have
by <基本情報> of 別添1 and the keys without which a person cannot be found or linked. Every service publishes the row
as it now stands and one change: kind (register 記載, remove 消除, update 修正, cancel 取消), 異動事由 and 異動日. A
planned moving out is an `update` with 異動事由 201/202/203 and a future day; the removal itself follows as `remove`.
Members whose 続柄 or head changed because of someone else carry 314.

Takes `pension_qualification` (flow.out2, 住基法7条11号): 基礎年金番号, 種別, 取得日, 喪失日 for the 行政欄, and
nothing else of the pension section.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kokunen.common_platform.integration.consuming import Change, Consumer
from kokunen.common_platform.integration.datasets import Column, Consumption, Dataset
from kokunen.common_platform.records.search import ANY_KANJI
from kokunen.kernel.names import kana_sort_key
from kokunen.resident_registry.choices import DestinationKind
from kokunen.resident_registry.models import ResidentVersion, SupportMeasure

RESIDENT = Dataset(
    name="resident",
    label_ja="住民",
    publisher="resident_registry",
    columns=(
        Column("status", "text", "住民状態（1住民 2転出 3死亡 4職権消除）", "住民状態", nullable=False),
        Column("resident_kind", "text", "住民種別（1日本人 2外国人）", "国籍区分", nullable=False),
        Column("name", "text", "氏名", "R1/氏名情報", nullable=False),
        Column("name_kana", "text", "氏名の振り仮名", "R1/氏名情報", nullable=False),
        Column("former_surname", "text", "旧氏", "R1/氏名情報", nullable=False),
        Column("former_surname_kana", "text", "旧氏の振り仮名", "R1/氏名情報", nullable=False),
        Column("kanji_name", "text", "漢字氏名", "R1/氏名情報", nullable=False),
        Column("alias", "text", "通称", "R1/通称", nullable=False),
        Column("alias_kana", "text", "通称の振り仮名", "R1/通称", nullable=False),
        Column(
            "birth_date", "date", "生年月日（並べ替え用。不詳のときは表示に使わない）", "R1/生年月日", nullable=False
        ),
        Column("birth_text", "text", "生年月日の表示（不詳の場合だけ）", "R1/生年月日", nullable=False),
        Column("sex", "text", "性別（1男 2女 0空欄）", "R1/性別", nullable=False),
        Column("relationship", "text", "続柄", "R1/続柄", nullable=False),
        Column("relationship_codes", "text", "続柄コード（世帯主側から、コンマ区切り）", "R1/続柄", nullable=False),
        Column("household_number", "text", "世帯番号", "世帯番号", nullable=False),
        Column("head_atena_number", "text", "世帯主の宛名番号（空は世帯主未設定）", "世帯主の宛名番号", nullable=False),
        Column("head_name", "text", "世帯主の氏名", "R1/世帯主情報", nullable=False),
        Column("telephone", "text", "電話番号", "R1/電話番号", nullable=False),
        Column("resident_since", "date", "住民となった日（外国人住民となった日）", "R1/住民となった日", nullable=False),
        Column(
            "resident_since_text", "text", "住民となった日の表示（不詳の場合だけ）", "R1/住民となった日", nullable=False
        ),
        Column("removed_on", "date", "住民でなくなった日", "R1/住民でなくなった日"),
        Column(
            "removed_text",
            "text",
            "住民でなくなった日の表示（不詳の場合だけ）",
            "R1/住民でなくなった日",
            nullable=False,
        ),
        Column("removal_code", "text", "消除の異動事由", "異動事由", nullable=False),
        Column("postal_code", "text", "郵便番号", "R1/現住所情報", nullable=False),
        Column("town_id", "text", "町字ID", "R1/現住所情報", nullable=False),
        Column("address", "text", "現住所（町字・番地）", "R1/現住所情報", nullable=False),
        Column("building", "text", "現住所（方書）", "R1/現住所情報", nullable=False),
        Column("address_since", "date", "住所を定めた日", "R1/現住所情報", nullable=False),
        Column("previous_address", "text", "従前の住所", "従前の住所"),
        Column("departure_code", "text", "転出の異動事由（予定を含む）", "異動事由", nullable=False),
        Column("departure_on", "date", "転出月日（確定日、なければ予定日）", "R1/転出月日"),
        Column("destination", "text", "転出先住所（確定、なければ予定）", "R1/転出先住所情報", nullable=False),
        Column("destination_abroad", "boolean", "転出先が国外", "R1/転出先住所情報", nullable=False),
        Column("name_key", "text", "漢字検索キー（異体字を同じ字にしたもの）", "検索キー", nullable=False),
        Column("kana_key", "text", "カナ検索キー", "検索キー", nullable=False),
        Column("kana_alt_key", "text", "カナ第2検索キー（長音を母音にしたもの。同じなら空）", "検索キー"),
        Column("alias_name_key", "text", "通称の漢字検索キー（なければ空）", "検索キー"),
        Column("alias_kana_key", "text", "通称のカナ検索キー（なければ空）", "検索キー"),
        Column("kana_sort", "text", "五十音順キー", "並び順キー", nullable=False),
        Column("protected", "boolean", "支援措置の対象", "支援措置", nullable=False),
    ),
    indexes=(
        "(kana_key, atena_number)",
        "(name_key, atena_number)",
        "(kana_alt_key, atena_number) where kana_alt_key is not null",
        "(alias_kana_key, atena_number) where alias_kana_key is not null",
        "(alias_name_key, atena_number) where alias_name_key is not null",
        "(birth_date, kana_key, atena_number)",
        "(household_number)",
        "using gin (public.unibi(kana_key))",
        "using gin (public.unibi(name_key))",
        f"(name_key, atena_number) where name_key < '\u3400' and name_key ~ '{ANY_KANJI}'",
    ),
)

PUBLISHES: tuple[Dataset, ...] = (RESIDENT,)
CONSUMES: tuple[Consumption, ...] = (
    Consumption(
        "pension_qualification",
        ("basic_pension_number", "insured_type", "acquired_on", "lost_on"),
        "flow.out2",
    ),
)


class PensionEntries:
    """資格情報の受け取り (flow.out2): what the pension section hands over each day, kept for the 行政欄."""

    name = "resident_registry.pension_entries"
    subsystem = "resident_registry"
    datasets: tuple[str, ...] = ("pension_qualification",)

    def apply(self, using: str, changes: Sequence[Change]) -> None:
        """Take the rows in feed order."""
        # here, not above: linkage declarations are read before the app registry is ready
        from kokunen.resident_registry.services.pension_entries import take

        take(changes)


CONSUMERS: tuple[Consumer, ...] = (PensionEntries(),)


def resident_rows(rows: Iterable[ResidentVersion]) -> list[dict[str, Any]]:
    """公開する行: current rows of the register as rows of `resident`, with today's support mark."""
    people = list(rows)
    protected = protected_among([row.atena_number for row in people])
    return [resident_row(row, protected=row.atena_number in protected) for row in people]


def protected_among(atena_numbers: Iterable[str]) -> set[str]:
    """支援措置の対象者: who of these people is under a measure that has not been released."""
    return set(
        SupportMeasure.objects.current()
        .filter(atena_number__in=list(atena_numbers), valid_period__endswith__isnull=True)
        .values_list("atena_number", flat=True)
    )


def resident_row(row: ResidentVersion, *, protected: bool) -> dict[str, Any]:
    """公開する行: one person (every column of RESIDENT and atena_number)."""
    from kokunen.resident_registry.services.search_names import keys_of

    keys = keys_of(row.name, row.name_kana)
    alias = keys_of(row.alias, row.alias_kana) if row.alias else None
    copied = {column.name: getattr(row, column.name) for column in RESIDENT.columns if column.name in _COPIED}
    return {
        "atena_number": row.atena_number,
        **copied,
        "address": f"{row.town}{row.lot}",
        "departure_on": row.departure_on,
        "destination": row.destination,
        "destination_abroad": row.destination_kind == DestinationKind.ABROAD,
        "name_key": keys.name_key,
        "kana_key": keys.kana_key,
        "kana_alt_key": keys.kana_alt_key,
        "alias_name_key": alias.name_key if alias else None,
        "alias_kana_key": alias.kana_key if alias else None,
        "kana_sort": kana_sort_key(row.name_kana or row.alias_kana),
        "protected": protected,
    }


_COPIED = {column.name for column in RESIDENT.columns} & {field.name for field in ResidentVersion._meta.concrete_fields}
