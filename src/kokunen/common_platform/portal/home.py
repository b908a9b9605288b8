"""業務メニュー: what subsystems put on the home page, and the menu by role.

A subsystem's `home.py` registers a card with live figures and its menu entries::

    register_card("national_pension.today", "今日の仕事", permission=perms.WORK_LIST, order=10, figures=todays_work)
    register_menu("national_pension", "資格", "national_pension:work_list", permission=perms.WORK_LIST, order=20)

`figures(context)` takes the AccessContext and gives Figure rows: counts only, no names. A card is asked for only when
the officer holds its permission; one that fails says so on its card and does not take the page down.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from kokunen.ledger.access import AccessContext

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Figure:
    """数字の一行: words, value, where it leads (a list already filtered), tone "" / warn / bad, unit."""

    words: str
    value: int | str
    url: str = ""
    tone: str = ""
    unit: str = "件"


@dataclass(frozen=True, slots=True)
class Card:
    """カード: `figures` is asked at each view of the home page."""

    code: str
    title: str
    permission: str
    order: int
    figures: Callable[[AccessContext], Iterable[Figure]]


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """業務の入口: `url_name` is reversed without arguments."""

    subsystem: str
    words: str
    url_name: str
    permission: str
    order: int


@dataclass(frozen=True, slots=True)
class ShownCard:
    """表示するカード: rows, or `failed` when the subsystem did not answer."""

    code: str
    title: str
    figures: Sequence[Figure]
    failed: bool = False


class HomeRegistry:
    """業務メニューの登録簿: can be made afresh for a test."""

    def __init__(self) -> None:
        self._cards: dict[str, Card] = {}
        self._menu: dict[str, MenuEntry] = {}

    def register_card(
        self,
        code: str,
        title: str,
        *,
        permission: str,
        figures: Callable[[AccessContext], Iterable[Figure]],
        order: int = 100,
    ) -> None:
        """Put a card on the home page of whoever holds `permission`."""
        self._cards[code] = Card(code, title, permission, order, figures)

    def register_menu(self, subsystem: str, words: str, url_name: str, *, permission: str, order: int = 100) -> None:
        """Put an entry into the menu of whoever holds `permission`."""
        self._menu[url_name] = MenuEntry(subsystem, words, url_name, permission, order)

    def cards_of(self, permissions: frozenset[str]) -> list[Card]:
        """Cards that these permissions show, in their order."""
        return sorted((c for c in self._cards.values() if c.permission in permissions), key=lambda c: (c.order, c.code))

    def cards(
        self, permissions: frozenset[str], context: AccessContext, hidden: Collection[str] = ()
    ) -> list[ShownCard]:
        """Cards with their figures of this moment, without those that the officer has put away."""
        return [_shown(card, context) for card in self.cards_of(permissions) if card.code not in hidden]

    def menu(self, permissions: frozenset[str]) -> list[MenuEntry]:
        """Menu entries in their order."""
        return sorted((e for e in self._menu.values() if e.permission in permissions), key=lambda e: (e.order, e.words))


def _shown(card: Card, context: AccessContext) -> ShownCard:
    try:
        return ShownCard(card.code, card.title, list(card.figures(context)))
    except Exception:
        logger.exception("home page card %s failed", card.code)
        return ShownCard(card.code, card.title, [], failed=True)


REGISTRY = HomeRegistry()
register_card = REGISTRY.register_card
register_menu = REGISTRY.register_menu


def register_own() -> None:
    """職員と端末: the portal's own card and entries, for whoever administers it."""
    from kokunen.common_platform.portal import perms, queries

    def figures(_context: AccessContext) -> list[Figure]:
        return [
            Figure("接続中の端末", len(queries.find_live_sessions()), "/sessions", unit="台"),
            Figure("職員", len(queries.find_staff_rows()), "/staff", unit="人"),
        ]

    register_card("portal.staff", "職員と端末", permission=perms.STAFF_VIEW, figures=figures, order=900)
    register_menu("common_platform", "お知らせの掲載", "portal:notice_new", permission=perms.NOTICE_POST, order=890)
    register_menu("common_platform", "人事ファイル", "portal:personnel", permission=perms.STAFF_MANAGE, order=905)
    register_menu("common_platform", "職員・所属", "portal:staff_list", permission=perms.STAFF_VIEW, order=900)
    register_menu("common_platform", "接続中の端末", "portal:live_sessions", permission=perms.STAFF_VIEW, order=910)
