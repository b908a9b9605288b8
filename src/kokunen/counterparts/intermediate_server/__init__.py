"""中間サーバー — the intermediate server of the 情報提供ネットワークシステム as a counterpart.

`layout.yaml` lists every kind of file with its items. `service.py` is the process: it keeps its own copy of numbers
and 特定個人情報, judges each row of a file, and answers inquiries some time later, as it does in life. What lies
behind it (符号, other bodies) is its own affair. `gateway.py` is the city's side of the line.
"""
