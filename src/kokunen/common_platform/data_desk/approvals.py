"""承認箱 (共通データ): new editions of a dictionary that wait for another officer."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from kokunen.common_platform.codes.queries import find_dictionaries
from kokunen.common_platform.data_desk import perms
from kokunen.common_platform.portal.approvals import Waiting, register_approvals


def _editions() -> Iterable[Waiting]:
    for line in find_dictionaries():
        if line.waiting:
            words = f"{line.label} 第{line.waiting.number}版"
            url = reverse("data_desk:edition", args=[line.waiting.pk])
            yield Waiting(words, line.waiting.asked_by, line.waiting.asked_at, url)


register_approvals("codes.edition", "コード辞書の版", permission=perms.CODES_IMPORT, waiting=_editions)
