"""A refusal is of one family, and says why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from apps.audit.models import AuditEvent, Outcome
from apps.kernel.errors import LakewardenError


@contextmanager
def refused(family: type[LakewardenError], *codes: str, field: str | None = None) -> Iterator[None]:
    """Exactly this family, with all of these reasons; and the trail tells of one refusal more."""
    before = AuditEvent.objects.filter(outcome=Outcome.REFUSED).count()
    with pytest.raises(LakewardenError) as caught:
        yield
    assert type(caught.value) is family, caught.value
    said = {reason.code for reason in caught.value.reasons}
    assert said >= set(codes), said
    if field is not None:
        assert field in {reason.field for reason in caught.value.reasons}
    assert AuditEvent.objects.filter(outcome=Outcome.REFUSED).count() == before + 1
