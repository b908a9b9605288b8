"""法務省（出入国在留管理庁） — takes 市町村通知 and 市町村伝達, sends files of 法務省通知.

`layout.yaml` lists the messages and the columns of a record of the notice file. A file is one message, each line of
it a record of its own: `gateway.py`, the city's side, reads them one by one, so that a broken one spoils no other.
"""
