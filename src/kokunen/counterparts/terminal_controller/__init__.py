"""端末制御装置 — the terminal controller of the 年金事務所 as a counterpart: pension records, operators, its own list.

`layout.yaml` lists the kinds of message. `service.py` is the process: it holds the operators whose forms were handed
in, answers one inquiry at a time from its own records, and prints the list of a day. `records.py` makes the month by
month record of a person out of what the office knows. `gateway.py` is the city's side of the line; only the program
社会保険オンライン uses it.
"""
