"""保護措置の台帳: registers and procedures by which the city keeps what its assessment promises.

One pattern carries all of them. A register (`procedures.yaml`) names its fields, its steps and who may take them; an
entry and its steps are only ever added. Each step is signed by the person who takes it, sealed with a key outside the
database and bound to the step before; the database refuses a second signature by the same hand. What a step lets
happen (an output, a release, a deletion, an account) verifies these seals again before it happens: a row that somebody
writes into the table by himself opens nothing.

1. An officer enters something (`services.register.open_entry`): a request for a bulk output, a medium, a complaint.
2. Others take the steps that the procedure allows next (`services.register.act`).
3. Dues are computed from the steps, never stored; what is overdue stands on the list and on the home page.

Assessment: III.2 to III.10, IV; the two media incidents of 別添2 rows 15, 16, 25, 26.
"""
