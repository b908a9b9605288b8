"""住登外管理 (System 5): people outside the register and corporations, their numbers, and who is one person.

The task, step by step:

1. A work of the city (tax, welfare ...) needs somebody who is no resident. The officer looks first whether the city
   knows the person (`queries.find_records`: present and past names), and only then a number is drawn
   (`services.records.register_record`, or the standard's API in `web/api.py`). A former resident keeps the 宛名番号.
2. Every change is a new row with the next 履歴番号 in two times; nothing is overwritten (`models.AtenaVersion`).
3. 個人番号 and 法人番号 live here and nowhere else: encrypted, found by a blind index, bound to a 宛名番号
   (`vault`, `services.numbers`). Every reveal names a purpose and a reason and stands in the ledger (番号法9条, 12条).
4. Before a number counts it is checked against the four basic items (`services.authenticity`, 番号法16条).
5. Records of one person kept twice are found over the whole city (`matching`), shown with reasons, and bound as parent
   and child by two officers; un-merging restores what was before (`services.merging`).
6. What others may know is published (`linkage`): base data, links, and a token that stands for the number, never the
   number itself.

Neighbours: the residents' register (its published row; moving out and in), unified atena (bindings and links).
Standard: 共通機能標準仕様書 2.3 住登外者宛名番号管理 (業務ID 031).
"""
