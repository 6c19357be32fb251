"""Programs that sign in by what their platform says of them: OpenID Connect tokens, taken for our own.

`tokens` reads and checks, and asks nobody; `keysets` picks the key that signed; `discovery` brings the keys
of an issuer over the outbound client; `exchange` gives an access token for what held.
"""
