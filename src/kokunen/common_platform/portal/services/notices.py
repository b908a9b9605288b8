"""お知らせ: posted for offices or roles, read by each, withdrawn when it is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from kokunen.common_platform.operations import clock
from kokunen.common_platform.portal.choices import Role
from kokunen.common_platform.portal.models import Notice, NoticeRead, Office, Staff
from kokunen.kernel.errors import Conflict, InputError
from kokunen.ledger.access import AccessContext, Act
from kokunen.ledger.recording import record

DATASET = "お知らせ"


def notice_post(
    *,
    title: str,
    body: str,
    shown_from: date,
    shown_until: date,
    offices: Sequence[str] = (),
    roles: Sequence[str] = (),
    is_important: bool = False,
    context: AccessContext,
) -> Notice:
    """お知らせを掲載する"""
    if shown_until < shown_from:
        raise InputError("終わりの日は始まりの日以後にしてください", "shown_until", hint="日付を確かめてください。")
    if unknown := set(roles) - {str(role) for role in Role}:
        raise InputError(f"役割「{'、'.join(sorted(unknown))}」はありません", "roles", hint="一覧から選んでください。")
    if len(set(offices)) != Office.objects.filter(code__in=offices).count():
        raise InputError("ない部署が選ばれています", "offices", hint="一覧から選んでください。")
    with transaction.atomic():
        notice = Notice.objects.create(
            title=title,
            body=body,
            offices=sorted(set(offices)),
            roles=sorted(set(roles)),
            is_important=is_important,
            shown_from=shown_from,
            shown_until=shown_until,
            posted_by=context.staff_number,
        )
        record("default", context, act=Act.REGISTER, dataset=DATASET, detail={"notice": notice.pk, "title": title})
    return notice


def notice_withdraw(notice_id: int, *, context: AccessContext) -> None:
    """お知らせを取り下げる: it is kept, nobody sees it any more."""
    with transaction.atomic():
        changed = Notice.objects.filter(pk=notice_id, withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
        if not changed:
            raise Conflict("このお知らせは取り下げられています", hint="一覧を読み直してください。")
        record("default", context, act=Act.CANCEL, dataset=DATASET, detail={"notice": notice_id})


def notice_read(notice_id: int, staff: Staff) -> None:
    """お知らせを確認した: noted once."""
    NoticeRead.objects.get_or_create(notice_id=notice_id, staff=staff)


def notices_for(office: str, roles: Sequence[str], on: date | None = None) -> QuerySet[Notice]:
    """その人へのお知らせ of that day, the important ones first."""
    day = on or clock.today()
    meant = (Q(offices=[]) | Q(offices__contains=[office])) & (Q(roles=[]) | Q(roles__overlap=list(roles)))
    shown = Notice.objects.filter(meant, withdrawn_at__isnull=True, shown_from__lte=day, shown_until__gte=day)
    return shown.order_by("-is_important", "-id")
