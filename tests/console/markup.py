"""What a page may not hold, and text that would put it there."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

NASTY = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'=1+1\U0001f40b"
IN_EVERY_POLICY = ("default-src 'self'", "base-uri 'none'", "form-action 'self'", "object-src 'none'")


class Inline(HTMLParser):
    """Collects what a strict policy would block, ids that stand twice, and controls without a label."""

    def __init__(self) -> None:
        super().__init__()
        self.blocked: list[str] = []
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.controls: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.blocked.append(tag)
        self.blocked += [name for name in given if name == "style" or name.startswith("on")]
        self.blocked += [value for value in given.values() if str(value).startswith("javascript:")]
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "label":
            self.labels.add(given.get("for", ""))
        if tag in {"input", "select", "textarea"} and given.get("type") not in {
            "hidden",
            "checkbox",
            "radio",
        }:
            self.controls.add(given.get("id", ""))


def inspected(page: str) -> Inline:
    seen = Inline()
    seen.feed(page)
    return seen


def faults_in(answer: Any) -> Iterator[str]:
    """Of a page: its policy, what that would block, ids that stand twice, bare controls, live markup."""
    policy, page = answer.headers["Content-Security-Policy"], answer.text
    if "unsafe" in policy or not all(directive in policy for directive in IN_EVERY_POLICY):
        yield f"the policy is {policy}"
    seen = inspected(page)
    if seen.blocked:
        yield f"a strict policy blocks {seen.blocked}"
    if len(seen.ids) != len(set(seen.ids)):
        yield "an id stands twice"
    if not seen.controls <= seen.labels:
        yield f"no label for {seen.controls - seen.labels}"
    if "<script>alert" in page or "<img" in page:
        yield "what was typed is markup"
