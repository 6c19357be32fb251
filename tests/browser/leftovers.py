"""Where a key might lie once it has been shown: in what the browser keeps, in the files of the portal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

PIECE = 16
ITS_OWN_LAKE = "lake"
"""The folder of the demo lake, whose key it is."""

KEPT = """async () => {
  const stores = [];
  for (const { name } of await indexedDB.databases()) stores.push(name);
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys())
      stores.push(request.url, await (await cache.match(request)).text());
  }
  for (const worker of await navigator.serviceWorker.getRegistrations()) stores.push(worker.scope);
  return JSON.stringify([
    { ...localStorage }, { ...sessionStorage }, document.cookie, history.state, window.name, stores,
  ]);
}"""


def pieces_in(code: str) -> list[str]:
    """The secret parts of a key as they stand in code for boto3, cut up."""
    found = dict(re.findall(r"aws_(secret_access_key|session_token)='([^']+)'", code))
    assert set(found) == {"secret_access_key", "session_token"}
    return [value[at : at + PIECE] for value in found.values() for at in range(0, len(value) - PIECE, PIECE)]


def kept_by(page: Page) -> str:
    """All that this site has stored in the browser, and the page that is shown."""
    state = page.context.storage_state(indexed_db=True)
    return "\n".join((str(page.evaluate(KEPT)), str(state), page.content()))


def files_with(state: Path, pieces: list[str]) -> list[str]:
    """The files of a running portal that hold a piece: its database with the log of it, its broker with all
    that it was ever handed, and what its parts wrote down."""
    wanted = [piece.encode() for piece in (*pieces[:2], *pieces[-2:])]
    found = []
    for file in _files(state):
        content = file.read_bytes()
        if any(piece in content for piece in wanted):
            found.append(str(file.relative_to(state)))
    return found


def _files(state: Path) -> Iterator[Path]:
    for file in state.rglob("*"):
        if file.is_file() and file.relative_to(state).parts[0] != ITS_OWN_LAKE:
            yield file
