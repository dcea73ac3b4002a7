"""A point of a finite field at which formulas are evaluated: values of names, signs, sizes of sums."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from app.grading.mathematics.effort import TooMuch
from app.grading.mathematics.finite import PRIMES, chance, inverse
from app.grading.mathematics.rebuilding import rebuilt
from app.grading.mathematics.signs import Signs, Undefined
from app.grading.mathematics.splitting import constant
from app.grading.mathematics.tree import And, Dots, Expr, Num, Rel, Seq, Sym
from app.grading.mathematics.writing import to_text

Handler = Callable[["World", "Expr", int], int]


class Retry(ValueError):
    """At this point a root does not exist in the field; another point is needed."""


class World:
    """One point. `handlers` say how each kind of node is evaluated; `flipped` turns the signs of some roots."""

    def __init__(
        self,
        handlers: Mapping[type, Handler],
        seed: int,
        signs: Signs,
        size: int = 3,
        bounds: frozenset[str] = frozenset(),
        flipped: int = 0,
    ) -> None:
        self.handlers, self.seed, self.signs = handlers, seed, signs
        self.size, self.bounds, self.flipped = size, bounds, flipped
        self.effort = signs.effort
        self.indices: dict[str, int] = {}  # running indices of the sums around
        self.aliases: dict[str, str] = {}  # names that stand for others
        self.numbers: dict[str, Fraction] = {}  # names that stand for numbers
        self.roots: list[int] = []  # radicands of roots whose sign is free
        self.power = 1  # of the whole exponents around

    def value(self, node: Expr, level: int = 0) -> int:
        """The value mod PRIMES[level]; exponents are taken at the next level."""
        self.effort.left -= 1  # as `spend` does it, without the call
        if self.effort.left < 0:
            self.effort.spend()
        handler = self.handlers.get(type(node))
        if handler is None or level >= len(PRIMES):
            raise TooMuch(f"{to_text(node)} is not computed with")
        return handler(self, node, level) % PRIMES[level]

    def elsewhere(self, seed: int) -> "World":
        """Another point with the same signs and sizes."""
        return World(self.handlers, seed, self.signs, self.size, self.bounds)

    def unknown(self, key: str, level: int) -> int:
        """A number that stands for something unknown."""
        return chance(self.seed, key, level)

    def opaque(self, name: str, args: tuple[Expr, ...], level: int) -> int:
        """An unknown that depends on the values of the arguments only."""
        return self.unknown(f"{name}({','.join(str(self.value(arg, level)) for arg in args)})", level)

    def divided(self, value: int, level: int) -> int:
        """1/value; raises Undefined where there is none."""
        try:
            return inverse(value, level)
        except ZeroDivisionError:
            raise Undefined("a division by zero") from None

    def key(self, node: Expr, level: int) -> str:
        """What tells one argument from another: its value, or its form where it has none."""
        if isinstance(node, Dots):
            return "…"
        if isinstance(node, Seq | Rel | And):
            parts = node.sides if isinstance(node, Rel) else node.items
            signs = "".join(node.signs) if isinstance(node, Rel) else type(node).__name__
            return f"{signs}[{','.join(self.key(part, level) for part in parts)}]"
        return str(self.value(node, level))

    def name(self, node: Sym) -> str:
        """The name as text, with running indices put in."""
        name = to_text(self.placed(node)) if self.indices and node.sub is not None else to_text(node)
        return self.aliases.get(name, name)

    def counted(self, name: str) -> int | None:
        """The whole value of a running index or of a name in the bounds of sums; another one for each name."""
        if name in self.indices:
            return self.indices[name]
        return self.size + 2 * sorted(self.bounds).index(name) if name in self.bounds else None

    def placed(self, node: Expr) -> Expr:
        """The node with whole values put in, and computed where that is possible."""
        if isinstance(node, Sym) and node.sub is None:
            number = self.counted(to_text(node))
            return node if number is None else Num(Fraction(number))
        inner = rebuilt(node, self.placed)
        value = None if isinstance(inner, Sym) else constant(inner)
        return inner if value is None else Num(value)
