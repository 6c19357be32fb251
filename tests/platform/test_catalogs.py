"""Translations: compiled by the portal itself, with every place for a fact kept."""

from __future__ import annotations

import gettext
import io
import re
from pathlib import Path

import pytest

from portal import env
from portal.catalogs import Message, compile_all, compiled, messages_in
from portal.marked import gather, marked_in

SOURCES = env.ROOT / "locale"
LANGUAGES = sorted(path.name for path in SOURCES.iterdir())
PLACES = re.compile(r"%\(\w+\)s|</?\w+>")
SAMPLE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

# A comment.
msgid "Grant"
msgstr "Zugang"

msgctxt "verb"
msgid "Grant"
msgstr "Gewähren"

msgid "%(number)s day"
msgid_plural "%(number)s days"
msgstr[0] "%(number)s Tag"
msgstr[1] ""
"%(number)s "
"Tage"

msgid "Not yet"
msgstr ""

#~ msgid "Gone"
#~ msgstr "Fort"
"""


def messages(language: str) -> list[Message]:
    catalog = (SOURCES / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    return [message for message in messages_in(catalog) if message.id]


def test_what_is_compiled_is_what_gettext_reads() -> None:
    read = gettext.GNUTranslations(io.BytesIO(compiled(SAMPLE)))
    assert read.gettext("Grant") == "Zugang"
    assert read.pgettext("verb", "Grant") == "Gewähren"
    assert [read.ngettext("%(number)s day", "%(number)s days", n) for n in (1, 2)] == [
        "%(number)s Tag",
        "%(number)s Tage",
    ]
    assert read.gettext("Not yet") == "Not yet"
    assert read.gettext("Gone") == "Gone"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_every_place_for_a_fact(language: str) -> None:
    def places(text: str) -> list[str]:
        return sorted(PLACES.findall(text))

    lost = [
        (message.id, text)
        for message in messages(language)
        if message.is_translated
        for number, text in message.texts.items()
        if places(text) != places(message.plural if number and message.plural else message.id)
    ]
    assert lost == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_stands_twice(language: str) -> None:
    keys = [message.key for message in messages(language)]
    assert len(keys) == len(set(keys)) > 1500


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_main_job_is_translated(language: str, tmp_path: Path) -> None:
    compile_all(SOURCES, tmp_path)
    read = gettext.translation("django", tmp_path, [language])
    for text in ("Catalog", "Send request", "Inbox", "Approve", "Take a key", "There is a problem"):
        assert read.gettext(text) != text
    assert read.ngettext("%(number)s asset shown", "%(number)s assets shown", 3).startswith("%(number)s ")


def test_every_marked_text_has_its_place_in_each_catalog() -> None:
    """`python3 manage.py gather_texts` gives it one; what is not translated there is shown in English."""
    marked = marked_in(env.ROOT)
    for language in LANGUAGES:
        held = messages(language)
        known = {(message.id, message.plural) for message in held}
        assert [each for each in marked if each not in known] == [], language
        assert sum(message.is_translated for message in held) > 0.95 * len(held), language


def test_marked_texts_are_found_in_code_and_templates_and_added_once(tmp_path: Path) -> None:
    (tmp_path / "apps").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "locale/es/LC_MESSAGES").mkdir(parents=True)
    catalog = tmp_path / "locale/es/LC_MESSAGES/django.po"
    catalog.write_text(SAMPLE.replace("nplurals=2", "nplurals=3"), encoding="utf-8")
    (tmp_path / "apps/words.py").write_text(
        """A = _("Not yet")
B = gettext_lazy("A \\"new\\" word")
C = ngettext("%(count)s key", "%(count)s keys", 3)
D = declare("CODE", "It is late.", "Come earlier.")
E = plain("not marked")
""",
        encoding="utf-8",
    )
    (tmp_path / "templates/page.html").write_text(
        '{% load i18n %}{% translate "Title" %}{{ is_late|yesno:_("yes,no") }}'
        "{% blocktranslate count count=n %}{{ count }} row{% plural %}{{ count }} rows"
        "{% endblocktranslate %}",
        encoding="utf-8",
    )
    assert set(marked_in(tmp_path)) == {
        ("Not yet", ""),
        ('A "new" word', ""),
        ("%(count)s key", "%(count)s keys"),
        ("It is late.", ""),
        ("Come earlier.", ""),
        ("Title", ""),
        ("yes,no", ""),
        ("%(count)s row", "%(count)s rows"),
    }
    assert gather(tmp_path) == {"es": 7}
    assert gather(tmp_path) == {"es": 0}
    held = {message.id: message for message in messages_in(catalog.read_text(encoding="utf-8"))}
    assert len(held["%(count)s row"].texts) == 3
    assert not held["Title"].is_translated
