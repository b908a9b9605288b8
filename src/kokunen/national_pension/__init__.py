"""国民年金 (System 1): who is insured as what, from when, why — received, examined, reported, answered.

The task is the mayor's by 国民年金法3条3項 and 施行令1条の2: the city receives notices, checks them against its
registers and passes them on; the State (日本年金機構) decides. Neighbours: the resident registry tells of moves,
births and deaths (through the integrated database, declared columns only), the tax section of incomes, the Service
takes the reports; the 市民課 is told each night the 資格情報 for the 行政欄 of the 住民票, and nothing else.

One change's way through these files, as when a resident leaves Japan:

1. `linkage.py` declares which columns of `resident` the section may see. A commit at the residents' counter wakes
   `consumers.py`: `RegistryChanges.apply` gets the change (異動事由 203) inside the transaction that moves the cursor.
2. `registry_events.py` says what a 異動事由 means here: which fact of the law it is (or none: a move inside Japan
touches
   the roll only), what to put before an officer, and what to advise.
3. `deduction.py` asks `kokunen.law.rules.qualification` what follows from the fact: loss on the next day
(法9条2号), last
   insured month, the steps. It compares the answer with the recorded periods and gives a `Plan`; no date is
   computed anywhere else.
4. `services/arrivals.py` stores the plan as a `WorkItem`, once for each change, and keeps the roll (`InsuredPerson`) up
   to date. The officer's list shows it within a second.
5. `services/work_items.py`: the officer opens the item (ledger entry), confirms; `services/recording.py` closes and
adds
   versions of `QualificationPeriod` under a `QualificationAct`, and the 受付処理簿 gets its line
   (`services/notices.py`).
6. `services/reporting.py` builds the day's report: lines, list and cover sheet, sealed medium by the carrier
   (`reporting_types.MediaWriter`); two officers sign the hand-over; 送付日 is set, the notices wait for their result.
7. `services/results.py` takes the Service's answers in: what agrees closes itself, what does not waits on the board.
8. `jobs.py` by night: 20歳, 60歳, 65歳 and 未加入の疑い ahead of time, and `linkage.PENSION_QUALIFICATION` to the
市民課.
9. If the move is called off (901), step 1 begins again with a change that names what it cancels, and
   `services/undoing.py` undoes exactly what the first one caused, sent reports included (a withdrawal goes out).

A notice at the counter enters at step 5 through `services/notices.py`. `queries.py` answers every look, ledger first.
"""
