"""eLTAX（地方税共同機構）と年金保険者 — 年金特別徴収の連携ファイル between the city and the pension payers.

`layout.yaml` lists the messages of the line (one file each), `records.yaml` the 500-byte records inside a file;
`records.py` writes and reads them for both ends. `service.py` is the process: it knows the pensioners, sends
対象者情報, judges 依頼 and 停止, withholds at each payment and tells the result. `gateway.py` is the city's side.
"""
