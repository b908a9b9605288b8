"""運用の机: the operator's screens over jobs, feeds, resources and alerts.

The machine room itself (``operations``) knows no screen and no person; here its state is shown, and what an operator
does is written into the ledger. Feeds and outboxes are measured here, because this floor may know them.
"""
