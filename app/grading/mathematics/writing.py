"""How a formula was read, as one line of plain text, for the preview, for reasons and as a name's key.

`w for wx>0, 0 otherwise` is shown as `w if w·x > 0, else 0`.
Surprising: brackets appear where they help, so `1/2x` is shown as `(1/2)·x`, which is how it was read.
"""

from fractions import Fraction
from typing import Any
from unicodedata import normalize

from app.grading.mathematics.tree import (
    Add,
    And,
    Apply,
    BigSum,
    Call,
    Cases,
    Div,
    Dots,
    Expr,
    Grad,
    Mul,
    Neg,
    Num,
    Pow,
    Rel,
    Seq,
    Sym,
)  # fmt: skip

RELATION, SUM, PRODUCT, POWER, ATOM = range(5)  # how strongly a form binds
DECIMALS_LIMIT = 10**12
Form = tuple[str, int]

_MARKS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307", "vec": "\u20d7", "star": "*"}
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_FORMS = {
    Num: "number", Sym: "symbol", Add: "sum", Neg: "negative", Mul: "product", Div: "quotient", Pow: "power",
    Rel: "chain", And: "both", Cases: "pieces", BigSum: "big", Dots: "dots", Call: "call", Apply: "applied",
    Grad: "gradient", Seq: "sequence",
}  # fmt: skip


def text_of_number(value: Fraction) -> str:
    """`1/3`, and a decimal where that is exact and short: `0.0004`."""
    top, bottom = value.as_integer_ratio()
    if bottom == 1:
        return str(top)
    rest = bottom
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest == 1 and bottom <= DECIMALS_LIMIT:
        digits = f"{top / bottom:.15g}"
        if "e" not in digits and Fraction(digits) == value:
            return digits
    return f"{top}/{bottom}"


def to_text(expr: Any) -> str:
    """The formula in one line of plain text, which the tree remembers."""
    text: str | None = expr._text
    if text is None:
        text = expr._text = _WRITER.write(expr, RELATION)
    return text


class Writer:
    """Writes plain text; the LaTeX writer overrides the forms that differ. Each form says how it binds."""

    times = "·"

    def write(self, node: Expr, least: int) -> str:
        """The node, in brackets if it binds less than `least`."""
        form: str
        form, binding = getattr(self, _FORMS[type(node)])(node)
        return self.bracketed(form) if binding < least else form

    def bracketed(self, text: str) -> str:
        return f"({text})"

    def number(self, node: Num) -> Form:
        text = text_of_number(node.value)
        return text, ATOM if text.isdigit() or ("." in text and text[0] != "-") else PRODUCT

    def symbol(self, node: Sym) -> Form:
        name = node.name
        if node.accent or not name.isascii():
            name = normalize("NFC", name + _MARKS.get(node.accent, "′" * primes(node.accent)))
        if node.sub is not None:
            name += f"_{self.index(node.sub)}"
        return name if node.sup is None else f"{name}^({self.write(node.sup, RELATION)})", ATOM

    def index(self, node: Expr) -> str:
        text = self.list(node.items) if isinstance(node, Seq) else self.write(node, RELATION)
        return text if text.isalnum() else f"({text})"

    def sum(self, node: Add) -> Form:
        text = self.write(node.terms[0], SUM)
        for term in node.terms[1:]:
            sign, inner = ("-", term.of) if isinstance(term, Neg) else ("+", term)
            text += f" {sign} {self.write(inner, PRODUCT)}"
        return text, SUM

    def negative(self, node: Neg) -> Form:
        return f"-{self.write(node.of, PRODUCT)}", SUM

    def product(self, node: Mul) -> Form:
        return self.times.join([self.write(factor, POWER) for factor in node.factors]), PRODUCT

    def quotient(self, node: Div) -> Form:
        return f"{self.write(node.top, POWER)}/{self.write(node.bottom, POWER)}", PRODUCT

    def power(self, node: Pow) -> Form:
        return f"{self.write(node.base, ATOM)}^{self.write(node.exponent, ATOM)}", POWER

    def chain(self, node: Rel) -> Form:
        text = self.write(node.sides[0], SUM)
        for sign, side in zip(node.signs, node.sides[1:], strict=True):
            text += f" {self.sign(sign)} {self.write(side, SUM)}"
        return text, RELATION

    def sign(self, sign: str) -> str:
        return sign

    def both(self, node: And) -> Form:
        return " and ".join(self.write(item, RELATION) for item in node.items), RELATION

    def pieces(self, node: Cases) -> Form:
        if is_indicator(node):
            return f"1({self.write(node.pieces[0][1], RELATION)})", ATOM
        rows = [f"{self.write(value, SUM)} if {self.write(rule, RELATION)}" for value, rule in node.pieces]
        rows += [] if node.otherwise is None else [f"else {self.write(node.otherwise, SUM)}"]
        return ", ".join(rows), RELATION

    def big(self, node: BigSum) -> Form:
        sign = "Σ" if node.kind == "sum" else "Π"
        return f"{sign}{self.bounds(node)} {self.bracketed(self.write(node.body, RELATION))}", SUM

    def bounds(self, node: BigSum) -> str:
        if node.index is None:
            return ""
        upper = f"..{self.write(node.upper, SUM)}" if node.upper is not None else ""
        return f"_({self.start(node.index, node.lower)}{upper})"

    def start(self, index: Sym, lower: Expr | None) -> str:
        return self.write(index, ATOM) + (f"={self.write(lower, SUM)}" if lower is not None else "")

    def dots(self, _node: Dots) -> Form:
        return "…", ATOM

    def list(self, items: tuple[Expr, ...]) -> str:
        return ", ".join([self.write(item, RELATION) for item in items])

    def call(self, node: Call) -> Form:
        match node:
            case Call("log", (of, base)):
                return f"log_{self.index(base)}({self.write(of, RELATION)})", ATOM
            case Call("factorial", (of,)):
                return f"{self.write(of, ATOM)}!", ATOM
        return f"{node.function}({self.list(node.args)})", ATOM

    def applied(self, node: Apply) -> Form:
        bar = f" | {self.list(node.given)}" if node.given is not None else ""
        return f"{self.write(node.head, ATOM)}({self.list(node.args)}{bar})", ATOM

    def gradient(self, node: Grad) -> Form:
        by = f"_{self.index(node.by)}" if node.by is not None else ""
        return f"∇{by}" + (f" {self.write(node.of, ATOM)}" if node.of is not None else ""), ATOM

    def sequence(self, node: Seq) -> Form:
        return f"{node.kind}{self.list(node.items)}{_CLOSING[node.kind]}", ATOM


_WRITER = Writer()


def primes(accent: str) -> int:
    """How many primes an accent stands for."""
    return int(accent.removeprefix("prime") or 1) if accent.startswith("prime") else 0


def is_indicator(node: Cases) -> bool:
    """Whether the pieces are 1 where a condition holds and 0 elsewhere."""
    value, rest = node.pieces[0][0], node.otherwise
    one = isinstance(value, Num) and value.value == 1
    return len(node.pieces) == 1 and one and isinstance(rest, Num) and rest.value == 0
