"""One house with data for the tests that need one."""

from __future__ import annotations

import pytest

from tests.compliance.happened import House


@pytest.fixture
def house() -> House:
    return House()
