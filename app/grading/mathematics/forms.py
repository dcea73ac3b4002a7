"""Formulas made ready to be matched: their names, their values in a finite field, and the same under other names.

A formula without its steps, with all steps moved, or with the gradient in place of a name is the same formula under
other names. Its values are had from the values of those names; its tree is written only where that is not enough.
Surprising: an index that is no step belongs to the name: `β_1` has no step, and `v_(k+1)` is v at step 1.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

from app.grading.mathematics.equality import substituted
from app.grading.mathematics.field_functions import field_functions, residue
from app.grading.mathematics.indices import GRADIENT
from app.grading.mathematics.modular import value_of_name
from app.grading.mathematics.splitting import symbols_in
from app.grading.mathematics.steps import at_step, highest_step, shifted, step_of, without_step, without_steps
from app.grading.mathematics.tree import ONE, Expr, Num, Sym, children, kept_in_tree, walk
from app.grading.mathematics.writing import to_text

NABLA = to_text(GRADIENT)
_ANY = "⟨any⟩"  # what all names are called where their order is to be nothing
_CONSTANTS = frozenset({"e", "π"})

# A name as it stands in the tree, the same without its step, and its step.
Place = tuple[str, str, int | None]
Values = list[int] | None  # of the sides in the field; None where they are more than field functions


class Form:
    """The formula of a tree under the names that the places give to its own; `write` makes a tree with those names."""

    def __init__(self, tree: Expr, places: list[Place], write: Callable[[], Expr], renamable: bool) -> None:
        self.tree, self.places, self.write, self.renamable = tree, places, write, renamable
        self.names = frozenset([name for _, name, _ in places])  # without their steps
        self._alike: dict[frozenset[str], Values] = {}

    @property
    def step(self) -> int | None:
        """The latest step; None if there is none."""
        if not self.renamable:
            return highest_step(self.tree)
        steps = [step for _, _, step in self.places if step is not None]
        return max(steps) if steps else None

    def alike(self, fixed: frozenset[str]) -> Values:
        """The values where all names but the fixed ones have one value, so that their order is nothing."""
        own = fixed & self.names  # mostly there is one value for several shapes
        if own not in self._alike:
            self._alike[own] = self.alike_with(own, {})
        return self._alike[own]

    def alike_with(self, fixed: frozenset[str], numbers: Mapping[str, int]) -> Values:
        """The same where some names have other values."""
        if (sides := field_functions(self.tree)) is None:
            return None
        values = {
            text: numbers[name] if name in numbers else _value_at(name if name in fixed else _ANY, step)
            for text, name, step in self.places
        }
        return [side(values) for side in sides]

    def values(self, bound: Mapping[str, Expr]) -> Values:
        """The values where other names and numbers stand for its names."""
        if (sides := field_functions(self.tree)) is None:
            return None
        values = {
            text: _value_at(name, step) if (other := bound.get(name)) is None else _value_bound(other, step)
            for text, name, step in self.places
        }
        return [side(values) for side in sides]

    def without_steps(self) -> "Form":
        """The formula with the steps left out."""
        if self.step is None:
            return self
        places: list[Place] = [(text, name, None) for text, name, _ in self.places]
        return self._renamed(places, lambda: without_steps(self.write()))

    def moved(self, by: int) -> "Form":
        """The formula with all steps moved."""
        places = [(text, name, None if step is None else step + by) for text, name, step in self.places]
        return self._renamed(places, lambda: shifted(self.write(), by))

    def with_gradient(self, name: Sym) -> "Form":
        """The gradient in place of a name: at this very step, or anywhere if there are no steps."""
        texts = {to_text(name)} if self.step is not None else {to_text(name), base_of(name)}
        places = [
            (text, NABLA, None) if (base if step is None else text) in texts else (text, base, step)
            for text, base, step in self.places
        ]
        in_index = not letters_of_indices(self.tree).isdisjoint({*texts, name.name})
        return self._renamed(
            places, lambda: substituted(self.write(), dict.fromkeys(texts, GRADIENT)), not in_index
        )

    def _renamed(self, places: list[Place], write: Callable[[], Expr], may: bool = True) -> "Form":
        if self.renamable and may:
            return Form(self.tree, places, write, True)
        return form_of(write())


@kept_in_tree
def form_of(tree: Expr) -> Form:
    """The formula as it stands."""
    places: list[Place] = []
    renamable = True
    for symbol in symbols_in(tree):
        text, name, step = to_text(symbol), symbol, None
        if symbol.sub is not None or symbol.sup is not None:
            step = step_of(symbol)
            name = symbol if step is None else without_step(symbol)
            renamable = renamable and _is_renamable(symbol, step)
        places.append((text, to_text(name), step))
    return Form(tree, places, lambda: tree, renamable)


def _is_renamable(symbol: Sym, step: int | None) -> bool:
    """Whether other steps make no constant of the name, nor change its index."""
    return highest_step(symbol) is None if step is None else symbol.name not in _CONSTANTS


@kept_in_tree
def letters_of_indices(tree: Expr) -> frozenset[str]:
    """The names inside the indices of the names of a formula."""
    inner = [part for symbol in symbols_in(tree) for part in walk(symbol)[1:]]
    return frozenset([part.name for part in inner if isinstance(part, Sym)])


@kept_in_tree
def stems_in(tree: Expr) -> dict[str, Sym]:
    """The names of a formula without their steps, as they are written."""
    return {to_text(stem): stem for stem in map(_stem, symbols_in(tree))}


def base_of(symbol: Sym) -> str:
    """The name without its step; any other index belongs to the name."""
    return to_text(_stem(symbol))


def _stem(symbol: Sym) -> Sym:
    return symbol if step_of(symbol) is None else without_step(symbol)


def placed(other: Expr, step: int | None) -> Expr:
    """What stands for a name, at its step; a step takes the place of any other index."""
    return at_step(other, step) if isinstance(other, Sym) and step is not None else other


@lru_cache(maxsize=4096)
def _value_at(name: str, step: int | None) -> int:
    """The value of a name at a step, which is written as `to_text` does."""
    return value_of_name(1, name if step is None else f"{name}_(k + {step})", 0)


def _value_bound(other: Expr, step: int | None) -> int:
    """The value of what stands for a name at a step."""
    if isinstance(other, Num):
        return residue(other.value)
    return _value_at(to_text(placed(other, step)), None)


@kept_in_tree
def numbers_in(tree: Expr) -> list[Num]:
    """The numbers in a formula that could stand for a name: not those in steps, and not 1."""
    found: set[Num] = set()
    stack = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Num):
            found.add(node)
        elif not isinstance(node, Sym):
            stack += children(node)
    return sorted(found - {ONE}, key=to_text)
