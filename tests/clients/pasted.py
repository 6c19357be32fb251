"""Code as it stands on a page, in the environment of the clients: `pasted.py < CODE`.

CODE is JSON: names of libraries, and for each its code. What each came to is printed as JSON by the same
names: how many rows were read, what was printed, or `refused` and what the library said. All run in one
process, because importing takes the longest. Nothing of the project is imported here.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

EXTENSIONS = {
    "INSTALL httpfs; LOAD httpfs;": ("duckdb_extension_httpfs",),
    "INSTALL httpfs; LOAD httpfs; INSTALL aws; LOAD aws;": (
        "duckdb_extension_httpfs",
        "duckdb_extension_aws",
    ),
}
"""How DuckDB is told to fetch them from its house. The same ones come as packages, and are loaded instead."""


def python(code: str) -> str:
    names: dict[str, Any] = {}
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(code, names)  # noqa: S102 - that is what is tried
    for name in ("frame", "table"):
        if name in names:
            return f"{len(names[name])} rows"
    return printed.getvalue().strip()


def duckdb(code: str) -> str:
    import duckdb

    first, _line, statements = code.partition("\n")
    database = duckdb.connect()
    for package in EXTENSIONS[first]:
        (extension,) = Path(__import__(package).__path__[0]).rglob("*.duckdb_extension")
        database.load_extension(str(extension))
    return f"{len(database.execute(statements).fetchall())} rows"


def shell(code: str) -> str:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-ec", code], env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise OSError(done.stderr.strip())
    return " ".join(line.split()[-1] for line in done.stdout.splitlines())


RUNNERS = {"duckdb": duckdb, "cli": shell, "env": shell}


def outcome(name: str, code: str) -> str:
    try:
        return RUNNERS.get(name, python)(code)
    except Exception as error:  # noqa: BLE001 - libraries raise what they like, and that is what is told
        return f"refused {type(error).__name__}: {' '.join(str(error).split())[:300]}"


if __name__ == "__main__":
    code = json.load(sys.stdin)
    print(json.dumps({name: outcome(name, text) for name, text in code.items()}))
