"""住民票: the record of a person as a series of full rows (住基法7条, 30条の45; SPEC 1.2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from kokunen.common_platform.records.models import BitemporalModel, bitemporal_constraint
from kokunen.resident_registry.choices import (
    DestinationKind,
    EventCode,
    FilingKind,
    KanaStatus,
    ResidenceClass,
    ResidentKind,
    ResidentStatus,
    Sex,
)
from kokunen.resident_registry.models.event import ResidentEvent

if TYPE_CHECKING:
    from datetime import date

#: 現在の行: what the office knows now about today. Partial indexes and constraints hold on these rows.
CURRENT = Q(recorded_period__endswith__isnull=True, valid_period__endswith__isnull=True)
LIVING = CURRENT & Q(status=ResidentStatus.LIVING)


class ResidentVersion(BitemporalModel):
    """住民票の履歴: one row repeats every item, also those of the whole household.

    Key (宛名番号, 履歴番号 = 1, 2, 3 …). When a later event ends the period of a row, that row's record is closed and
    a row with the same 履歴番号 and the shorter 有効期間 is added; so among the rows recorded now the key is unique
    and the current state is the row whose 有効期間 is open. Dates that may be unknown in part have three columns: a
    day to sort by (never printed), the text as written on the record, and a flag (SPEC 1.1.8).
    """

    atena_number = models.CharField("宛名番号", max_length=15)
    version_number = models.PositiveIntegerField("履歴番号")
    event = models.ForeignKey(ResidentEvent, on_delete=models.PROTECT, related_name="+", verbose_name="異動")
    status = models.CharField("住民状態", max_length=1, choices=ResidentStatus.choices)
    resident_kind = models.CharField("住民種別", max_length=1, choices=ResidentKind.choices)

    # 氏名 (法7条1号, 1号の2, 14号; 法30条の45)
    name = models.CharField("氏名", max_length=200, blank=True, default="")
    name_kana = models.CharField("氏名の振り仮名", max_length=200, blank=True, default="")
    kana_status = models.CharField(
        "振り仮名の公証", max_length=1, choices=KanaStatus.choices, default=KanaStatus.NEITHER
    )
    kana_confirmed = models.BooleanField("フリガナ確認", default=False)
    kanji_name = models.CharField("漢字氏名（外国人）", max_length=200, blank=True, default="")
    alias = models.CharField("通称", max_length=200, blank=True, default="")
    alias_kana = models.CharField("通称の振り仮名", max_length=200, blank=True, default="")
    former_surname = models.CharField("旧氏", max_length=100, blank=True, default="")
    former_surname_kana = models.CharField("旧氏の振り仮名", max_length=100, blank=True, default="")

    # 出生の年月日・男女の別 (2号, 3号)
    birth_date = models.DateField("生年月日（並べ替え用）")
    birth_text = models.CharField("生年月日の表示（不詳の場合）", max_length=40, blank=True, default="")
    birth_imprecise = models.BooleanField("生年月日不詳", default=False)
    sex = models.CharField("性別", max_length=1, choices=Sex.choices, default=Sex.UNKNOWN)

    # 世帯 (4号)
    household_number = models.CharField("世帯番号", max_length=15)
    household_order = models.PositiveSmallIntegerField("世帯内の順序", default=1)
    relationship = models.CharField("続柄", max_length=60, blank=True, default="")
    relationship_codes = models.CharField("続柄コード", max_length=11, blank=True, default="")
    head_atena_number = models.CharField("世帯主の宛名番号", max_length=15, blank=True, default="")
    head_name = models.CharField("世帯主の氏名", max_length=200, blank=True, default="")

    # 戸籍の表示 (5号; なし・不明 are values)
    registered_domicile = models.CharField("本籍", max_length=200, blank=True, default="")
    registered_domicile_head = models.CharField("筆頭者", max_length=200, blank=True, default="")

    # 住所と日付 (6号, 7号, 8号; 30条の45 外国人住民となった年月日)
    resident_since = models.DateField("住民となった日（外国人住民となった日）")
    resident_since_text = models.CharField("住民となった日の表示（不詳の場合）", max_length=40, blank=True, default="")
    resident_since_imprecise = models.BooleanField("住民となった日不詳", default=False)
    address_since = models.DateField("住所を定めた日")
    address_since_text = models.CharField("住所を定めた日の表示（不詳の場合）", max_length=40, blank=True, default="")
    address_since_imprecise = models.BooleanField("住所を定めた日不詳", default=False)
    postal_code = models.CharField("郵便番号", max_length=7, blank=True, default="")
    town_id = models.CharField("町字ID", max_length=7, blank=True, default="")
    town = models.CharField("町字", max_length=100)
    lot = models.CharField("番地", max_length=100, blank=True, default="")
    building = models.CharField("方書", max_length=100, blank=True, default="")
    previous_address = models.CharField("従前の住所", max_length=300, blank=True, default="")
    last_registered_address = models.CharField("最終登録住所地", max_length=300, blank=True, default="")
    notified_on = models.DateField("届出の年月日")
    filing_kind = models.CharField("届出・通知の別", max_length=1, choices=FilingKind.choices)

    # 番号と連絡先 (13号). 個人番号 (8号の2) stands in the number vault only.
    resident_code = models.CharField("住民票コード", max_length=11, blank=True, default="")
    telephone = models.CharField("電話番号", max_length=20, blank=True, default="")

    # 外国人住民 (法30条の45)
    nationality_code = models.CharField("国籍・地域コード", max_length=3, blank=True, default="")
    nationality = models.CharField("国籍・地域", max_length=60, blank=True, default="")
    residence_class = models.CharField(
        "30条の45の区分", max_length=1, choices=ResidenceClass.choices, blank=True, default=""
    )
    residence_status = models.CharField("在留資格", max_length=60, blank=True, default="")
    residence_period = models.CharField("在留期間", max_length=30, blank=True, default="")
    residence_expires_on = models.DateField("在留期間の満了の日", null=True, blank=True)
    residence_card_number = models.CharField("在留カード等の番号", max_length=12, blank=True, default="")

    # 転出と消除 (planned and confirmed values are both kept, SPEC 4.1.3.1.1)
    departure_code = models.CharField("転出の異動事由", max_length=3, blank=True, default="")
    planned_departure_on = models.DateField("転出予定年月日", null=True, blank=True)
    planned_destination = models.CharField("転出先（予定）", max_length=300, blank=True, default="")
    destination_kind = models.CharField(
        "転出先の別", max_length=1, choices=DestinationKind.choices, blank=True, default=""
    )
    confirmed_departure_on = models.DateField("転出年月日（確定）", null=True, blank=True)
    confirmed_destination = models.CharField("転出先（確定）", max_length=300, blank=True, default="")
    arrival_notified_on = models.DateField("転入通知年月日", null=True, blank=True)
    removal_code = models.CharField("消除事由", max_length=3, choices=EventCode.choices, blank=True, default="")
    removed_on = models.DateField("住民でなくなった日", null=True, blank=True)
    removed_text = models.CharField("住民でなくなった日の表示（不詳の場合）", max_length=40, blank=True, default="")
    removed_imprecise = models.BooleanField("住民でなくなった日不詳", default=False)
    remarks = models.CharField("備考", max_length=500, blank=True, default="")

    class Meta:
        db_table = "resident_version"
        verbose_name = "住民票"
        verbose_name_plural = "住民票"
        constraints = [
            bitemporal_constraint("resident_no_overlap", "atena_number", numbers=["atena_number"]),
            models.UniqueConstraint(
                fields=["atena_number", "version_number"],
                condition=Q(recorded_period__endswith__isnull=True),
                name="resident_version_once",
            ),
            models.UniqueConstraint(
                fields=["household_number"],
                condition=LIVING & Q(relationship_codes="02"),
                name="resident_one_head_a_household",
            ),
            models.UniqueConstraint(
                fields=["resident_code"], condition=CURRENT & ~Q(resident_code=""), name="resident_code_of_one_person"
            ),
            models.CheckConstraint(
                condition=(Q(status=ResidentStatus.LIVING) & Q(removed_on__isnull=True) & Q(removal_code=""))
                | (~Q(status=ResidentStatus.LIVING) & Q(removed_on__isnull=False) & ~Q(removal_code="")),
                name="resident_removed_iff_removal_date",
            ),
            models.CheckConstraint(
                condition=Q(birth_imprecise=False, birth_text="") | (Q(birth_imprecise=True) & ~Q(birth_text="")),
                name="resident_birth_text_iff_imprecise",
            ),
            models.CheckConstraint(
                condition=Q(removed_on__isnull=True) | Q(birth_imprecise=True) | Q(removed_on__gte=F("birth_date")),
                name="resident_not_removed_before_birth",
            ),
            models.CheckConstraint(
                condition=Q(resident_kind=ResidentKind.JAPANESE, nationality_code="", residence_card_number="")
                | (Q(resident_kind=ResidentKind.FOREIGN) & ~Q(nationality="")),
                name="resident_nationality_iff_foreign",
            ),
        ]
        indexes = [
            models.Index(fields=["atena_number"], name="resident_history"),
            models.Index(fields=["household_number"], name="resident_household_idx"),
            models.Index(
                fields=["residence_card_number"], name="resident_card_idx", condition=~Q(residence_card_number="")
            ),
            models.Index(fields=["resident_code"], name="resident_code_idx", condition=~Q(resident_code="")),
            models.Index(
                fields=["planned_departure_on"],
                name="resident_departing_idx",
                condition=LIVING & Q(planned_departure_on__isnull=False),
            ),
            models.Index(fields=["town_id", "lot"], name="resident_address_idx", condition=CURRENT),
            models.Index(
                fields=["removed_on", "atena_number"],
                name="resident_unconfirmed_idx",
                condition=CURRENT
                & ~Q(departure_code="")
                & Q(confirmed_departure_on__isnull=True)
                & ~Q(status=ResidentStatus.LIVING),
            ),
            models.Index(
                fields=["residence_expires_on", "atena_number"],
                name="resident_stay_idx",
                condition=LIVING & Q(residence_expires_on__isnull=False),
            ),
            models.Index(
                fields=["atena_number"], name="resident_no_head_idx", condition=LIVING & Q(head_atena_number="")
            ),
            models.Index(fields=["atena_number"], name="resident_no_code_idx", condition=LIVING & Q(resident_code="")),
            models.Index(fields=["atena_number"], name="resident_no_name_idx", condition=LIVING & Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.atena_number}-{self.version_number}"

    @property
    def is_living(self) -> bool:
        """住民であるか (a planned mover-out is still present, SPEC 6.1)."""
        return self.status == ResidentStatus.LIVING

    @property
    def is_foreign(self) -> bool:
        """外国人住民であるか."""
        return self.resident_kind == ResidentKind.FOREIGN

    @property
    def is_head(self) -> bool:
        """世帯主であるか."""
        return self.relationship_codes == "02"

    @property
    def address(self) -> str:
        """住所: town, lot and 方書 as printed (方書 is never left out)."""
        place = f"{self.town}{self.lot}"
        return f"{place}　{self.building}" if self.building else place

    @property
    def destination(self) -> str:
        """転出先: the confirmed place where known, else the planned one."""
        return self.confirmed_destination or self.planned_destination

    @property
    def departure_on(self) -> date | None:
        """転出月日: the confirmed day where known, else the planned one."""
        return self.confirmed_departure_on or self.planned_departure_on


_NOT_CONTENT = {
    "id",
    "valid_period",
    "recorded_period",
    "recorded_by",
    "recorded_reason",
    "atena_number",
    "version_number",
    "event",
}

#: 記載事項: every column that says something about the person (what a cancellation restores).
CONTENT_FIELDS: tuple[str, ...] = tuple(
    field.name for field in ResidentVersion._meta.concrete_fields if field.name not in _NOT_CONTENT
)

__all__ = ["CONTENT_FIELDS", "CURRENT", "LIVING", "ResidentVersion"]
