"""連携の宣言: what the section publishes and what it takes from others. What is not written here does not arrive."""

from __future__ import annotations

from kokunen.common_platform.integration.datasets import Column, Consumption, Dataset

PENSION_QUALIFICATION = Dataset(
    name="pension_qualification",
    label_ja="国民年金の資格情報（住民票の行政欄）",
    publisher="national_pension",
    columns=(
        Column("basic_pension_number", "text", "基礎年金番号", "R2/基礎年金番号"),
        Column("insured_type", "text", "被保険者種別", "R2/被保険者種別", nullable=False),
        Column("acquired_on", "date", "取得日", "R2/取得日", nullable=False),
        Column("acquisition_reason", "text", "取得理由", "R2/取得理由", nullable=False),
        Column("lost_on", "date", "喪失日", "R2/喪失日"),
        Column("loss_reason", "text", "喪失理由", "R2/喪失理由"),
    ),
)

PUBLISHES: tuple[Dataset, ...] = (PENSION_QUALIFICATION,)
