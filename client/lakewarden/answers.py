"""What comes of a call, where it is not what was asked for."""

from __future__ import annotations

from dataclasses import dataclass

PATIENCE_SECONDS = 30


class PortalUnreachable(Exception):
    """Nothing answered, or what answered is no portal."""


@dataclass(frozen=True, kw_only=True)
class Reason:
    sentence: str
    remedy: str
    rule: str


class Refused(Exception):
    """The portal said no. `code` is stable; `reasons` say why and what would help."""

    def __init__(self, status: int, code: str, detail: str, reasons: tuple[Reason, ...]) -> None:
        super().__init__(detail)
        self.status, self.code, self.reasons = status, code, reasons

    def lines(self) -> list[str]:
        told = [f"{each.sentence} {each.remedy}".strip() for each in self.reasons]
        return told or [str(self)]
