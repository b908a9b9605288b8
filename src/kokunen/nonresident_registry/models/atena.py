"""住登外者宛名基本情報: a person outside the register or a corporation as full rows (標準 0310002, 0310022)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kokunen.common_platform.records.models import BitemporalModel, bitemporal_constraint
from kokunen.nonresident_registry.choices import AtenaKind, NameKind, Reason, RecordStatus, Sex

#: 現在の行: what the office knows now about today.
CURRENT = Q(recorded_period__endswith__isnull=True, valid_period__endswith__isnull=True)


class AtenaVersion(BitemporalModel):
    """宛名の履歴: one row repeats every item. Key (宛名番号, 履歴番号 = 1, 2, 3 …).

    Names and lengths follow the items of 住登外者宛名番号付番API; an address abroad has country and foreign_address.
    """

    atena_number = models.CharField("宛名番号", max_length=15)
    history_number = models.PositiveIntegerField("履歴番号")
    kind = models.CharField("宛名の種類", max_length=1, choices=AtenaKind.choices)
    status = models.CharField("記録の状態", max_length=1, choices=RecordStatus.choices, default=RecordStatus.LIVE)
    reason = models.CharField("登録の理由", max_length=2, choices=Reason.choices, default=Reason.OTHER)
    former_resident = models.BooleanField("元住民（宛名番号を引き継いだ）", default=False)

    name = models.CharField("氏名・名称", max_length=200, blank=True, default="")
    name_kana = models.CharField("フリガナ", max_length=200, blank=True, default="")
    roman_name = models.CharField("氏名_外国人ローマ字", max_length=100, blank=True, default="")
    kanji_name = models.CharField("氏名_外国人漢字", max_length=100, blank=True, default="")
    alias = models.CharField("通称", max_length=100, blank=True, default="")
    alias_kana = models.CharField("通称_フリガナ", max_length=100, blank=True, default="")
    alias_kana_confirmed = models.BooleanField("通称_フリガナ確認状況", default=False)
    sex = models.CharField("性別", max_length=1, choices=Sex.choices, default=Sex.UNKNOWN)
    birth_date = models.DateField("生年月日（並べ替え用）", null=True, blank=True)
    birth_text = models.CharField("生年月日_不詳表記", max_length=72, blank=True, default="")

    postal_code = models.CharField("郵便番号", max_length=7, blank=True, default="")
    municipality_code = models.CharField("住所_市区町村コード", max_length=6, blank=True, default="")
    town_code = models.CharField("住所_町字コード", max_length=7, blank=True, default="")
    ward_code = models.CharField("指定都市_行政区等コード", max_length=12, blank=True, default="")
    prefecture = models.CharField("住所_都道府県", max_length=4, blank=True, default="")
    municipality = models.CharField("住所_市区郡町村名", max_length=12, blank=True, default="")
    town = models.CharField("住所_町字", max_length=120, blank=True, default="")
    lot = models.CharField("住所_番地号表記", max_length=50, blank=True, default="")
    building = models.CharField("住所_方書", max_length=300, blank=True, default="")
    building_kana = models.CharField("住所_方書_フリガナ", max_length=300, blank=True, default="")
    country_code = models.CharField("住所_国名コード", max_length=3, blank=True, default="")
    country = models.CharField("住所_国名等", max_length=100, blank=True, default="")
    foreign_address = models.CharField("住所_国外住所", max_length=300, blank=True, default="")
    telephone = models.CharField("電話番号", max_length=20, blank=True, default="")

    no_other_work = models.BooleanField("他業務参照不可", default=False)
    ended_on = models.DateField("死亡・解散・除外の日", null=True, blank=True)
    changed_on = models.DateField("異動日")
    remarks = models.CharField("備考", max_length=500, blank=True, default="")

    class Meta:
        db_table = "atena_version"
        verbose_name = "住登外者宛名基本情報"
        verbose_name_plural = "住登外者宛名基本情報"
        constraints = [
            bitemporal_constraint("atena_no_overlap", "atena_number"),
            models.UniqueConstraint(
                fields=["atena_number", "history_number"],
                condition=Q(recorded_period__endswith__isnull=True),
                name="atena_version_once",
            ),
            models.CheckConstraint(
                condition=Q(kind=AtenaKind.INDIVIDUAL)
                | Q(kind=AtenaKind.CORPORATION, birth_date__isnull=True, sex=Sex.UNKNOWN),
                name="atena_corporation_is_nobody",
            ),
            models.CheckConstraint(
                condition=Q(status=RecordStatus.LIVE, ended_on__isnull=True)
                | (~Q(status=RecordStatus.LIVE) & Q(ended_on__isnull=False)),
                name="atena_ended_iff_not_live",
            ),
        ]
        indexes = [
            models.Index(fields=["birth_date"], name="atena_birth_idx", condition=CURRENT),
        ]

    def __str__(self) -> str:
        return f"{self.atena_number}-{self.history_number}"

    @property
    def is_listed(self) -> bool:
        """住登外者の一覧に載るか."""
        return self.status not in (RecordStatus.BECAME_RESIDENT, RecordStatus.MISTAKEN)

    @property
    def is_corporation(self) -> bool:
        """法人か."""
        return self.kind == AtenaKind.CORPORATION

    @property
    def address(self) -> str:
        """住所 in one line; one abroad with its country."""
        if self.country or self.foreign_address:
            return f"{self.country}　{self.foreign_address}".strip()
        place = f"{self.prefecture}{self.municipality}{self.town}{self.lot}"
        return f"{place}　{self.building}" if self.building else place


_NOT_CONTENT = {
    "id", "valid_period", "recorded_period", "recorded_by", "recorded_reason", "atena_number", "history_number",
}  # fmt: skip

#: 基本情報の項目: every column that says something about the record (what a restoration brings back).
CONTENT_FIELDS: tuple[str, ...] = tuple(
    field.name for field in AtenaVersion._meta.concrete_fields if field.name not in _NOT_CONTENT
)


class RecordUse(models.Model):
    """利用業務: which works use the record; 業務ID repeats up to 999 times (項目定義書)."""

    atena_number = models.CharField("宛名番号", max_length=15)
    work_id = models.CharField("業務ID", max_length=3)
    system_id = models.CharField("独自施策システム等ID", max_length=3, default="000")
    since = models.DateField("利用開始日")

    class Meta:
        db_table = "record_use"
        verbose_name = "利用業務"
        verbose_name_plural = "利用業務"
        constraints = [
            models.UniqueConstraint(fields=["atena_number", "work_id", "system_id"], name="record_use_once"),
        ]


class SearchName(models.Model):
    """検索用の氏名 (derived): one row per name somebody has or had; past ones are found too (標準 0310005)."""

    atena_number = models.CharField("宛名番号", max_length=15)
    kind = models.CharField("氏名の種類", max_length=1, choices=NameKind.choices)
    shown = models.CharField("氏名・名称", max_length=200)
    shown_kana = models.CharField("フリガナ", max_length=200, blank=True, default="")
    name_key = models.CharField("漢字検索キー", max_length=200)
    kana_key = models.CharField("カナ検索キー", max_length=200, blank=True, default="")
    kana_alt_key = models.CharField("カナ第2検索キー", max_length=200, null=True, blank=True)
    birth_date = models.DateField("生年月日", null=True, blank=True)
    is_past = models.BooleanField("以前の氏名", default=False)

    class Meta:
        db_table = "search_name"
        verbose_name = "検索用の氏名"
        verbose_name_plural = "検索用の氏名"
        constraints = [
            models.UniqueConstraint(
                fields=["atena_number", "kind", "shown", "shown_kana"], name="nonresident_search_name_once"
            ),
        ]
        indexes = [
            models.Index(fields=["kana_key", "atena_number"], name="nonresident_kana_idx"),
            models.Index(fields=["name_key", "atena_number"], name="nonresident_name_idx"),
            models.Index(
                fields=["kana_alt_key", "atena_number"],
                name="nonresident_alt_idx",
                condition=Q(kana_alt_key__isnull=False),
            ),
            models.Index(fields=["birth_date", "kana_key", "atena_number"], name="nonresident_birth_idx"),
        ]


__all__ = ["CONTENT_FIELDS", "CURRENT", "AtenaVersion", "RecordUse", "SearchName"]
