"""社会保険オンライン (S7): the terminal lent by 日本年金機構, where an officer reads one person's pension record.

A program of its own: its process, its port, its accounts, its database login. It sees no other schema and no integrated
view, no other program sees its tables, and the only place it calls is the terminal controller of the 年金事務所
(評価書 I.2 システム7 ③). What an officer read here reaches the pension system by her hand alone.

1. 登録書: a supervisor hands in a form for one officer (`services/registration`); the 年金事務所 accepts it and gives
   an ID and a first password. Without an accepted form there is no operator: the database says so.
2. 生体登録: the operator appears before the supervisor, who gives her a code; she changes the password and registers
   a passkey whose device verifies her (`services/enrolment`).
3. Each terminal session begins with ID, password and the device's verification of the person (`services/sign_in`); a
   session without a used challenge and a credential cannot be written. Leaving the post ends it at once.
4. 照会: one full 基礎年金番号 or 個人番号 for one counselling case (`services/inquiry`). The entry in the access ledger
   and in the log is committed before the question leaves. The number is not kept, the answer is shown and not kept.
5. 照合: at the end of the day a supervisor compares the log with the list of the 年金事務所 and with the paper slips
   (`services/reconciliation`).
"""
