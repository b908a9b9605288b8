"""閲覧記録台帳 (ledger): every look at a person, in the transaction of the look, provable afterwards.

1. A service or query builds its answer inside a transaction and calls `recording.record` with an `AccessContext`:
   who, where, what for, whose, which items. Outside a transaction there is no answer; if the entry fails, the answer
   is rolled back.
2. The database function `ledger.record` (sql/ledger.sql) inserts the entry and steps the writer's own count. No
   subsystem may read, change or remove an entry: it holds execute on this function and nothing else.
3. `sealer` gives committed entries order, hash chain and per-person numbers within a second.
4. `verification` recomputes all of it; `history` answers who has seen a person.

Law: 番号法 and the assessment III.3 (access log, its keeping and its analysis); domain controls are tested by id.
Neighbours: everybody writes; the disclosure desk and the auditor read.
"""
