"""届書と事実: which facts a form can tell, how the question for the day is put, what to see and what to say.

The wording of the day matters: for a retirement the visitor knows the last working day (退職日), the law counts from
the next day; for a move abroad the officer types the day of leaving, and the loss is the day after. The officer types
what the paper says and the law does the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

from kokunen.national_pension.choices import NoticeKind


@dataclass(frozen=True, slots=True)
class FactOption:
    """選択肢: a fact of a form. `future` allows a day still to come."""

    code: str
    label: str
    day_label: str
    fact: str = ""
    reason: str = ""
    papers: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    future: bool = False


_RETIRED = FactOption(
    "retired",
    "会社などを退職した（厚生年金をやめた）",
    "退職日（最後に勤めた日）",
    "employment_end",
    papers=("離職票または資格喪失連絡票",),
    advice=("unemployment", "exemption", "spouse_change", "premium_payment"),
)
_FORMS: dict[NoticeKind, tuple[FactOption, ...]] = {
    NoticeKind.ACQUISITION: (
        FactOption(
            "reached_20",
            "20歳になった",
            "20歳到達日（自動で計算します）",
            advice=("student", "exemption", "additional"),
        ),
        FactOption(
            "from_abroad",
            "海外から転入した",
            "転入した日（国内に住所を定めた日）",
            "enter_japan",
            papers=("旅券（入国日の確認）",),
            advice=("exemption", "premium_payment", "additional"),
        ),
        _RETIRED,
        FactOption("right_ended", "老齢給付等の受給権がなくなった", "受給権がなくなった日", "old_age_right_end"),
        FactOption(
            "not_excluded", "適用除外でなくなった", "適用除外でなくなった日", "excluded_end", papers=("在留カード",)
        ),
    ),
    NoticeKind.CHANGE_OF_KIND: (
        _RETIRED,
        FactOption(
            "spouse_retired",
            "配偶者が退職した（第3号から）",
            "配偶者の退職日（最後に勤めた日）",
            "spouse_employment_end",
            papers=("配偶者の資格喪失連絡票",),
            advice=("unemployment", "exemption"),
        ),
        FactOption(
            "income",
            "収入が増えて扶養から外れた（第3号から）",
            "扶養から外れた日（連絡票の日）",
            "dependent_end",
            "income",
            papers=("被扶養配偶者非該当の連絡票",),
            advice=("premium_payment",),
        ),
        FactOption(
            "divorce",
            "離婚した（第3号から）",
            "離婚日か扶養から外れた日の早いほう",
            "dependent_end",
            "divorce",
            advice=("exemption",),
        ),
        FactOption(
            "spouse_65",
            "配偶者が65歳になり年金を受ける（第3号から）",
            "配偶者が65歳になった日（誕生日の前日）",
            "dependent_end",
            "spouse_65",
            advice=("exemption",),
        ),
        FactOption(
            "spouse_death",
            "配偶者が亡くなった（第3号から）",
            "扶養でなくなった日（死亡日の翌日）",
            "dependent_end",
            "spouse_death",
            advice=("survivor_basic", "exemption"),
        ),
        FactOption(
            "dependence_other",
            "その他の理由で扶養から外れた（第3号から）",
            "扶養から外れた日",
            "dependent_end",
            "other",
        ),
    ),
    NoticeKind.LOSS: (
        FactOption(
            "abroad",
            "海外へ転出する・した",
            "転出（予定）日",
            "leave_japan",
            advice=("voluntary_abroad", "exemption_ends", "lump_sum_withdrawal"),
            future=True,
        ),
        FactOption("employed", "厚生年金に加入した（機構の通知による）", "厚生年金の取得日", "employment_start"),
        FactOption("dependent", "被扶養配偶者になった（機構の通知による）", "扶養に入った日", "dependent_start"),
        FactOption(
            "old_age_right", "老齢給付等の受給権を得た", "受給権を得た日", "old_age_right_start", papers=("年金証書",)
        ),
        FactOption(
            "excluded", "適用除外に当たることになった", "適用除外に当たった日", "excluded_start", papers=("在留カード",)
        ),
    ),
    NoticeKind.VOLUNTARY: (
        FactOption(
            "apply",
            "任意加入を申し出る",
            "申出日（さかのぼれません）",
            "voluntary_apply",
            papers=("口座振替申出書", "期間を確認できる書類"),
            advice=("additional", "premium_payment"),
            future=True,
        ),
        FactOption("withdraw", "任意加入をやめる", "喪失の申出を受理した日", "voluntary_withdraw"),
    ),
    NoticeKind.DEATH: (
        FactOption(
            "death",
            "亡くなった",
            "死亡日",
            "death",
            advice=("survivor_basic", "widow", "death_lump_sum", "unpaid_pension"),
        ),
    ),
    NoticeKind.NAME: (FactOption("name", "氏名が変わった", "変更年月日"),),
    NoticeKind.ADDRESS: (FactOption("address", "住所が変わった", "変更年月日", advice=("report_omitted",)),),
}

OFFERED_FORMS: tuple[NoticeKind, ...] = tuple(_FORMS)
PERSONAL_FORMS = (NoticeKind.NAME, NoticeKind.ADDRESS)


def options(kind: NoticeKind) -> tuple[FactOption, ...]:
    """その届書で届け出られる事実."""
    return _FORMS[kind]


def option(kind: NoticeKind, code: str) -> FactOption | None:
    """選択肢 by code, None when the form does not have it."""
    return next((one for one in _FORMS.get(kind, ()) if one.code == code), None)
