"""Sets one document in type and ends: from JSON at the input to PDF at the output."""

from __future__ import annotations

import json
import sys
from datetime import datetime

from apps.kernel.pdf import set_in_type


def main() -> None:
    given = json.load(sys.stdin)
    made = set_in_type(given["document"], at=datetime.fromisoformat(given["at"]))
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
