"""Refusals with the codes that AWS uses (Amazon S3 API Reference, "Error responses")."""

from __future__ import annotations


class Fault(Exception):
    """A refusal that becomes an error document."""

    def __init__(self, code: str, status: int, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.message = message


def access_denied(message: str = "Access Denied") -> Fault:
    return Fault("AccessDenied", 403, message)


def bad_request(code: str, message: str) -> Fault:
    return Fault(code, 400, message)


def not_found(code: str, message: str) -> Fault:
    return Fault(code, 404, message)
