"""コマンド: what the ``kokunen`` command can do, one module a subject.

A module defines its commands and imports what they need only when they run: ``kokunen --help`` must be instant, and
``kokunen rules`` must work without Django, a database or a configured city.
"""
