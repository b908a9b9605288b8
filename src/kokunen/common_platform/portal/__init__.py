"""ポータル (共通機能 S3-4): the door of the city hall for its staff.

1. A member of staff signs in with number and password (`services/sign_in`); five failures in a row lock the account for
   a while (django-axes). Success, failure and end of a session stand in the access ledger.
2. The session is a row of this database (`models/session`): who, from which terminal, since when, last touched when.
   The server ends it after the idle time, after the absolute lifetime, at a second sign-in, at a transfer and at
   revocation; the browser has no say, and requests that a page makes by itself do not count as work.
3. What one may do follows from the posting that is valid today (`models/posting`): an office and roles, entered before
   the day. Roles give permissions (`permissions`), each declared once by the subsystem that guards something with it.
4. Every route states its permission and, for personal data, its purpose (`web/access`); the view receives the access
   context that services and queries ask for.
5. The home page (`home`) shows what each subsystem reports of its day, the menu what the roles allow.

Screens of all subsystems stand on the templates and parts described in `kokunen/templates/README.md`.
"""
