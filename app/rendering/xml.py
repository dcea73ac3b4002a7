"""Reading XML that others wrote, within bounds: no entities, no documents that are too deep or too large."""

import re
from collections.abc import Iterator
from html.entities import html5
from xml.etree import ElementTree

MOST_CHARACTERS = 500_000
MOST_DEPTH = 250
MOST_ELEMENTS = 20_000

_NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})


class XmlFault(ValueError):
    """The text is not XML that we are ready to read; the message says why."""


def parse_xml(source: str) -> ElementTree.Element:
    """The root of a document. HTML's named characters (`&times;`) are read, declared entities are refused."""
    if len(source) > MOST_CHARACTERS:
        raise XmlFault(f"longer than {MOST_CHARACTERS} characters")
    if "<!ENTITY" in source:
        raise XmlFault("declares entities")
    try:
        # Entities cannot expand: none are declared, and the parser loads nothing from outside.
        root = ElementTree.fromstring(_NAMED_ENTITY.sub(_character, source))  # noqa: S314
    except (ElementTree.ParseError, UnicodeEncodeError, ValueError) as fault:
        raise XmlFault(f"not well-formed XML: {fault}") from None
    _refuse_large(root)
    return root


def _character(entity: re.Match[str]) -> str:
    name = entity[1]
    return entity[0] if name in _XML_ENTITIES else html5.get(f"{name};", entity[0])


def _refuse_large(root: ElementTree.Element) -> None:
    for count, (depth, _) in enumerate(_with_depth(root), 1):
        if depth > MOST_DEPTH:
            raise XmlFault(f"nested more than {MOST_DEPTH} deep")
        if count > MOST_ELEMENTS:
            raise XmlFault(f"more than {MOST_ELEMENTS} elements")


def _with_depth(root: ElementTree.Element) -> Iterator[tuple[int, ElementTree.Element]]:
    """All elements with their depth, without recursion: the document may be deep."""
    waiting = [(1, root)]
    while waiting:
        depth, element = waiting.pop()
        yield depth, element
        waiting.extend((depth + 1, child) for child in element)


def as_html(root: ElementTree.Element) -> str:
    """The tree as text that HTML and XML parsers read alike (no self-closing tags)."""
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)
