"""パスキー: the ceremonies of WebAuthn with user verification, for every program of the house that signs people in.

`ceremony` wraps py_webauthn so that nobody can forget what the house asks for: the user verified by the device, the
right origin, the right challenge, a counter that goes up. `models` are the two abstract tables that each program keeps
in its own schema: credentials, and challenges that are good once. `demo` makes the passkeys of a demo city, which an
outside check may load into a virtual authenticator.

Nothing here knows a user table: 社会保険オンライン (S7) and the portal share no account, no session and no row.
"""
