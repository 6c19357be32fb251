"""Texts that are marked for translation in code and templates, and catalogs in which each has its place.

Read from the sources as Python and Django read them, so that no gettext tools are needed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize

from portal.catalogs import messages_in

ONE = frozenset({"_", "gettext", "gettext_lazy"})
SEVERAL = frozenset({"ngettext", "ngettext_lazy"})
IN_TEMPLATE = re.compile(r"\b(_|n?gettext)\(((?:\s*,?\s*u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"))+)")
PLACE = re.compile(r"%\(\w+\)s")
FORMS = re.compile(r"nplurals=(\d)")

Marked = tuple[str, str]
"""A text and its plural, which is empty where it has none."""


def marked_in(root: Path) -> dict[Marked, str]:
    """Each text with the first file that marks it, in the order of the files."""
    found: dict[Marked, str] = {}
    for path in sorted([*root.glob("apps/**/*.py"), *root.glob("portal/**/*.py")]):
        for marked in _in_code(path.read_text(encoding="utf-8")):
            found.setdefault(marked, str(path.relative_to(root)))
    for path in sorted(root.glob("templates/**/*.*")):
        if path.suffix in {".html", ".txt"}:
            for marked in _in_template(path.read_text(encoding="utf-8")):
                found.setdefault(marked, str(path.relative_to(root)))
    return found


def _in_code(source: str) -> Iterator[Marked]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        given = [each.value if isinstance(each, ast.Constant) else None for each in node.args]
        if name in ONE:
            yield from ((text, "") for text in given[:1] if isinstance(text, str))
        elif name in SEVERAL and isinstance(given[0], str) and isinstance(given[1], str):
            yield given[0], given[1]
        elif name == "declare":  # the code of a reason, then its sentence and its remedy
            yield from ((text, "") for text in given[1:3] if isinstance(text, str) and text)
        elif name == "worded":  # codes of facts
            values = [each.value.value for each in node.keywords if isinstance(each.value, ast.Constant)]
            yield from ((text, "") for text in values if isinstance(text, str))


def _in_template(source: str) -> Iterator[Marked]:
    for name, written in IN_TEMPLATE.findall(templatize(source)):
        texts = ast.literal_eval(f"({written.strip().strip(',')},)")
        yield (texts[0], texts[1]) if name == "ngettext" else (texts[0], "")


def missing_in(catalog: str, marked: dict[Marked, str]) -> list[Marked]:
    known = {(message.id, message.plural) for message in messages_in(catalog)}
    return [each for each in marked if each not in known]


def entry_of(marked: Marked, *, forms: int) -> str:
    """As it stands in a catalog of a language with so many forms, without its translation."""
    text, plural = marked
    lines = ["#, python-format"] if PLACE.search(text + plural) else []
    lines += [f"msgid {_quoted(text)}"]
    if plural:
        lines += [f"msgid_plural {_quoted(plural)}", *(f'msgstr[{form}] ""' for form in range(forms))]
    else:
        lines += ['msgstr ""']
    return "\n" + "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def gather(root: Path) -> dict[str, int]:
    """Gives each marked text its place in each catalog, and says how many were added to which language."""
    marked, added = marked_in(root), {}
    for path in sorted(root.glob("locale/*/LC_MESSAGES/django.po")):
        catalog = path.read_text(encoding="utf-8")
        missing = missing_in(catalog, marked)
        stated = FORMS.search(catalog)
        entries = [entry_of(each, forms=int(stated[1]) if stated else 2) for each in missing]
        if entries:
            path.write_text(catalog.rstrip("\n") + "\n" + "".join(entries), encoding="utf-8")
        added[path.parts[-3]] = len(entries)
    return added
