"""課税状況調: the cells of the tables as of a day, and in which rows of them each taxpayer counts."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class StatisticCell(models.Model):
    """課税状況調の欄: exact figure of one cell (persons or yen), before it is cut to thousands."""

    tax_year = models.PositiveSmallIntegerField("年度（西暦）")
    family = models.CharField("表", max_length=2)
    row = models.CharField("行", max_length=60)
    column = models.CharField("列", max_length=60)
    value = models.BigIntegerField("値")

    class Meta:
        db_table = "statistic_cell"
        verbose_name = "課税状況調の欄"
        verbose_name_plural = "課税状況調の欄"
        constraints = [
            models.UniqueConstraint(fields=["tax_year", "family", "row", "column"], name="statistic_cell_once")
        ]

    def __str__(self) -> str:
        return f"{self.tax_year} {self.family} {self.row} {self.column}"


class StatisticPerson(models.Model):
    """課税状況調の納税者: ``marks`` are the rows of the tables in which the person counts (for going into a cell)."""

    tax_year = models.PositiveSmallIntegerField("年度（西暦）")
    atena_number = models.CharField("宛名番号", max_length=15)
    marks = ArrayField(models.CharField("行", max_length=64), verbose_name="数えられた行")

    class Meta:
        db_table = "statistic_person"
        verbose_name = "課税状況調の納税者"
        verbose_name_plural = "課税状況調の納税者"
        constraints = [models.UniqueConstraint(fields=["tax_year", "atena_number"], name="statistic_person_once")]
        indexes = [GinIndex(fields=["marks"], name="statistic_person_marks")]

    def __str__(self) -> str:
        return f"{self.tax_year} {self.atena_number}"
