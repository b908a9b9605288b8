"""既存住民基本台帳 (System 2): the residents' register of the city, kept by 市民課 (住民基本台帳法).

The task, step by step:

1. A notice comes to the counter (届出, 法22条-25条, 30条の46-48) or a fact is found ex officio (職権, 令12条).
2. The officer looks the people up (`queries.find_residents`), opens the household (`queries.get_household`) and enters
   the notice on one screen (`web`). Nothing is judged there: `services` hold the rules of the register.
3. A service locks the household, checks that nobody changed it meanwhile, and writes a new full row per person
   (`models.ResidentVersion`; nothing is overwritten, SPEC 1.2.1) and one entry of the event log
   (`models.ResidentEvent`).
4. In the same transaction it writes the ledger entry, the search rows, and publishes the person's row and a change with
   異動事由 and 異動日 (`linkage`); pension, tax and the others act on that change, never on these tables.
5. The visitor gets a 受付票 (`documents`); what a later day brings by itself (planned moving out) is `jobs`.

Neighbours: the integrated database (publishes `resident`), the ledger, the printing office. 個人番号 is not kept here:
it lives in the number vault under the 宛名番号 (architecture.md, section 3).
"""
