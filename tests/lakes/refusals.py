"""What a refused call says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from apps.lakes.providers.s3.faults import code_of


def refusal_of(call: Callable[[], object]) -> str:
    """The code of a call that must be refused; fails where it is allowed."""
    with pytest.raises(ClientError) as caught:
        call()
    return code_of(caught.value)


def is_denied(call: Callable[[], object]) -> bool:
    """HEAD answers have no body, so there the code is the status."""
    return refusal_of(call) in {"AccessDenied", "403"}
