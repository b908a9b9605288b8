"""市: a synthetic Kawaguchi, whole and seeded, from 600 to 6,000,000 residents.

Step by step: a city is a row of blocks of 25,000 residents; a block is made from (seed, size, day, block number) alone
(:mod:`.block`). In a block, households of ten kinds are composed so that ages fit (:mod:`.composition`), live
through ten years of moves, births, deaths and changes of head (:mod:`.timeline`), and become people with families
and names (:mod:`.people`). Their addresses (:mod:`.dwellings`), stays (:mod:`.foreigners`) and events
(:mod:`.versions`) make the tables of the register (:mod:`.register`); their work (:mod:`.work`) makes incomes
(:mod:`.incomes`) and pension histories (:mod:`.pensions`). People outside the register and records kept twice follow
(:mod:`.outside`). What was planted, and what will happen, is handed out apart (:mod:`.planned`), for tests only.

Tables and columns: :mod:`.tables`. Same seed, size and day: the same city, to the byte.
"""

from __future__ import annotations

from kokunen.city.city import City, generate

__all__ = ["City", "generate"]
