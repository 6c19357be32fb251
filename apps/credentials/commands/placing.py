"""Where something that a key asked for lies, seen from what the key opens. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from apps.credentials.lifecycle import Whereabouts
from apps.credentials.models import LeaseScope
from apps.lakes.providers.logs import Touch

FOLDERS = 2
"""So many folders of a name are kept: more would be a list of the lake."""
LONGEST_FOLDER = 120
LONGEST_BUCKET = 63
STAND_IN = "\ufffd"
REST = "*"
"""Stands for all further folders of a day; a folder by itself ends in a slash."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """`scope` is the key of the place it lies in, if it lies in one."""

    whereabouts: Whereabouts
    scope: int | None
    bucket: str
    folder: str

    @property
    def rest(self) -> Spot:
        """The same, without saying which folder."""
        is_inside = self.whereabouts is Whereabouts.INSIDE
        bucket = self.bucket if is_inside else REST
        return Spot(whereabouts=self.whereabouts, scope=self.scope, bucket=bucket, folder=REST)

    @property
    def told(self) -> str:
        return f"{self.bucket}/{self.folder}"


def spot_of(touch: Touch, scopes: Iterable[LeaseScope]) -> Spot:
    """Of places within each other, the narrowest. Whatever is an outset of the place's own name is on the
    way: the bucket, a parent, the name without its slash."""
    own = [scope for scope in scopes if scope.bucket == touch.bucket]
    around = [scope for scope in own if touch.key.startswith(scope.prefix)]
    if around:
        scope = max(around, key=lambda each: len(each.prefix))
        folder = _folder(touch.key.removeprefix(scope.prefix))
        return Spot(whereabouts=Whereabouts.INSIDE, scope=scope.pk, bucket=scope.bucket, folder=folder)
    is_above = not touch.bucket or any(scope.prefix.startswith(touch.key) for scope in own)
    return Spot(
        whereabouts=Whereabouts.ABOVE if is_above else Whereabouts.OUTSIDE,
        scope=None,
        bucket=_printed(touch.bucket)[:LONGEST_BUCKET],
        folder="" if is_above else _folder(touch.key),
    )


def _folder(name: str) -> str:
    folders = name.split("/")[:-1][:FOLDERS]
    text = _printed("/".join(folders))[: LONGEST_FOLDER - 1]
    return f"{text}/" if folders else ""


def _printed(text: str) -> str:
    return "".join(each if each.isprintable() else STAND_IN for each in text)
