from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platform.portal_process import Portal, new_state, running_portal


@pytest.fixture
def state() -> Iterator[Path]:
    with new_state() as directory:
        yield directory


@pytest.fixture(scope="module")
def lived_in() -> Iterator[Path]:
    """The state of a portal that is started again and again: its database is made once."""
    with new_state() as directory:
        yield directory


@pytest.fixture
def portal(lived_in: Path) -> Iterator[Portal]:
    """A running portal, for a test that does not leave it running."""
    with running_portal(lived_in) as running:
        yield running
