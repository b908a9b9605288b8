"""町字コード: the towns of the city as the address base registry lists them (アドレス・ベース・レジストリ,
郵便番号データ).

The rows stand in `data/towns-kawaguchi.csv`. Towns that nobody can live in any more (old names, common names of 小字)
have no postal code and are offered for 本籍 and former addresses only, so they are left out here.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from kokunen.kernel.addresses import Town, TownList

TOWNS_FILE = Path(__file__).parent / "data" / "towns-kawaguchi.csv"
MUNICIPALITY_CODE = "112038"
MUNICIPALITY = "埼玉県川口市"


@lru_cache(maxsize=1)
def living_towns() -> tuple[Town, ...]:
    """住所に使える町字, in the order of 町字ID."""
    with TOWNS_FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Town(row["machiaza_id"], row["display_name"], row["postal_code"], row["rsdt_addr_flg"] == "1")
            for row in csv.DictReader(file)
            if row["postal_code"] and row["oaza_cho"]
        )


@lru_cache(maxsize=1)
def town_list() -> TownList:
    """町字の一覧 for `kokunen.kernel.addresses.parse_address`."""
    return TownList(MUNICIPALITY_CODE, MUNICIPALITY, living_towns())
