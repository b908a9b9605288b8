"""外部機関 — the parties outside the city hall, each a process of its own.

A counterpart is a separate program: it keeps its own state in its own folder, speaks a real file format or protocol,
and shares no database, no key and no memory with the city. `framework` holds what all of them need (process, state,
trouble on purpose, tray, seal, line with client certificates); every party has one folder, and what its wire or file
format looks like is known to that folder alone. The city reaches a party through the `gateway` of that folder.

Nothing here belongs to the city's own data protection boundary: what a counterpart was told is what left the house.
"""
