"""Parts of one long line: where each begins and ends, in order, and none touches another. Areas are read into
such a line row by row, so what is shared and what is covered is counted there."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from operator import sub

Stretches = Sequence[float]
"""Begin, end, begin, end."""
NOTHING: Stretches = array("d")


def length(of: Stretches) -> float:
    return math.fsum(map(sub, of[1::2], of[::2]))


def united(several: Sequence[Stretches]) -> Stretches:
    """What lies in one at least; what lies in two counts once."""
    if len(several) == 1:
        return several[0]
    pairs = sorted(pair for each in several for pair in zip(each[::2], each[1::2], strict=True))
    found = array("d")
    for begin, end in pairs:
        if found and begin <= found[-1]:
            if end > found[-1]:
                found[-1] = end
        else:
            found.append(begin)
            found.append(end)
    return found


def shared(one: Stretches, other: Stretches) -> float:
    """How long it is that lies in both."""
    if not len(one) or not len(other) or one[-1] <= other[0] or other[-1] <= one[0]:
        return 0.0
    return math.fsum(_shared(one, other))


def _shared(one: Stretches, other: Stretches) -> Iterable[float]:
    here, there, ends, others = 0, 0, len(one), len(other)
    while here < ends and there < others:
        begin = max(one[here], other[there])
        end, end_too = one[here + 1], other[there + 1]
        if end <= end_too:
            if end > begin:
                yield end - begin
            here += 2
        else:
            if end_too > begin:
                yield end_too - begin
            there += 2
