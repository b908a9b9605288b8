"""証明書の請求の入力: in the order of the 請求書, what is asked first, then by whom and what for."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from kokunen.common_platform.portal.web.fields import add_error
from kokunen.kernel.errors import KokunenError
from kokunen.resident_registry.choices import CertificateKind, IdentityCheck, RequestKind
from kokunen.resident_registry.queries import PersonView
from kokunen.resident_registry.services.certificate_rules import ITEM_JA, Item
from kokunen.resident_registry.services.certificates import MOST_COPIES, CertificateOrder

_LIVING = (
    CertificateKind.PERSON,
    CertificateKind.HOUSEHOLD,
    CertificateKind.STATEMENT,
    CertificateKind.CODE_SLIP,
    CertificateKind.KOSEKI_ADDENDUM,
)
_DEPARTING = {"201": CertificateKind.MOVE_OUT, "204": CertificateKind.MOVE_OUT_LIKE}
_FOREIGN = (Item.NATIONALITY, Item.RESIDENCE, Item.CARD_NUMBER)


class CertificateForm(forms.Form):
    """証明書の請求. Kinds and items that cannot be for this person are not offered."""

    title: ClassVar[str] = "証明書の交付"

    kind = forms.ChoiceField(label="証明書", widget=forms.RadioSelect)
    covered = forms.MultipleChoiceField(
        label="証明する人",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="世帯全員の写しでは不要です。",
    )
    items = forms.MultipleChoiceField(
        label="記載する項目",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="選ばない項目は省略されます。",
    )
    copies = forms.IntegerField(
        label="通数",
        min_value=1,
        max_value=MOST_COPIES,
        initial=1,
        widget=forms.TextInput(attrs={"data-width": "short"}),
    )
    request_kind = forms.ChoiceField(
        label="請求者",
        choices=[(v, label) for v, label in RequestKind.choices if v != RequestKind.OFFICE],
        widget=forms.RadioSelect,
        initial=RequestKind.SELF,
    )
    identity_check = forms.ChoiceField(
        label="本人確認",
        choices=[("", "選んでください"), *((v, x) for v, x in IdentityCheck.choices if v != IdentityCheck.NOT_NEEDED)],
    )
    reason = forms.CharField(
        label="使う目的・提出先",
        max_length=300,
        required=False,
        help_text="第三者・公用の請求と、個人番号を記載するときは必ず入力します。",
    )
    requester_name = forms.CharField(label="請求者氏名（代理人・第三者・公用）", max_length=100, required=False)
    requester_address = forms.CharField(label="請求者住所・所在地", max_length=200, required=False)
    requester_relation = forms.CharField(label="本人との関係・資格", max_length=100, required=False)
    free_reason = forms.CharField(label="無料とする理由", max_length=100, required=False)

    LOWER: ClassVar[tuple[str, ...]] = ("requester_name", "requester_address", "requester_relation", "free_reason")

    def __init__(self, *args: Any, person: PersonView, members: list[PersonView], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        row = person.row
        kinds = list(_LIVING) if row.is_living else [CertificateKind.REMOVED, CertificateKind.KOSEKI_ADDENDUM]
        if row.departure_code in _DEPARTING and row.destination_kind != "2":
            kinds.append(_DEPARTING[row.departure_code])
        if row.is_foreign:
            kinds.remove(CertificateKind.KOSEKI_ADDENDUM)
        self._choose("kind", [(kind.value, str(kind.label)) for kind in kinds], kinds[0])
        people = members if row.is_living else [person]
        self._choose("covered", [(m.row.atena_number, m.row.name) for m in people], [row.atena_number])
        foreign = any(m.row.is_foreign for m in people)
        items = [item for item in Item if foreign or item not in _FOREIGN]
        self._choose("items", [(item.value, ITEM_JA[item]) for item in items], [])
        if not self.is_bound:
            self.fields["kind"].widget.attrs["autofocus"] = True

    def _choose(self, name: str, choices: list[tuple[str, str]], initial: Any) -> None:
        field = self.fields[name]
        field.choices, field.initial = choices, initial  # type: ignore[attr-defined]

    def order(self, acknowledged: frozenset[str] = frozenset()) -> CertificateOrder:
        """請求 as the service takes it; `acknowledged` are the alerts that the officer ticked."""
        data = self.cleaned_data
        kind = CertificateKind(data["kind"])
        return CertificateOrder(
            kind=kind,
            atena_number=self.person.row.atena_number,
            request_kind=RequestKind(data["request_kind"]),
            identity_check=IdentityCheck(data["identity_check"]),
            covered=() if kind == CertificateKind.HOUSEHOLD else tuple(data["covered"]),
            items=frozenset(Item(item) for item in data["items"]),
            requester_name=data["requester_name"],
            requester_address=data["requester_address"],
            requester_relation=data["requester_relation"],
            reason=data["reason"],
            copies=data["copies"],
            free_reason=data["free_reason"],
            acknowledged=acknowledged,
        )

    def take_error(self, error: KokunenError) -> None:
        """断りを項目に示す."""
        add_error(self, error)

    def upper_fields(self) -> list[forms.BoundField]:
        """請求の欄."""
        return [self[name] for name in self.fields if name not in self.LOWER]

    def lower_fields(self) -> list[forms.BoundField]:
        """本人以外の請求者の欄."""
        return [self[name] for name in self.LOWER]


class ReasonForm(forms.Form):
    """再交付・廃棄の理由."""

    reason = forms.CharField(label="理由", max_length=200)


class LiftForm(forms.Form):
    """支援措置の一時解除."""

    lift_reason = forms.CharField(
        label="一時解除の理由", max_length=200, help_text="本人が来庁し、本人確認をしたときなど。"
    )
