"""Numbers as exam authors write them: 19, 0.001, "1/2500", "(11*11*3 + 1)*96", "-1 * h2" with a field's name.

Exact: 0.001 in an exam file is 1/1000. Only + - * / ^ and brackets are read; nothing is ever executed.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.grading.checks.frame import RuleError
from app.grading.types import View

Written = str | int | float
Exact = Fraction | int  # whole numbers are computed with as ints, ten times as fast

MOST_CHARACTERS = 200
LARGEST_EXPONENT = 64
LARGEST_SHOWN = 10**40

_OPERATORS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}

_READABLE = (ast.BinOp, ast.UnaryOp, ast.Name, ast.operator, ast.unaryop, ast.Load)


@dataclass(frozen=True, slots=True)
class Formula:
    """A number, or arithmetic over numbers and the names of fields. `fixed` is its value where it has no names."""

    text: str
    tree: ast.expr
    names: tuple[str, ...]
    fixed: Fraction | None

    def value(self, known: Mapping[str, Fraction]) -> Fraction | None:
        """The exact value; None where a name is unknown or the arithmetic has no value (1/0)."""
        return _value_or_none(self.tree, known) if self.names else self.fixed

    def value_in(self, view: View) -> Fraction | None:
        """The value with the numbers that stand in the fields it names."""
        if not self.names:
            return self.fixed
        numbers = {name: view.value(name) for name in self.names}
        return self.value({name: one for name, one in numbers.items() if isinstance(one, Fraction)})


def formula(written: Written) -> Formula:
    """What an author wrote, made ready; raises RuleError where it is not arithmetic.

    >>> formula("-1 * h2").value({"h2": Fraction(37)})
    Fraction(-37, 1)
    >>> formula(0.1).value({})  # as written, not as a float
    Fraction(1, 10)
    """
    text = str(written).strip()
    try:
        tree = ast.parse(text[:MOST_CHARACTERS].replace("^", "**"), mode="eval").body
    except (SyntaxError, ValueError, RecursionError):
        raise RuleError(f"{text!r} is not arithmetic") from None
    _refuse_other_signs(tree, text)
    names = tuple(dict.fromkeys(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)))
    return Formula(text, tree, names, None if names else _value_or_none(tree, {}))


def exact(written: Written) -> Fraction:
    """A plain number; raises RuleError where it is not one."""
    value = formula(written).value({})
    if value is None:
        raise RuleError(f"{str(written)!r} has no value")
    return value


def fast(value: Exact) -> Exact:
    """The same number, as an int if it is whole."""
    return value.numerator if value.denominator == 1 else value


def plain(value: Fraction | int) -> str:
    """A number as people write it: 24, −0.25 as "-0.25", 1/3 as "1/3".

    >>> plain(Fraction(1, 2500)), plain(Fraction(1, 3))
    ('0.0004', '1/3')
    """
    top, bottom = value.as_integer_ratio()
    if max(abs(top), bottom) > LARGEST_SHOWN:
        return "a number too long to show"
    if bottom == 1:
        return str(top)
    digits = next((count for count in range(1, 10) if 10**count % bottom == 0), None)
    if digits is None:
        return f"{top}/{bottom}"
    whole = str(abs(top) * 10**digits // bottom).rjust(digits + 1, "0")
    return f"{'-' if top < 0 else ''}{whole[:-digits]}.{whole[-digits:]}"


def _refuse_other_signs(tree: ast.expr, text: str) -> None:
    for node in ast.walk(tree):
        number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
        if not number and not isinstance(node, _READABLE):
            raise RuleError(f"{text!r} is not arithmetic")


def _value_or_none(tree: ast.expr, known: Mapping[str, Fraction]) -> Fraction | None:
    try:
        return _value(tree, known)
    except (KeyError, ZeroDivisionError):
        return None


def _value(node: ast.expr, known: Mapping[str, Fraction]) -> Fraction:
    match node:
        case ast.Constant(value=int() | float() as number):
            return Fraction(str(number))
        case ast.Name(id=name):
            return known[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, known)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand, known)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_value(left, known), _value(right, known))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            return _OPERATORS[type(sign)](_value(left, known), _value(right, known))
    raise KeyError("no value")


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1 or abs(exponent) > LARGEST_EXPONENT:
        raise KeyError("no value")
    return Fraction(base**exponent.numerator)
