"""団体内統合宛名 (System 4): one number for one person over all works of the city, and the way to the 中間サーバー.

The task, step by step:

1. Whoever holds a checked 個人番号 gets a 団体内統合宛名番号 by himself: `services.linking` follows the bindings that
   住登外管理 publishes. It sees a token that stands for the number, never the number. Several 宛名番号 of one person
   hang on one 団体内統合宛名番号; what does not fit (same number, other birth date) waits on a list (`LinkHold`).
2. The 情報提供データベース is built from the integrated database, kind by kind as `data/kinds.yaml` declares
   (`services.provision`); every change of a source row changes the record and asks for its sending.
3. Sending data are made from what changed (`services.batches`): layout, number, characters that the other side has
   (`characters`, with a list of those that it has not), one serial per interface. What goes wrong with one row keeps
   that row back and no other.
4. `services.sending` carries each batch until it has a receipt, `services.arrivals` takes the result of every row, and
   `services.reconciliation` compares both sides each day.
5. Works ask by 宛名番号 and are answered by 宛名番号 (`services.inquiries`): the 団体内統合宛名番号 never leaves
   this system on the city's side.

国民年金 is no neighbour: the assessment says 実施しない (I.5), so there is no flow, no view, no scope and no work ID.
Neighbours: residents' register, 住登外管理, 個人住民税 (published rows), the 中間サーバー (a counterpart).
Standard: 共通機能標準仕様書 2.4 団体内統合宛名 (業務ID 032).
"""
