"""検索用の氏名を保つ: the names of a person, present and past, folded (SPEC 2.1.2, 2.1.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kokunen.kernel.names import alternate_search_key, search_key, split_name, variant_key
from kokunen.resident_registry.choices import SearchNameKind
from kokunen.resident_registry.models import ResidentVersion, SearchName


@dataclass(frozen=True, slots=True)
class Keys:
    """検索キー: of one name and its reading. `kana_alt_key` is None unless a long mark makes it differ."""

    name_key: str
    kana_key: str
    kana_alt_key: str | None


def keys_of(name: str, kana: str) -> Keys:
    """検索キーを作る: kanji by variant class, kana folded."""
    kana_key = search_key(kana) if kana else ""
    alternate = alternate_search_key(kana) if kana else ""
    return Keys(variant_key(name) if name else "", kana_key, alternate if alternate != kana_key else None)


def names_of(row: ResidentVersion) -> Iterator[tuple[SearchNameKind, str, str]]:
    """氏名の一覧: (kind, as written, reading) of every name on a record."""
    if row.name:
        yield SearchNameKind.NAME, row.name, row.name_kana
    if row.alias:
        yield SearchNameKind.ALIAS, row.alias, row.alias_kana
    if row.kanji_name:
        yield SearchNameKind.KANJI_NAME, row.kanji_name, ""
    if row.former_surname:
        given, given_kana = split_name(row.name)[1], split_name(row.name_kana)[1]
        yield (
            SearchNameKind.FORMER_SURNAME,
            f"{row.former_surname}　{given}",
            f"{row.former_surname_kana}　{given_kana}",
        )


def refresh(changes: Iterable[tuple[ResidentVersion | None, ResidentVersion]]) -> None:
    """検索用の氏名を改める: new names are added, names no longer held are kept as past ones."""
    for before, after in changes:
        names = set(names_of(after))
        old = set(names_of(before)) if before is not None else set()
        if names == old and before is not None and before.birth_date == after.birth_date:
            continue
        held = {(kind, shown, kana) for kind, shown, kana in names}
        for entry in SearchName.objects.filter(atena_number=after.atena_number):
            key = (SearchNameKind(entry.kind), entry.shown, entry.shown_kana)
            is_past, birth_date = key not in held, after.birth_date
            held.discard(key)
            if (entry.is_past, entry.birth_date) != (is_past, birth_date):
                SearchName.objects.filter(pk=entry.pk).update(is_past=is_past, birth_date=birth_date)
        SearchName.objects.bulk_create(_entry(after, kind, shown, kana) for kind, shown, kana in sorted(held))


def _entry(row: ResidentVersion, kind: SearchNameKind, shown: str, kana: str) -> SearchName:
    keys = keys_of(shown, kana)
    return SearchName(
        atena_number=row.atena_number,
        kind=kind,
        shown=shown,
        shown_kana=kana,
        name_key=keys.name_key,
        kana_key=keys.kana_key,
        kana_alt_key=keys.kana_alt_key,
        birth_date=row.birth_date,
    )
