"""閲覧記録の照会: who has looked at a person, for the auditor, the chiefs and the disclosure desk.

The ledger itself knows neither screens nor staff names; this room reads it (leaving an entry for that look, too),
puts names to staff and office numbers and shows the result. Task: assessment III.3 (access log taken, kept,
analysed), IV (disclosure).
"""
