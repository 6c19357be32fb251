"""The demo lake: S3, STS and a little IAM on the loopback address, for demonstrations and tests only.

moto keeps the objects; it enforces neither session policies nor conditions nor expiry, so everything that
decides lies in front of it: `signature` (who asks), `tokens` (with which session), `operations` (what is
asked), `policy` (may they), `audit` (what became of it). Whatever one of them does not know is denied.
"""
