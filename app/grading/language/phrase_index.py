"""Which phrases can be in a text at all, and where their words stand: seen in one walk over it, for all phrases of a part."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from operator import itemgetter

from app.grading.language.lookup import Key, KeysOfWords, compound_key, keys_of_words, spellings_of
from app.grading.language.phrases import Item, Phrase, items_of
from app.grading.language.units import Positions, Unit
from app.grading.language.word_memory import WordMemory

MOST_WORDS = 5_000  # that an index remembers
SURE_LETTERS = 2  # of the second half of a word that its ending leaves alone


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

    def moved(self, by: int) -> Iterable[Hit]:
        """The places as they are where so many words stand before."""
        if not by:
            return self._hits
        return [(node, tuple([position + by for position in positions])) for node, positions in self._hits]

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
        self.numbers = sorted(units[0][1] if len(units) == 1 else set().union(*[there for _, there in units]))

    def where(self, number: int) -> list[Places]:
        """The units that have the words of a phrase; asked for few of those that are there."""
        if len(self._units) == 1:  # mostly
            ((places, there),) = self._units
            return [places] if number in there else []
        return [places for places, there in self._units if number in there]

    def together(self, whole: Unit) -> "Search":
        """The same in all units as one."""
        hits: list[Hit] = []
        before = 0
        for places, _ in self._units:
            hits += places.moved(before)
            before += len(places.unit.words)
        return Search([(Places(whole, hits), _numbers(hits))])


class _Start:
    """What a word is for an index: the node at which it begins wordings, the keys by which it goes on with them, and the first
    letters of what makes it a longer word that the index looks for."""

    __slots__ = ("keys", "node", "to_go_on")

    def __init__(self, node: _Node | None, keys: Sequence[Key], to_go_on: frozenset[str]) -> None:
        self.node = node
        self.keys = keys
        self.to_go_on = to_go_on


class _Starts(WordMemory[_Start | None]):
    """What words are for an index; of most it knows nothing."""

    __slots__ = ("_keys", "_root", "_spellings", "known")

    def __init__(self, root: _Node, keys: frozenset[Key], known: KeysOfWords) -> None:
        super().__init__(self._start, MOST_WORDS)
        self._root = root
        self._keys = keys
        self._spellings = sorted(frozenset().union(*map(spellings_of, keys)))
        self.known = known

    def _start(self, word: str) -> _Start | None:
        keys = [key for key in self.known[word] if key in self._keys]
        to_go_on = self._to_go_on(word)
        if not keys and not to_go_on:
            return None
        following = self._root.following
        nodes = [following[key] for key in keys if key in following]
        return _Start(_as_one(nodes) if nodes else None, tuple(keys), to_go_on)

    def _to_go_on(self, word: str) -> frozenset[str]:
        """The first letter and the first two of what follows the word in longer spellings."""
        found = set[str]()
        for spelling in islice(self._spellings, bisect_left(self._spellings, word), None):
            if not spelling.startswith(word):
                break
            rest = spelling[len(word) :]
            found |= {rest[:1], rest[:SURE_LETTERS]}
        return frozenset(found - {""})

    def compounds(self, words: Sequence[str], starts: Sequence[_Start | None]) -> Mapping[int, Key]:
        """The keys of neighbours that are one word when written together, by the place of the first: "learning rate" as
        "learningrate"."""
        found: dict[int, Key] = {}
        for place, start in enumerate(starts[:-1]):
            if start and start.to_go_on and words[place + 1][:SURE_LETTERS] in start.to_go_on:
                key = compound_key(words[place] + words[place + 1])
                if key in self._keys:
                    found[place] = key
        return found


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

    __slots__ = ("_bits", "_keys", "_root", "_size", "_starts")

    def __init__(self) -> None:
        self._root = _Node()
        self._keys: set[Key] = set()
        self._starts: _Starts | None = None
        self._bits: dict[Item, int] = {}
        self._size = 0

    def add(self, phrases: Sequence[Phrase]) -> range:
        """Take in a list: its phrases get these numbers."""
        self._starts = None
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
            self._keys.add(key)
            node = node.after(key)
        return node

    def search(self, units: Iterable[Unit]) -> Search:
        """The phrases that can be in a text of these units."""
        known = self._known()
        found: list[tuple[Places, set[int]]] = []
        for unit in units:
            hits = self._hits(unit.words, known)
            found.append((Places(unit, hits), _numbers(hits)))
        return Search(found)

    def _known(self) -> _Starts:
        """What is known of words, as long as no further one is learned."""
        if self._starts is None or self._starts.known is not keys_of_words():
            self._starts = _Starts(self._root, frozenset(self._keys), keys_of_words())
        return self._starts

    def _hits(self, words: Sequence[str], known: _Starts) -> list[Hit]:
        """Every place where a wording stands, single words first."""
        hits: list[Hit] = []
        starts = list(map(known.__getitem__, words))
        compounds = known.compounds(words, starts)
        starts.append(None)  # behind the last word nothing goes on
        for position, start in enumerate(starts):
            if start is None or start.node is None:
                continue
            node = start.node
            after = starts[position + 1] if node.following else None
            if after and (position + 1 in compounds or not node.following.keys().isdisjoint(after.keys)):
                _follow(node, (position,), starts, compounds, hits)  # seldom
            elif node.ways:
                hits.append((node, (position,)))
        beginnings = self._root.following
        for position, key in compounds.items():
            if key in beginnings:
                _follow(beginnings[key], (position, position + 1), starts, compounds, hits)
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


def _follow(
    node: _Node,
    positions: Positions,
    starts: Sequence[_Start | None],
    compounds: Mapping[int, Key],
    hits: list[Hit],
) -> None:
    """Note what ends here, and go on with the next word; it may be a compound, written as two."""
    if node.ways:
        hits.append((node, positions))
    after = positions[-1] + 1
    following = starts[after] if node.following else None
    if following is None:
        return
    for key in following.keys:
        if key in node.following:
            _follow(node.following[key], (*positions, after), starts, compounds, hits)
    compound = compounds.get(after)
    if compound in node.following and compound not in following.keys:
        _follow(node.following[compound], (*positions, after, after + 1), starts, compounds, hits)
