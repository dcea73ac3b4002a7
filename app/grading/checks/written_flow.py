"""The flow of data of a formula as exam authors write it: `m = w*x; y = relu(m + x)`."""

import ast
from collections.abc import Mapping, Sequence
from fractions import Fraction

from app.grading.checks.flow import Flow, in_order
from app.grading.checks.labels import Meaning

MOST_CHARACTERS = 200

_SIGNS: Mapping[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: "÷"}


def written(formula: str) -> Flow:
    """The flow of a formula; raises SyntaxError, ValueError or RecursionError where it is none."""
    return _Reader().read(ast.parse(formula[:MOST_CHARACTERS].replace("\n", ";")).body)


class _Reader:
    """Puts a flow together from the inputs on; names that were given a formula before stand for it."""

    def __init__(self) -> None:
        self.meanings: dict[str, Meaning] = {}
        self.sources: dict[str, list[str]] = {}
        self.steps: dict[str, str] = {}

    def read(self, statements: Sequence[ast.stmt]) -> Flow:
        for statement in statements:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self.steps[name.casefold()] = self._add(value)
                case ast.Expr(value=value):
                    self._add(value)
                case _:
                    raise ValueError("not a formula")
        return Flow(self.meanings, self.sources, in_order(self.sources))

    def _add(self, node: ast.expr) -> str:
        match node:
            case ast.Name(id=name):
                known = self.steps.get(name.casefold())
                return known or self._node(name.casefold(), Meaning("name", name.casefold()))
            case ast.Constant(value=int() | float() as number):
                return self._node(str(number), Meaning("number", str(Fraction(str(number)))))
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
                return self._operation(_SIGNS[type(sign)], [left, right])
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self._operation(name.casefold(), arguments)
        raise ValueError("not a formula")

    def _operation(self, name: str, arguments: Sequence[ast.expr]) -> str:
        sources = [self._add(argument) for argument in arguments]
        return self._node(f"{name} {len(self.meanings)}", Meaning("operation", name), sources)

    def _node(self, node: str, what: Meaning, sources: Sequence[str] = ()) -> str:
        self.meanings[node] = what
        self.sources[node] = list(sources)
        return node
