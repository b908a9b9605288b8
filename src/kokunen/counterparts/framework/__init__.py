"""外部機関の共通部品 — what every counterpart process is made of.

`process` runs one party: it locks the data folder, opens the state, serves health and control on loopback, works in a
loop and stops cleanly on SIGTERM. `store` is the party's own SQLite file, written so that a kill at any instant loses
and doubles nothing. `trouble` holds the faults an operator may order (fail, delay, repeat, garble, die) until heal.
`files` moves files into trays atomically. `seal` makes and opens encrypted media images. `pki`, `line` and `client`
are for parties with a line: a small certification authority, HTTPS with client certificates, and the city's caller.
"""
