from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platform.portal_process import Portal, new_state, running_portal


@pytest.fixture
def state() -> Iterator[Path]:
    with new_state() as directory:
        yield directory


@pytest.fixture
def portal(state: Path) -> Iterator[Portal]:
    """A running portal of its own, for a test that does not leave it running."""
    with running_portal(state) as running:
        yield running
