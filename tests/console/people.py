"""People and forms in the tests of their pages."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

NOT_ONESELF = "Nobody may give a role or a permission to themselves."


def role(**given: Any) -> dict[str, Any]:
    return {"role": "steward", "domain_id": "", "starts_at": "", "ends_at": "", "key": str(uuid4()), **given}
