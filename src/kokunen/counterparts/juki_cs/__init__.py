"""住基ネット — the communication server (CS) of the resident network as a counterpart, with what lies behind it.

`layout.yaml` lists every kind of message with its items. `service.py` is the process: it takes 本人確認情報 in the
order of events, keeps its own copy of who lives where, passes 転出証明書情報 and 転入通知 between cities, and gives
out unused 住民票コード. `gateway.py` is the city's side of the line.
"""
