"""Benchmarks by name. Each answers with rows of a table, measured in one run against its peer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Row:
    """`ratio` is to the peer of the benchmark; `most_seconds` its goal, or `None` where there is none."""

    what: str
    seconds: float
    ratio: float
    most_seconds: float | None = None


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
