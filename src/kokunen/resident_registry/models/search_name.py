"""検索用の氏名: every name a person has or had here, folded for search (SPEC 2.1.2, 2.1.3)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kokunen.common_platform.records.search import ANY_KANJI
from kokunen.resident_registry.choices import SearchNameKind


class SearchName(models.Model):
    """検索用の氏名: derived from the versions, rebuilt at will; keys by `kokunen.kernel.names`.

    `kana_alt_key` is stored only where it differs from `kana_key` (names with a long mark), so that its index stays
    small.
    """

    atena_number = models.CharField("宛名番号", max_length=15)
    kind = models.CharField("氏名の種類", max_length=1, choices=SearchNameKind.choices)
    shown = models.CharField("氏名", max_length=200)
    shown_kana = models.CharField("氏名カナ", max_length=200, blank=True, default="")
    name_key = models.CharField("漢字検索キー", max_length=200)
    kana_key = models.CharField("カナ検索キー", max_length=200, blank=True, default="")
    kana_alt_key = models.CharField("カナ第2検索キー", max_length=200, null=True, blank=True)
    birth_date = models.DateField("生年月日（並べ替え用）")
    is_past = models.BooleanField("過去の氏名", default=False)

    class Meta:
        db_table = "search_name"
        verbose_name = "検索用の氏名"
        verbose_name_plural = "検索用の氏名"
        constraints = [
            models.UniqueConstraint(fields=["atena_number", "kind", "shown", "shown_kana"], name="search_name_once"),
        ]
        indexes = [
            models.Index(fields=["kana_key", "atena_number"], name="search_name_kana_idx"),
            models.Index(fields=["name_key", "atena_number"], name="search_name_name_idx"),
            models.Index(
                fields=["kana_alt_key", "atena_number"],
                name="search_name_alt_idx",
                condition=Q(kana_alt_key__isnull=False),
            ),
            models.Index(fields=["birth_date", "kana_key", "atena_number"], name="search_name_birth_idx"),
            # the few names that stand before the kanji in the order and hold one (records/search.py)
            models.Index(
                fields=["name_key", "atena_number"],
                name="search_name_mixed_idx",
                condition=Q(name_key__lt="\u3400", name_key__regex=ANY_KANJI),
            ),
        ]
