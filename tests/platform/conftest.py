from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platform.portal_process import Portal, new_state, running_portal


@pytest.fixture
def state() -> Iterator[Path]:
    directory = new_state()
    yield directory
    shutil.rmtree(directory.parent)


@pytest.fixture
def portal(state: Path) -> Iterator[Portal]:
    """A running portal of its own, for a test that does not leave it running."""
    with running_portal(state) as running:
        yield running
