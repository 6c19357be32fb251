"""XML in and out. Out: elements, never text glued together. In: only what a completed upload needs."""

from __future__ import annotations

# Bodies are read after a refusal of document types, see `parts_of`.
from xml.etree import ElementTree

from portal.embedded.lake import faults

Element = ElementTree.Element


def element(tag: str, text: str | None = None, **children: str | int) -> Element:
    """An element with text, or with one simple child for each keyword."""
    made = ElementTree.Element(tag)
    made.text = text
    for name, value in children.items():
        child = ElementTree.SubElement(made, name)
        child.text = str(value)
    return made


def nested(tag: str, *children: Element, namespace: str = "") -> Element:
    made = ElementTree.Element(tag, {"xmlns": namespace} if namespace else {})
    made.extend(children)
    return made


def document(root: Element) -> bytes:
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def parts_of(body: bytes) -> list[tuple[int, str]]:
    """(number, ETag) of a CompleteMultipartUpload body.  Raises: Fault."""
    if len(body) > 1_000_000 or b"<!" in body:
        raise faults.bad_request("MalformedXML", "The list of parts is not well-formed.")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - no document type, bounded above
        return [
            (int(_child(part, "PartNumber")), _child(part, "ETag")) for part in root if _name(part) == "Part"
        ]
    except (ElementTree.ParseError, ValueError):
        raise faults.bad_request("MalformedXML", "The list of parts is not well-formed.") from None


def _child(part: Element, name: str) -> str:
    for child in part:
        if _name(child) == name:
            return (child.text or "").strip()
    raise ValueError(name)


def _name(node: Element) -> str:
    return node.tag.rsplit("}", 1)[-1]
