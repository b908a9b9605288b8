"""法令 (law): the rules of the city's pension work as pure functions over dated legal values.

Nothing here reads a clock, a file of the city or a database. ``engine`` runs rules over columns, ``parameters`` holds
legal values by date, ``rules`` are the rules themselves, ``cases`` are worked cases an officer can review and
``interface`` is the front of ``kokunen rules``.
"""
