"""Which phrases can be in a text at all, and where their words stand: seen in one walk over it, for all phrases of a part."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import itemgetter

from app.grading.language.lookup import Key, KeysOfWords, keys_of_words
from app.grading.language.phrases import Item, Phrase, items_of
from app.grading.language.units import Positions, Unit
from app.grading.language.word_memory import WordMemory

MOST_WORDS = 5_000  # that an index remembers


class Phrases:
    """A list of phrases. Lists that are asked about the same texts share an index, in which they have numbers in a row."""

    __slots__ = ("all", "index", "numbers")

    def __init__(self, phrases: Iterable[Phrase], index: "PhraseIndex | None" = None) -> None:
        self.all = tuple(phrases)
        self.index = index or PhraseIndex()
        self.numbers = self.index.add(self.all)

    def of(self, number: int) -> Phrase:
        """The phrase that has a number in the index."""
        return self.all[number - self.numbers.start]


class _Node:
    """A place in the tree of all wordings: what ends here, and how wordings go on.

    `ways` are the things that end here, each with the place of the wording among its wordings, and `bits` theirs.
    `alone` are the numbers of phrases that need no more than one of them, `phrases` those of phrases that need more, with
    the bits of all that one of their bodies needs.
    """

    __slots__ = ("alone", "bits", "following", "phrases", "ways")

    def __init__(self) -> None:
        self.ways = _NO_WAYS
        self.bits = 0
        self.alone: tuple[int, ...] = ()
        self.phrases: tuple[tuple[int, int], ...] = ()
        self.following = _NOTHING_FOLLOWS

    def ends(self, item: Item, way: int, bit: int) -> None:
        """A thing ends here, by one of its wordings."""
        self.ways = {**self.ways, item: min(way, self.ways.get(item, way))}
        self.bits |= bit

    def after(self, key: Key) -> "_Node":
        """Where a wording goes on with this key."""
        if key not in self.following:
            self.following = {**self.following, key: _Node()}
        return self.following[key]


# Of the many nodes most lack one of them: what is shared is small, and near when it is needed.
_NO_WAYS: dict[Item, int] = {}
_NOTHING_FOLLOWS: dict[Key, _Node] = {}
Hit = tuple[_Node, Positions]


class Places:
    """A unit, and where the things that an index looks for stand in it."""

    __slots__ = ("_hits", "unit")

    def __init__(self, unit: Unit, hits: Sequence[Hit]) -> None:
        self.unit = unit
        self._hits = hits

    def of(self, item: Item) -> list[Positions]:
        """Where a thing stands, in the order of its wordings; each place once."""
        found = [(node.ways[item], positions) for node, positions in self._hits if item in node.ways]
        if len(found) > 1:
            found.sort(key=itemgetter(0))
            return list(dict.fromkeys([positions for _, positions in found]))
        return [found[0][1]] if found else []


class Search:
    """What an index finds in a text: the numbers of phrases whose words are there, ascending, and in which units."""

    __slots__ = ("_units", "numbers")

    def __init__(self, units: Sequence[tuple[Places, set[int]]]) -> None:
        self._units = units
        self.numbers = sorted(set().union(*[there for _, there in units]))

    def where(self, number: int) -> list[Places]:
        """The units that have the words of a phrase; asked for few of those that are there."""
        return [places for places, there in self._units if number in there]


class _Begun(WordMemory[_Node | None]):
    """The node at which a word begins a wording: those of all its keys as one."""

    __slots__ = ("_root", "known")

    def __init__(self, root: _Node, known: KeysOfWords) -> None:
        super().__init__(self._node, MOST_WORDS)
        self._root = root
        self.known = known

    def _node(self, word: str) -> _Node | None:
        following = self._root.following
        nodes = [following[key] for key in self.known[word] if key in following]
        return _as_one(nodes) if nodes else None


def _as_one(nodes: Sequence[_Node]) -> _Node:
    """Where several wordings have come to with the same words."""
    if len(nodes) == 1:
        return nodes[0]
    one = _Node()
    following: dict[Key, list[_Node]] = defaultdict(list)
    for node in nodes:
        for item, way in node.ways.items():
            one.ends(item, way, node.bits)
        one.alone += node.alone
        one.phrases += node.phrases
        for key, after in node.following.items():
            following[key].append(after)
    one.following = {key: _as_one(after) for key, after in following.items()}
    return one


class PhraseIndex:
    """The phrases of several lists: a text is asked once for all.

    Each thing that is needed has a bit, so that one comparison of numbers tells whether a unit has all that a body needs;
    this is asked where the rarest thing of the body stands.
    """

    __slots__ = ("_begun", "_bits", "_root", "_size")

    def __init__(self) -> None:
        self._root = _Node()
        self._begun = _Begun(self._root, keys_of_words())
        self._bits: dict[Item, int] = {}
        self._size = 0

    def add(self, phrases: Sequence[Phrase]) -> range:
        """Take in a list: its phrases get these numbers."""
        self._begun.clear()
        numbers = range(self._size, self._size + len(phrases))
        self._size = numbers.stop
        for number, phrase in zip(numbers, phrases, strict=True):
            for body in phrase.bodies:
                items = list(items_of(body))
                needed = 0
                for item in items:
                    needed |= self._bit(item)
                for wording in dict.fromkeys(min(items, key=_ways).wordings):
                    if len(items) == 1:
                        self._node(wording).alone += (number,)
                    else:
                        self._node(wording).phrases += ((number, needed),)
        return numbers

    def _bit(self, item: Item) -> int:
        if item not in self._bits:
            bit = self._bits[item] = 1 << len(self._bits)
            for way, wording in enumerate(item.wordings):
                self._node(wording).ends(item, way, bit)
        return self._bits[item]

    def _node(self, wording: Iterable[Key]) -> _Node:
        node = self._root
        for key in wording:
            node = node.after(key)
        return node

    def search(self, units: Iterable[Unit]) -> Search:
        """The phrases that can be in a text of these units."""
        begun = self._known()
        found: list[tuple[Places, set[int]]] = []
        for unit in units:
            hits = self._hits(unit, begun)
            if numbers := _numbers(hits):
                found.append((Places(unit, hits), numbers))
        return Search(found)

    def _known(self) -> _Begun:
        """What is known of words, as long as no further one is learned."""
        if self._begun.known is not keys_of_words():
            self._begun = _Begun(self._root, keys_of_words())
        return self._begun

    def _hits(self, unit: Unit, begun: _Begun) -> list[Hit]:
        """Every place where a wording stands, single words first."""
        hits: list[Hit] = []
        words, compounds, known = unit.words, unit.compounds, begun.known
        last = len(words) - 1
        for position, node in enumerate(map(begun.__getitem__, words)):
            if node is None:
                continue
            following = node.following
            if (
                following
                and position < last
                and (position + 1 in compounds or not following.keys().isdisjoint(known[words[position + 1]]))
            ):
                _follow(node, (position,), unit, known, hits)
            elif node.ways:
                hits.append((node, (position,)))
        beginnings = self._root.following
        for position, key in compounds.items():
            if key in beginnings:
                _follow(beginnings[key], (position, position + 1), unit, known, hits)
        return hits


def _numbers(hits: Sequence[Hit]) -> set[int]:
    """The phrases whose words are there."""
    there = 0
    for node, _ in hits:
        there |= node.bits
    numbers: set[int] = set()
    for node, _ in hits:
        if node.alone:
            numbers.update(node.alone)
        for number, needed in node.phrases:
            if needed & there == needed:
                numbers.add(number)
    return numbers


def _ways(item: Item) -> int:
    return len(item.wordings)


def _follow(node: _Node, positions: Positions, unit: Unit, known: KeysOfWords, hits: list[Hit]) -> None:
    """Note what ends here, and go on with the next word; it may be a compound, written as two."""
    if node.ways:
        hits.append((node, positions))
    after = positions[-1] + 1
    if not node.following or after == len(unit.words):
        return
    keys = known[unit.words[after]]
    for key in keys:
        if key in node.following:
            _follow(node.following[key], (*positions, after), unit, known, hits)
    compound = unit.compounds.get(after)
    if compound in node.following and compound not in keys:
        _follow(node.following[compound], (*positions, after, after + 1), unit, known, hits)
