"""Benchmarks by name. Each answers with rows of a table, measured in one run against its peer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Row:
    """`ratio` is to the peer of the benchmark; `most_seconds` and `most_ratio` are its goals, or `None` where
    there is none."""

    what: str
    seconds: float
    ratio: float
    most_seconds: float | None = None
    most_ratio: float | None = None

    @property
    def is_missed(self) -> bool:
        is_slow = self.most_seconds is not None and self.seconds > self.most_seconds
        return is_slow or (self.most_ratio is not None and self.ratio > self.most_ratio)

    @property
    def goal(self) -> str:
        if self.most_seconds is not None:
            return f"{self.most_seconds:g} s"
        return "" if self.most_ratio is None else f"{self.most_ratio:g} x"


Benchmark = Callable[..., list[Row]]
"""What it takes, if anything, is how large it shall be."""
BENCHMARKS: dict[str, Benchmark] = {}


def benchmark(name: str) -> Callable[[Benchmark], Benchmark]:
    def register(measure: Benchmark) -> Benchmark:
        BENCHMARKS[name] = measure
        return measure

    return register


def known() -> Mapping[str, Benchmark]:
    return dict(sorted(BENCHMARKS.items()))


def missed(rows: Iterable[Row]) -> list[str]:
    return [row.what for row in rows if row.is_missed]
