"""共通データの画面: dictionaries with their editions, and generations of the batch master.

The dictionaries and generations themselves know no screens (`codes`, `batch_master`); this room shows them, takes a
new edition in and lets another officer approve it.
"""
