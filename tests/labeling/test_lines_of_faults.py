"""Every faulty line of a file is found, however many there are, and what is told of them is bounded."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.errors import InvalidInput
from apps.labeling.checks.examined import examined
from apps.labeling.checks.terms import Terms
from apps.labeling.commands.erasing import _without
from apps.labeling.imports import faulty, reading
from apps.labeling.imports.annotation import LABEL_EMPTY, Fault, fault
from apps.labeling.imports.faulty import Lines, beyond, with_first
from apps.labeling.imports.manifest import read_manifest
from apps.labeling.imports.names import Names
from apps.labeling.imports.reading import read_export
from apps.labeling.imports.schema import OUTSIDE_SCHEMA, held_to_schema
from apps.labeling.imports.told import FAULTS_TOLD, reasons_of
from apps.policy.reason import Reason
from tests.labeling.exports import table

KINDS = (LABEL_EMPTY, OUTSIDE_SCHEMA, "LABELS_ID_TWICE")
NOW = datetime(2026, 3, 2, tzinfo=UTC)
DASH = "\N{EN DASH}"


def lines_told(reasons: tuple[Reason, ...]) -> list[int]:
    """All lines that are told, each as often as that."""
    found: list[int] = []
    for each in reasons:
        if each.code == "LABELS_MORE_FAULTS_ALIKE":
            for part in str(each.facts["lines"]).split(", "):
                begin, _, end = part.partition(DASH)
                found.extend(range(int(begin), int(end or begin) + 1))
        elif place := re.fullmatch(r"content\.(\d+).*", each.field):
            found.append(int(place[1]))
    return found


def _kinds(faults: list[Fault]) -> set[str]:
    return {each.reason.code for each in faults}


def some(lines: list[tuple[int, int]]) -> list[Fault]:
    return [fault(KINDS[kind], line, "label", label="x") for line, kind in lines]


@given(
    st.lists(st.tuples(st.integers(1, 400), st.integers(0, 2)), unique=True, max_size=400).map(sorted),
    st.integers(0, 400),
)
def test_every_line_is_told_once_for_each_kind(lines: list[tuple[int, int]], kept: int) -> None:
    """Wherever what is kept as it is ends."""
    faults = some(lines)
    reasons = reasons_of(faults[:kept], len(faults), beyond(faults[kept:]))
    assert sorted(lines_told(reasons)) == sorted(line for line, _kind in lines)
    assert len(reasons) <= FAULTS_TOLD + 2 * len(KINDS)
    first = {min(each.line for each in faults if each.reason.code == code) for code in _kinds(faults)}
    for each in reasons:
        if each.code == "LABELS_MORE_FAULTS_ALIKE":
            assert each.facts["like"] in first


def test_lines_are_told_in_their_order_and_put_together() -> None:
    found = Lines(first=some([(9, 0)])[0])
    for line in (30, 31, 31, 5, 6, 32, 33):
        found.add(line, line, 1)
    assert (str(found), found.count) == (f"5{DASH}6, 30{DASH}33", 7)
    assert str(with_first(found)) == f"5{DASH}6, 9, 30{DASH}33"


def test_there_is_room_for_so_many_ranges_and_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faulty, "MOST_RANGES", 3)
    faults = some([(line, 0) for line in range(1, 2 * FAULTS_TOLD + 20, 2)])
    *told, alike, more = reasons_of(faults, len(faults), {})
    assert len(told) == FAULTS_TOLD
    assert alike.facts == {"more": 3, "like": 1, "lines": "201, 203, 205"}
    assert (more.code, more.facts) == ("LABELS_MORE_FAULTS", {"more": 7})


def test_of_more_faults_than_are_kept_all_lines_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_FAULTS", 5)
    wrong = [f"i{n},1,{'' if n % 3 else 'granite'}" for n in range(300)]
    with pytest.raises(InvalidInput) as refused:
        examined(table(*wrong), Terms(labels=("shale",)), leave_out_faults=False)
    assert sorted(lines_told(refused.value.reasons)) == list(range(2, 302))
    export = held_to_schema(read_export(table(*wrong)), Terms(labels=("shale",)))
    assert (len(export.faults), export.faulty) == (5, 300)


def test_the_lines_of_a_list_of_items_are_told_as_well() -> None:
    found = read_manifest(("item\n" + "\n".join(["a"] * 1501)).encode())
    assert len(lines_told(reasons_of(found.faults, found.faulty, found.beyond))) == found.faulty == 1500


def test_the_report_of_a_file_tells_lines_too(tmp_path: Path) -> None:
    file, said = tmp_path / "labels.csv", StringIO()
    file.write_bytes(table(*(f"i{n},1," for n in range(200))))
    with pytest.raises(CommandError):
        call_command("label_report", str(file), stdout=said)
    assert f"{DASH}201." in said.getvalue()


def test_numbers_of_lines_are_no_names_of_erased_items() -> None:
    faults = some([(line, 0) for line in range(1, FAULTS_TOLD + 30)])
    kept = [each.as_json() for each in reasons_of(faults, len(faults), {})]
    assert _without(kept[-1], Names(["29", "130", "1"]), at=NOW) == kept[-1]
    named = [each.as_json() for each in reasons_of(some([(1, 0)]), 1, {})]
    assert _without(named[0], Names(["x"]), at=NOW)["code"] == "LABELS_ITEM_ERASED"
