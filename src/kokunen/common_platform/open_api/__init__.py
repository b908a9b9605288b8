"""公開用API: how a system outside this program calls one of ours (共通機能標準仕様書 2.2.5).

OAuth 2.0 Client Credentials: a client is a system, not a person. It proves itself with client_secret_jwt (HS256) or
client_secret_basic, asks for one or more scopes of **one** supplier, and gets a short-lived opaque token that only the
Authorization header carries. There is no refresh token. The called API looks the token up here (introspection).
"""
