"""The texts that the rules of a part hear: each is made ready once, and told which phrases can be in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.grading.checks.frame import Setting
from app.grading.checks.sections import under
from app.grading.language import PhraseIndex, Phrases, Search, ready, standing
from app.grading.types import View


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Where a rule looks: a field, whether the entries of a list are sentences of their own, and the index of phrases.

    `heads` are the headings of the section that is heard, None for all of the text. Rules of a part that hear the same
    share one source: it is the key of what was read there.
    """

    field: str
    entries: bool
    phrases: PhraseIndex
    prompt: str
    heads: Phrases | None = None


def sources_of(
    fields: Iterable[str], setting: Setting, *, entries: bool = False, heads: Phrases | None = None
) -> tuple[Source, ...]:
    """The texts of these fields, as all rules of the part see them."""
    found: list[Source] = []
    for name in fields:
        source = Source(name, entries, setting.phrases, setting.prompt, heads)
        found.append(setting.sources.setdefault((name, entries, heads), source))
    return tuple(found)


class Written:
    """What a field says, and which phrases can be in it: asked once for all rules of a part."""

    __slots__ = ("_whole", "field", "index", "ready", "search", "text")

    def __init__(self, field: str, text: str, index: PhraseIndex) -> None:
        self.field = field
        self.text = text
        self.index = index
        self.ready = ready(text)
        self.search = index.search(self.ready.by_sentence)  # for phrases whose words are in one sentence
        self._whole: Search | None = None

    @property
    def whole(self) -> Search:
        """The phrases whose words are anywhere in it."""
        if self._whole is None:
            one = len(self.ready.by_sentence) < 2
            self._whole = self.search if one else self.search.together(self.ready.whole)
        return self._whole


_ENTRY_END = re.compile(r",(?!\d)|[/|+](?=\s)|(?<=\s)[-–](?=\s)")


def texts_of(sources: tuple[Source, ...], view: View) -> list[Written]:
    """What counts of an answer, made ready once for all rules of the part."""
    found: list[Written] = []
    for source in sources:
        text: Written | Literal[False] | None = view.known.get(source)
        if text is None:
            text = view.known[source] = _written(source, view)
        if text:
            found.append(text)
    view.known[sources] = found
    return found


def _written(source: Source, view: View) -> Written | Literal[False]:
    """What a field says; False where nothing is left that counts."""
    text = standing(view.value(source.field) or "", source.prompt)
    if source.entries:  # the entries of a list become sentences, as long as before
        text = _ENTRY_END.sub(";", text)
    if source.heads:
        text = under(source.heads, text)
    return Written(source.field, text, source.phrases) if text.strip() else False
