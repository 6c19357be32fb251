"""The design page shows what there is, and the stylesheets hold nothing that nobody uses."""

from __future__ import annotations

import re
from pathlib import Path

from apps.console import design
from tests.console.conftest import Browse

ROOT = Path(__file__).parents[2]
STYLES = sorted((ROOT / "static/css").glob("*.css"))
COMPONENTS = {f"components/{path.name}" for path in (ROOT / "templates/components").iterdir()}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")


def classes() -> set[str]:
    """Of every selector; a selector is what stands before a brace."""
    found: set[str] = set()
    for path in STYLES:
        selectors = re.findall(r"([^{};]+)\{", COMMENT.sub("", path.read_text()))
        found |= set(CLASS.findall(" ".join(re.sub(r"\"[^\"]*\"|\d\.\d+", "", each) for each in selectors)))
    return found


def documented() -> set[str]:
    return {name for section in design.SECTIONS for names in section.rules for name in names.split()}


def rule_name(name: str) -> str:
    return "asked-" if name.startswith("asked-") else name


def used() -> str:
    """Whatever stands in a class attribute of a template, or in Python; the design page itself is no use."""
    shown = ROOT / "templates/console/design"
    templates = [path for path in (ROOT / "templates").rglob("*.html") if shown not in path.parents]
    modules = [path for path in (ROOT / "apps").rglob("*.py") if path.stem != "design"]
    given = [each for path in templates for each in re.findall(r'class="(.*?)[">]', path.read_text())]
    return "\n".join([*given, *(path.read_text() for path in modules)])


def test_every_class_of_the_stylesheets_is_used() -> None:
    words = set(re.findall(r"[\w-]+", used()))
    # A field of the record form is asked-<its name>, a tone is tone-<of its word>, a risk matrix-<its level>.
    stems = {name: re.sub(r"^(asked|tone|matrix)-", "", name) for name in classes()}
    dead = {name for name, stem in stems.items() if not {name, stem} & words}
    assert dead == {"swatches"}  # of the design page alone


def test_every_class_has_a_rule_of_use_and_no_rule_is_stale() -> None:
    assert {rule_name(name) for name in classes()} == documented()


def test_every_token_is_on_the_page_and_in_use(browse: Browse) -> None:
    text = COMMENT.sub("", (ROOT / "static/css/tokens.css").read_text())
    tokens = set(re.findall(r"(--[\w-]+):", text))
    page = browse("scientist").get("/design/").text
    shown = set(re.findall(r"<code>(--[\w-]+)</code>", page))
    assert tokens and tokens == shown
    styles = "".join(path.read_text() for path in STYLES)
    assert {name for name in tokens if not re.search(rf"var\({name}[,)]", styles)} == set()


def test_every_component_and_icon_is_on_the_page(browse: Browse) -> None:
    answer = browse("scientist").get("/design/")
    assert COMPONENTS - {template.name for template in answer.templates} == set()


def test_the_contents_lead_to_every_section(browse: Browse) -> None:
    page = browse("scientist").get("/design/").text
    for section in design.SECTIONS:
        assert f'href="#{section.id}"' in page and f'id="{section.id}"' in page
