"""The design system in words: its sections, and of every class and token the rule by which it is used.

For those who build pages, therefore in English only. A test holds it against the stylesheets.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Section:
    """`rules`: of each class; more than one in a key are used together. Shown by console/design/<id>.html."""

    id: str
    title: str
    lead: str
    rules: dict[str, str]

    @property
    def template(self) -> str:
        return f"console/design/{self.id}.html"


COLORS = {
    "Grounds and lines": "ground surface surface-sunken surface-hover line line-control",
    "Text": "text text-muted",
    "Accent": "accent accent-ground accent-ground-hover accent-soft on-accent focus",
    "Rail": "rail rail-text rail-text-strong rail-active rail-line rail-hover rail-rule rail-mark "
    "on-rail-mark "
    "backdrop",
    "Neutral": "neutral-text neutral-ground neutral-line",
    "Info": "info-text info-ground info-line",
    "Success": "success-text success-ground success-line positive-ground positive-ground-hover",
    "Warning": "warning-text warning-ground warning-line",
    "Danger": "danger-text danger-ground danger-line",
}
SIZES = ("size-small", "size-body", "size-large", "size-display")
SPACES = tuple(f"space-{step}" for step in range(1, 8))
OTHERS = {
    "font": "Text: what the device has.",
    "font-code": "Code, names of columns, ids.",
    "radius": "Corners of cards and tiles.",
    "radius-small": "Corners of controls and notices.",
    "radius-pill": "Chips and counts.",
    "target": "The least height of what is pressed.",
    "rail-width": "The rail on wide screens.",
    "measure": "The longest line of running text.",
    "shadow": "Cards lie on the page.",
    "shadow-raised": "Bars and sheets lie above it.",
    "quick": "The one transition; none where the reader prefers less motion.",
}

SECTIONS = (
    Section(
        id="tokens",
        title="Tokens",
        lead="Every color, length and time is named in tokens.css and nowhere else. Colors follow the "
        "light or "
        "dark setting of the device; text on its ground reaches 4.5:1, the border of a control 3:1.",
        rules={"swatches": "A grid of small samples."},
    ),
    Section(
        id="icons",
        title="Icons",
        lead="Asked for by what they mean, never by their shape. Always beside a word, which says it.",
        rules={
            "icon": "As tall as the text beside it, hidden from screen readers.",
            "brand": "The mark with the name, in the rail and at the entrance.",
        },
    ),
    Section(
        id="layout",
        title="Frame and layout",
        lead="A rail, a header, and the page. Components know nothing of their place; these classes set it.",
        rules={
            "frame": "Holds rail, page and footer of every page behind the sign-in.",
            "entrance": "The frame before it, and of trouble in which nothing may be relied on.",
            "topbar": "Narrow screens: the mark, and the button that opens the rail.",
            "rail close": "The navigation: a popover on narrow screens, a column on wide ones; Close "
            "only there.",
            "count": "How many wait, beside an entry of the rail.",
            "who": "At the end of the rail: who has signed in, and as what.",
            "skip-link": "The first thing the keyboard reaches; leads past the rail.",
            "page": "The main part, with its distances.",
            "page-header": "Title and lead at the left, the one action of the page at the right.",
            "lead": "One sentence under the title: what the page is for.",
            "messages": "What was done just now; stays until the next page.",
            "quiet": "News that come later: empty, it takes no place.",
            "page-footer": "The zone of all times, and ways out.",
            "stack": "Things one below the other.",
            "stack-tight": "The same for things that belong closely together.",
            "row": "Things side by side, which wrap.",
            "columns": "Cards side by side where there is room for two.",
            "with-rail": "A long text or form, and beside it what is read with it.",
            "sticky": "What is read beside a long form stays in sight.",
            "narrow": "A page with few and short fields.",
            "body": "The inside of a card or a disclosure.",
            "muted": "What may be skipped at first reading.",
            "small": "What is looked up, not read.",
            "prose": "Running text that people wrote, with their line breaks.",
            "visually-hidden": "Words for screen readers where eyes see them from the place.",
        },
    ),
    Section(
        id="cards",
        title="Cards and tiles",
        lead="A card is one subject with a heading. A tile is one figure. Neither holds another.",
        rules={
            "card": "With a header, a body and perhaps a footer; tables and lists stand in it without a "
            "body.",
            "tiles": "A description list of figures.",
            "tile": "One figure and what it counts.",
            "title": "The name of a thing in a list or a notice; breaks anywhere.",
            "doors": "Where one's work is done: a name and what it is for, each a link.",
            "sentence": "A request or a record read aloud, as the first thing of its page.",
            "quote": "What a person wrote, as they wrote it.",
        },
    ),
    Section(
        id="buttons",
        title="Buttons",
        lead="Verbs, not nouns. What leads elsewhere is a link; a link that looks like a button is the "
        "next step.",
        rules={
            "button": "What can be done here.",
            "button-primary": "One a page: what most came for.",
            "button-positive": "Only a verdict of yes.",
            "button-danger": "What cannot be taken back; never the first button of a row.",
            "button-small": "Beside a thing in a list, and in the rail.",
            "wide-only": "Of no use without a keyboard: gone on narrow and touched screens.",
        },
    ),
    Section(
        id="badges",
        title="Badges and tones",
        lead="States and classes: an icon and an adjective. Never clickable, and color is never the "
        "only sign.",
        rules={
            "badge": "One state; the words of all states are in wording.py.",
            "wrap": "A badge with a whole sentence may break inside a table.",
            "tone-info": "Somebody acts; nothing is asked of the reader.",
            "tone-success": "It is in force, or done.",
            "tone-warning": "It ends, waits or changed: look at it.",
            "tone-danger": "Refused, revoked, or of the highest class.",
        },
    ),
    Section(
        id="forms",
        title="Forms",
        lead="The label above, the hint under it, the error before the control and once more in the "
        "summary, in "
        "the same words. What was typed survives every error. The server checks, not the browser.",
        rules={
            "field": "Label, hint, errors and control.",
            "input": "Whatever is written into or chosen from.",
            "hint": "What a reader who is no lawyer and no engineer would ask.",
            "error": "What is wrong and how to mend it.",
            "doubt": "What may stay, and whoever reviews it should look at.",
            "still": "Which answers are missing yet; folded until somebody asks.",
            "without-script": "A button for what the page does by itself where scripts run.",
            "has-error": "On the field, so that its edge shows where.",
            "error-summary": "At the top of the page, with the focus; each line leads to its field.",
            "chips chip": "Few choices of one or two words.",
            "checks": "Many choices, in groups with a title each.",
            "check": "A single box to tick, with its label as the target.",
            "if-other-day": "The day that is asked for only with “another day”.",
            "if-model": "What is asked of a model only.",
            "if-labeling": "What is asked of those only who would label.",
            "if-class if-named if-bot": "What only one of the choices above it wants to know.",
            "if-consent if-transfer": "What only one kind of occurrence wants to know.",
            "inline-form": "One short field and its button on a line.",
        },
    ),
    Section(
        id="options",
        title="Options, rows, and fields that follow a choice",
        lead="Choices that need a sentence each, with the article of the law they rest on; small tables "
        "to write "
        "into. A field that only matters after a choice appears with it, without script.",
        rules={
            "options option": "Choices with a sentence each.",
            "options-short": "Choices without sentences, in narrower boxes.",
            "note": "The sentence, and the article, inside an option.",
            "rows": "A small table to write into; two blank rows, and a button for more.",
            "told": "What is wrong with a row, above its controls.",
            "long": "A control of a row that holds several lines.",
            "asked-": "Followed by the name of a field: shown once the choice was made that it belongs to.",
        },
    ),
    Section(
        id="bench",
        title="Bench and meter",
        lead="Many things of one kind worked on in one go: a table whose cells are controls, and how "
        "far it is.",
        rules={
            "bench": "A table of controls; each control has its own hidden label.",
            "meter": "How far; the figures stand beside it in words.",
        },
    ),
    Section(
        id="search",
        title="Search and filters",
        lead="One box that everybody understands, the finer choices folded away below it. All of it in "
        "the address.",
        rules={
            "search-line": "One field and its button.",
            "filters": "The finer choices, as many side by side as fit.",
            "filters-top": "Filters that may be wrong: an error grows downwards, the labels stay in line.",
        },
    ),
    Section(
        id="notices",
        title="Notices and reasons",
        lead="Something to know before going on, where it matters. Nothing essential is said by what "
        "vanishes.",
        rules={
            "notice": "A title with an icon, and a sentence or two; with a tone where it has one.",
            "notice-list": "Several things to know in one notice.",
            "reasons": "Why the house says no or asks somebody: the sentence, the remedy, the rule and "
            "the law.",
            "trouble": "The title of a page of trouble, which then says what happened, what is safe, "
            "what is next.",
        },
    ),
    Section(
        id="tables",
        title="Tables and lists",
        lead="A table where columns are compared, a list where things are opened. On narrow screens each row "
        "becomes a block whose cells name their column.",
        rules={
            "table": "With roles, and data-label on each cell.",
            "table-aligned": "Tables that follow each other in a card share their columns.",
            "typed": "What people typed may be one long word: it breaks anywhere.",
            "lines": "Two things said of one in a cell, under each other.",
            "list": "A title, what is said of it, a state at the end.",
        },
    ),
    Section(
        id="facts",
        title="Facts and terms",
        lead="A word and what it is, in a description list.",
        rules={
            "facts": "Side by side, to be looked up.",
            "facts-wide": "With longer words at the left.",
            "terms": "One below the other, to be read.",
        },
    ),
    Section(
        id="steps",
        title="Steps and checklists",
        lead="What was, is and comes, in order; or what is there and what is missing. Each state also "
        "in words.",
        rules={
            "steps": "A timeline.",
            "step-mark": "Its sign, in the tone of the step.",
            "checklist": "Done and missing, side by side where there is room.",
        },
    ),
    Section(
        id="disclosures",
        title="Disclosures, code and sheets",
        lead="What few need is one keystroke away. Kinds of code are disclosures of one name, of which "
        "one is open.",
        rules={
            "disclosure": "A line that unfolds.",
            "code tools": "Code with a button to copy it, which appears only where copying works.",
            "sheet": "Opens over the page, for help; never for what must be read.",
        },
    ),
    Section(
        id="ways",
        title="Ways: breadcrumbs, tabs, pages, empty states",
        lead="Where one is, how to go on, and what to do where there is nothing yet.",
        rules={
            "breadcrumbs": "The way up; the page itself is not in it.",
            "pages": "On to more of a long list, and back to its beginning.",
            "empty": "What is missing and the next step; with a button where there is one place to take it.",
        },
    ),
    Section(
        id="pictures",
        title="Pictures",
        lead="Drawn by the server. A table beside or behind each says the same.",
        rules={
            "picture": "The frame of every drawing.",
            "picture-label picture-note picture-value": "Names, what is said of them, and figures.",
            "picture-track picture-bar": "A bar, in its tone, before what it could be.",
            "picture-node is-start": "A thing one can go to; the one the page is about is marked.",
            "picture-line picture-head": "What leads from one to the other.",
            "scroll": "What is wider than the page scrolls in its own frame.",
            "table-behind": "The table that says what the picture shows.",
            "matrix matrix-low matrix-raised matrix-high": "How severe across how likely, in risks.",
            "picture-bounds picture-dot": "Between what it lies with 95 percent, and what was measured.",
            "picture-needed": "Where it has to be.",
            "heat is-same": "A table of how often one is taken for another; what is the same is framed.",
            "heat-none heat-few heat-some heat-many heat-most": "How much is in a cell, which says it too.",
            "clock clock-face": "A ring for time that runs out, beside what it says in words.",
            "clock-track clock-gone": "The whole of it, and what is gone.",
        },
    ),
    Section(
        id="bar",
        title="Action bar",
        lead="For long pages that end in a decision: it sticks to the lower edge, and what has the focus is "
        "scrolled clear of it. On small screens it stays in its place.",
        rules={"action-bar": "The reason at the left, the verdicts at the right."},
    ),
    Section(
        id="print",
        title="Print",
        lead="Paper shows what was read and decided, always light: no rail, no buttons, no forms; what "
        "is folded "
        "away is unfolded. It needs no class.",
        rules={},
    ),
)
