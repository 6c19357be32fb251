"""A value that does not show itself.

Keys leak through the side doors: a traceback's locals, a log line, a pickled task argument, an `asdict`.
This type closes those and leaves one door with a name on it, `reveal()`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NoReturn, SupportsIndex

MASK = "<secret>"


class Secret:
    """The parts of a key by name, such as `access_key_id`. Only `reveal()` gives them out.

    It cannot be pickled or compared, and a copy is the thing itself, so that `dataclasses.asdict` and
    `copy.deepcopy` find nothing to take apart.
    """

    __slots__ = ("_reveal",)

    def __init__(self, parts: Mapping[str, str]) -> None:
        kept = MappingProxyType(dict(parts))
        object.__setattr__(self, "_reveal", lambda: kept)

    def reveal(self) -> Mapping[str, str]:
        """The parts, in clear. Call it where the key is shown or used, and nowhere else."""
        reveal = object.__getattribute__(self, "_reveal")
        parts: Mapping[str, str] = reveal()
        return parts

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("A secret does not change.")

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __format__(self, format_spec: str) -> str:
        return MASK

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Secret:
        return self

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("A secret is not written down.")
