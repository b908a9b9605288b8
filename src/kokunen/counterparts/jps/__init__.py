"""日本年金機構 — the Pension Service as a counterpart: what becomes of the city's report after it has left the house.

`layout/` is the record layout of the medium as data, `layout.py` reads it, `characters.py` and `fields.py` turn values
into columns and back, `codec.py` whole media. `service.py` is the process: it takes sealed images from its tray
(`delivery.py` refuses what is not exactly right), decides on each notice from its own register (`judgement.py`), and
answers with a result file. `gateway.py` is the city's side of the same counter: the only module here that the house
calls, and the only one that knows the house's words for a report.
"""
