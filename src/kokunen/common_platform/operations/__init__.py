"""運用管理: starting, stopping and watching the processes of one city hall.

The office's machine room. It knows how to run a database cluster of its own (``embedded_postgres``), what day the
office has (``clock``), where a city keeps its files and ports (``environment``), which processes make up a city
(``processes``), how they are started, restarted and stopped in order (``supervisor``) and whether all of them are
up (``heartbeats``, ``health``). Nothing here knows a person or a rule.
"""
