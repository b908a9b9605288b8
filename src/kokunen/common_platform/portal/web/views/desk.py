"""お知らせ, 承認箱, 出力ファイル, 個人設定, 宛名ラベル, 人事ファイル"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kokunen.common_platform.portal import approvals as inbox
from kokunen.common_platform.portal import home, labels, manuals, perms, queries
from kokunen.common_platform.portal.services import notices, outbox, personnel, settings
from kokunen.common_platform.portal.web.access import StaffRequest, page, refuse
from kokunen.common_platform.portal.web.desk_forms import LabelForm, NoticeForm, PersonnelForm
from kokunen.common_platform.portal.web.fields import add_error
from kokunen.kernel.errors import InputError, KokunenError
from kokunen.ledger.access import AccessContext


@page()
@require_http_methods(["GET", "POST"])
def notice_list(request: StaffRequest) -> HttpResponse:
    """お知らせ: those meant for me; a POST says that I have read one."""
    if request.method == "POST":
        notices.notice_read(int(request.POST.get("notice") or 0), request.user)
        return redirect("portal:notices")
    rows = queries.find_my_notices(request.user.pk, _office(request), sorted(request.portal.roles))
    context = {"rows": rows, "may_post": request.portal.may(perms.NOTICE_POST)}
    return render(request, "portal/notices.html", context)


@page(permission=perms.NOTICE_POST)
@require_http_methods(["GET", "POST"])
def notice_new(request: StaffRequest) -> HttpResponse:
    """お知らせを掲載する"""
    form = NoticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            notices.notice_post(**form.cleaned_data, context=request.access_context)
        except InputError as error:
            add_error(form, error)
        else:
            messages.success(request, "お知らせを掲載しました")
            return redirect("portal:notice_new")
    context = {"form": form, "posted": queries.find_posted_notices()}
    return render(request, "portal/notice_new.html", context, status=422 if form.errors else 200)


@page(permission=perms.NOTICE_POST)
@require_POST
def notice_withdraw(request: StaffRequest, notice_id: int) -> HttpResponse:
    """お知らせを取り下げる"""
    notices.notice_withdraw(notice_id, context=request.access_context)
    messages.success(request, "お知らせを取り下げました")
    return redirect("portal:notice_new")


@page()
@require_GET
def approvals(request: StaffRequest) -> HttpResponse:
    """承認箱: what waits for me in every subsystem, and what I have asked of others."""
    rows = inbox.REGISTRY.rows(request.portal.permissions, request.user.number)
    context = {"rows": [row for row in rows if not row.is_mine], "mine": [row for row in rows if row.is_mine]}
    return render(request, "portal/approvals.html", context)


@page()
@require_http_methods(["GET", "POST"])
def outbox_list(request: StaffRequest) -> HttpResponse:
    """出力ファイル: mine, with the time until which they are kept."""
    if request.method == "POST":
        outbox.outbox_erase(int(request.POST.get("file") or 0), request.user)
        messages.success(request, "出力ファイルを消去しました")
        return redirect("portal:outbox")
    return render(request, "portal/outbox.html", {"rows": queries.find_outbox(request.user.pk)})


@page()
@require_POST
def outbox_fetch(request: StaffRequest, file_id: int) -> HttpResponse:
    """出力ファイルを受け取る"""
    file, content = outbox.outbox_fetch(file_id, request.user, context=request.access_context)
    response = HttpResponse(content, content_type=file.content_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.filename)}"
    response.headers["Cache-Control"] = "no-store"
    return response


@page()
@require_http_methods(["GET", "POST"])
def my_settings(request: StaffRequest) -> HttpResponse:
    """個人設定: size of the text, cards of the home page."""
    cards = [(card.code, card.title) for card in home.REGISTRY.cards_of(request.portal.permissions)]
    if request.method == "POST":
        shown = set(request.POST.getlist("cards"))
        settings.settings_save(
            request.user,
            text_size=request.POST.get("text_size", ""),
            hidden_cards=[code for code, _ in cards if code not in shown],
        )
        request.session["text_size"] = request.POST.get("text_size", "normal")
        messages.success(request, "個人設定を登録しました")
        return redirect("portal:my_settings")
    setting = settings.settings_of(request.user)
    context = {"setting": setting, "cards": [(code, title, code not in setting.hidden_cards) for code, title in cards]}
    return render(request, "portal/my_settings.html", context)


@page()
@require_http_methods(["GET", "POST"])
def label_new(request: StaffRequest) -> HttpResponse:
    """宛名ラベルを作る: the sheet goes to my outbox."""
    books = labels.books_for(request.portal.permissions)
    if not books:
        return refuse(request, "あなたの役割では、宛名ラベルを作れません。", reason="permission")
    form, left_out = LabelForm(request.POST or None), dict[str, str]()
    if request.method == "POST" and form.is_valid():
        try:
            book = next((b for b in books if b.code == request.POST.get("book")), books[0])
            context = _for(request.access_context, book.purpose)
            numbers = labels.numbers_of(form.cleaned_data["numbers"])
            made, left_out = labels.make_labels(book, numbers, staff=request.user, context=context)
        except InputError as error:
            add_error(form, error)
        else:
            if made is not None:
                messages.success(request, f"{made.title}を作成しました")
            if made is not None and not left_out:
                return redirect("portal:outbox")
    facts = {"form": form, "books": books, "left_out": left_out}
    return render(request, "portal/label_new.html", facts, status=422 if form.errors else 200)


@page()
@require_GET
def manual(request: StaffRequest, chapter: str) -> HttpResponse:
    """手引: the chapter of the guide that belongs to the screen it is opened from."""
    content = manuals.chapter_html(chapter)
    if content is None:
        raise Http404
    return render(request, "portal/manual.html", {"content": content, "chapters": manuals.chapters()})


@page(permission=perms.STAFF_MANAGE)
@require_http_methods(["GET", "POST"])
def personnel_file(request: StaffRequest) -> HttpResponse:
    """人事ファイルの取込: looked at line by line first, then taken wholly."""
    form = PersonnelForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "columns": personnel.COLUMNS}
    if request.method == "POST" and form.is_valid():
        try:
            orders = personnel.personnel_read(form.cleaned_data["file"].read())
            context |= {"orders": orders, "faults": sum(bool(order.fault) for order in orders)}
            if request.POST.get("act") == "take":
                done = personnel.personnel_take(orders, administrator=request.user, context=request.access_context)
                messages.success(
                    request, "人事ファイルを取り込みました: " + "、".join(f"{k}{n}人" for k, n in done.items())
                )
                return redirect("portal:personnel")
        except KokunenError as error:
            error.field = "file"
            add_error(form, error)
    return render(request, "portal/personnel.html", context, status=422 if form.errors else 200)


def _office(request: StaffRequest) -> str:
    return request.portal.posting.office_id if request.portal.posting else ""


def _for(context: AccessContext, purpose: str) -> AccessContext:
    from dataclasses import replace

    return replace(context, purpose=purpose)
