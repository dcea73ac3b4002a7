"""Trees made anew from changed parts: what is not changed stays the very same object."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from operator import is_not
from typing import Any, get_args

from app.grading.mathematics.tree import Add, Call, Div, Expr, Mul, Neg, Num, Rel, Sym

Change = Callable[[Expr], Expr]


def rebuilt(node: Expr, change: Change) -> Expr:
    """The same node with `change` applied to each node directly below; the node itself if that changes nothing."""
    rebuild = _REBUILT.get(type(node))
    result: Expr = rebuild(node, change) if rebuild else _rebuilt_by_fields(node, change)
    return result


def _changed_all(nodes: tuple[Expr, ...], change: Change) -> tuple[Expr, ...]:
    """The changed nodes; the very tuple if none is another one."""
    after = tuple(map(change, nodes))
    return after if any(map(is_not, after, nodes)) else nodes


def _rebuilt_symbol(node: Sym, change: Change) -> Sym:
    if node.sub is None and node.sup is None:
        return node
    sub, sup = (None if index is None else change(index) for index in (node.sub, node.sup))
    return node if sub is node.sub and sup is node.sup else Sym(node.name, node.accent, sub, sup)


def _rebuilt_sum(node: Add, change: Change) -> Add:
    terms = _changed_all(node.terms, change)
    return node if terms is node.terms else Add(terms)


def _rebuilt_product(node: Mul, change: Change) -> Mul:
    factors = _changed_all(node.factors, change)
    return node if factors is node.factors else Mul(factors, node.tight)


def _rebuilt_negative(node: Neg, change: Change) -> Neg:
    of = change(node.of)
    return node if of is node.of else Neg(of)


def _rebuilt_quotient(node: Div, change: Change) -> Div:
    top, bottom = change(node.top), change(node.bottom)
    return node if top is node.top and bottom is node.bottom else Div(top, bottom, node.bare)


def _rebuilt_call(node: Call, change: Change) -> Call:
    args = _changed_all(node.args, change)
    return node if args is node.args else Call(node.function, args, node.bare)


def _rebuilt_relation(node: Rel, change: Change) -> Rel:
    sides = _changed_all(node.sides, change)
    return node if sides is node.sides else Rel(node.signs, sides)


def _rebuilt_by_fields(node: Any, change: Change) -> Any:
    """Any other kind of node, field by field."""
    kind = type(node)
    before = [getattr(node, name) for name in _EVERY_FIELD[kind]]
    after = [
        part if name in _NOT_NODES else _changed(part, change)
        for name, part in zip(_EVERY_FIELD[kind], before, strict=True)
    ]
    return kind(*after) if any(map(is_not, after, before)) else node


def _changed(part: Any, change: Change) -> Any:
    if part is None:
        return None
    if not isinstance(part, tuple):
        return change(part)
    items = tuple([_changed(item, change) if isinstance(item, tuple) else change(item) for item in part])
    return items if any(map(is_not, items, part)) else part


_NOT_NODES = frozenset({"value", "name", "accent", "function", "kind", "signs", "tight", "bare"})
_EVERY_FIELD: dict[type, tuple[str, ...]] = {
    kind: tuple(part.name for part in fields(kind) if part.init) for kind in get_args(Expr)
}
_REBUILT: Mapping[type, Callable[[Any, Change], Expr]] = {
    Num: lambda node, _change: node, Sym: _rebuilt_symbol, Add: _rebuilt_sum, Mul: _rebuilt_product,
    Neg: _rebuilt_negative, Div: _rebuilt_quotient, Call: _rebuilt_call, Rel: _rebuilt_relation,
}  # fmt: skip
