"""How a formula was read, as plain text and as LaTeX, for the preview and for reasons.

`w for wx>0, 0 otherwise` is shown as `w if w·x > 0, else 0`.
Surprising: brackets appear where they help, so `1/2x` is shown as `(1/2)·x`, which is how it was read.
"""

from fractions import Fraction
from functools import lru_cache
from unicodedata import normalize

from app.grading.mathematics.tree import (
    Add, And, Apply, BigSum, Call, Cases, Div, Dots, Expr, Grad, Mul, Neg, Num, Pow, Rel, Seq, Sym,
)  # fmt: skip
from app.grading.mathematics.vocabulary import GREEK

_LATEX_GREEK = {letter: "\\" + name for name, letter in reversed(GREEK.items())}
_MARKS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307", "vec": "\u20d7", "star": "*"}
_LATEX_SIGNS = {"≤": "\\le", "≥": "\\ge", "≠": "\\ne", "≈": "\\approx", "∈": "\\in", "~": "\\sim", "→": "\\to",
                "∝": "\\propto", "≡": "\\equiv"}  # fmt: skip
_LATEX_FUNCTIONS = frozenset("sin cos tan cot sec csc sinh cosh tanh coth log exp max min gcd arg".split())
_RELATION, _SUM, _PRODUCT, _POWER, _ATOM = range(5)


def text_of_number(value: Fraction) -> str:
    """`1/3`, and a decimal where that is exact and short: `0.0004`."""
    if value.denominator == 1:
        return str(value.numerator)
    bottom = value.denominator
    for prime in (2, 5):
        while bottom % prime == 0:
            bottom //= prime
    if bottom == 1 and value.denominator <= 10**12:
        digits = f"{value.numerator / value.denominator:.15g}"
        if "e" not in digits and Fraction(digits) == value:
            return digits
    return f"{value.numerator}/{value.denominator}"


@lru_cache(maxsize=4096)
def to_text(expr: Expr) -> str:
    """The formula in one line of plain text."""
    return _Text().write(expr, _RELATION)


@lru_cache(maxsize=4096)
def to_latex(expr: Expr) -> str:
    """The formula in LaTeX, ready for a math renderer; letters of unknown words are escaped."""
    return _Latex().write(expr, _RELATION)


class _Text:
    """Writes plain text; `_Latex` overrides the forms that differ."""

    times, minus, dots = "·", "-", "…"

    def write(self, node: Expr, least: int) -> str:
        """The node, in brackets if it binds less than `least`."""
        form, binding = self.form(node)
        return self.bracketed(form) if binding < least else form

    def form(self, node: Expr) -> tuple[str, int]:
        match node:
            case Num(value):
                return self.number(value)
            case Sym():
                return self.symbol(node), _ATOM
            case Add(terms):
                return self.sum(terms), _SUM
            case Neg(of):
                return self.minus + self.write(of, _PRODUCT), _SUM
            case Mul(factors):
                return self.product(factors), _PRODUCT
            case Div(top, bottom):
                return self.quotient(top, bottom)
            case Pow(base, exponent):
                return self.power(base, exponent), _POWER
            case Rel(signs, sides):
                return self.chain(signs, sides), _RELATION
            case And(items):
                return self.word("and").join(self.write(item, _RELATION) for item in items), _RELATION
            case Cases():
                return self.pieces(node)
            case BigSum():
                return self.big(node), _SUM
            case Dots():
                return self.dots, _ATOM
            case _:
                return self.function(node), _ATOM

    def bracketed(self, text: str) -> str:
        return f"({text})"

    def word(self, word: str) -> str:
        return f" {word} "

    def number(self, value: Fraction) -> tuple[str, int]:
        text = text_of_number(value)
        return text, _ATOM if text.isdigit() or "." in text and value > 0 else _PRODUCT

    def symbol(self, node: Sym) -> str:
        name = normalize("NFC", node.name + _MARKS.get(node.accent, "′" * _primes(node.accent)))
        name += f"_{self.index(node.sub)}" if node.sub is not None else ""
        return name + (f"^({self.write(node.sup, _RELATION)})" if node.sup is not None else "")

    def index(self, node: Expr) -> str:
        text = self.list(node.items) if isinstance(node, Seq) else self.write(node, _RELATION)
        return text if text.isalnum() else f"({text})"

    def sum(self, terms: tuple[Expr, ...]) -> str:
        text = self.write(terms[0], _SUM)
        for term in terms[1:]:
            negative = isinstance(term, Neg)
            inner = term.of if isinstance(term, Neg) else term
            text += f" {self.minus if negative else '+'} {self.write(inner, _PRODUCT)}"
        return text

    def product(self, factors: tuple[Expr, ...]) -> str:
        return self.times.join(self.write(factor, _POWER) for factor in factors)

    def quotient(self, top: Expr, bottom: Expr) -> tuple[str, int]:
        return f"{self.write(top, _POWER)}/{self.write(bottom, _POWER)}", _PRODUCT

    def power(self, base: Expr, exponent: Expr) -> str:
        return f"{self.write(base, _ATOM)}^{self.write(exponent, _ATOM)}"

    def chain(self, signs: tuple[str, ...], sides: tuple[Expr, ...]) -> str:
        text = self.write(sides[0], _SUM)
        for sign, side in zip(signs, sides[1:], strict=True):
            text += f" {self.sign(sign)} {self.write(side, _SUM)}"
        return text

    def sign(self, sign: str) -> str:
        return sign

    def pieces(self, node: Cases) -> tuple[str, int]:
        if node.otherwise is not None and len(node.pieces) == 1 and _is_indicator(node):
            return f"1({self.write(node.pieces[0][1], _RELATION)})", _ATOM
        rows = [f"{self.write(value, _SUM)} if {self.write(rule, _RELATION)}" for value, rule in node.pieces]
        rows += [] if node.otherwise is None else [f"else {self.write(node.otherwise, _SUM)}"]
        return ", ".join(rows), _RELATION

    def big(self, node: BigSum) -> str:
        sign = "Σ" if node.kind == "sum" else "Π"
        return f"{sign}{self.bounds(node)} {self.bracketed(self.write(node.body, _RELATION))}"

    def bounds(self, node: BigSum) -> str:
        if node.index is None:
            return ""
        lower = self.symbol(node.index) + (f"={self.write(node.lower, _SUM)}" if node.lower is not None else "")
        upper = f"..{self.write(node.upper, _SUM)}" if node.upper is not None else ""
        return f"_({lower}{upper})"

    def list(self, items: tuple[Expr, ...]) -> str:
        return ", ".join(self.write(item, _RELATION) for item in items)

    def function(self, node: Expr) -> str:
        match node:
            case Call("log", (of, base)):
                return f"log_{self.index(base)}({self.write(of, _RELATION)})"
            case Call("factorial", (of,)):
                return self.write(of, _ATOM) + "!"
            case Call(name, args):
                return f"{name}({self.list(args)})"
            case Apply(head, args, given):
                bar = f" | {self.list(given)}" if given is not None else ""
                return f"{self.symbol(head)}({self.list(args)}{bar})"
            case Grad(of, by):
                return "∇" + (f"_{self.index(by)}" if by is not None else "") + (
                    f" {self.write(of, _ATOM)}" if of is not None else ""
                )  # fmt: skip
            case Seq(kind, items):
                return f"{kind}{self.list(items)}{ {'(': ')', '[': ']', '{': '}'}[kind] }"
            case _:
                raise TypeError(f"no form for {type(node).__name__}")


class _Latex(_Text):
    times, minus, dots = " \\cdot ", "-", "\\dots "

    def bracketed(self, text: str) -> str:
        return f"\\left({text}\\right)"

    def word(self, word: str) -> str:
        return f" \\text{{ {word} }} "

    def symbol(self, node: Sym) -> str:
        name = _latex_name(node.name)
        if node.accent in {"hat", "bar", "tilde", "dot", "vec"}:
            name = f"\\{node.accent}{{{name}}}"
        name += "^{*}" if node.accent == "star" else "'" * _primes(node.accent)
        name += f"_{{{self.index(node.sub)}}}" if node.sub is not None else ""
        return name + (f"^{{({self.write(node.sup, _RELATION)})}}" if node.sup is not None else "")

    def index(self, node: Expr) -> str:
        return self.list(node.items) if isinstance(node, Seq) else self.write(node, _RELATION)

    def quotient(self, top: Expr, bottom: Expr) -> tuple[str, int]:
        return f"\\frac{{{self.write(top, _RELATION)}}}{{{self.write(bottom, _RELATION)}}}", _POWER

    def number(self, value: Fraction) -> tuple[str, int]:
        text = text_of_number(value)
        if "/" in text:
            return self.quotient(Num(Fraction(value.numerator)), Num(Fraction(value.denominator)))
        return text, _ATOM if value >= 0 else _SUM

    def power(self, base: Expr, exponent: Expr) -> str:
        shown = self.write(base, _ATOM)
        shown = f"{{{shown}}}" if isinstance(base, Sym) and (base.sup is not None or base.accent) else shown
        return f"{shown}^{{{self.write(exponent, _RELATION)}}}"

    def sign(self, sign: str) -> str:
        return _LATEX_SIGNS.get(sign, sign)

    def pieces(self, node: Cases) -> tuple[str, int]:
        if node.otherwise is not None and len(node.pieces) == 1 and _is_indicator(node):
            return f"\\mathbb{{1}}\\left({self.write(node.pieces[0][1], _RELATION)}\\right)", _ATOM
        rows = [f"{self.write(value, _SUM)} & \\text{{if }} {self.write(rule, _RELATION)}" for value, rule in node.pieces]
        rows += [] if node.otherwise is None else [f"{self.write(node.otherwise, _SUM)} & \\text{{otherwise}}"]
        return "\\begin{cases}" + " \\\\ ".join(rows) + "\\end{cases}", _ATOM

    def big(self, node: BigSum) -> str:
        return f"\\{node.kind}{self.bounds(node)} {self.bracketed(self.write(node.body, _RELATION))}"

    def bounds(self, node: BigSum) -> str:
        if node.index is None:
            return ""
        lower = self.symbol(node.index) + (f"={self.write(node.lower, _SUM)}" if node.lower is not None else "")
        return f"_{{{lower}}}" + (f"^{{{self.write(node.upper, _SUM)}}}" if node.upper is not None else "")

    def function(self, node: Expr) -> str:
        match node:
            case Call("sqrt", (of,)):
                return f"\\sqrt{{{self.write(of, _RELATION)}}}"
            case Call("root", (of, degree)):
                return f"\\sqrt[{self.write(degree, _RELATION)}]{{{self.write(of, _RELATION)}}}"
            case Call("abs", (of,)):
                return f"\\left|{self.write(of, _RELATION)}\\right|"
            case Call("floor" | "ceil" as name, (of,)):
                return f"\\left\\l{name}{self.write(of, _RELATION)}\\right\\r{name}"
            case Call("binom", (top, bottom)):
                return f"\\binom{{{self.write(top, _RELATION)}}}{{{self.write(bottom, _RELATION)}}}"
            case Call("log", (of, base)):
                return f"\\log_{{{self.index(base)}}}{self.bracketed(self.write(of, _RELATION))}"
            case Call("factorial", (of,)):
                return self.write(of, _ATOM) + "!"
            case Call(name, args):
                shown = f"\\{name}" if name in _LATEX_FUNCTIONS else f"\\operatorname{{{name}}}"
                return shown + self.bracketed(self.list(args))
            case Apply(head, args, given):
                bar = f" \\mid {self.list(given)}" if given is not None else ""
                return self.symbol(head) + self.bracketed(self.list(args) + bar)
            case Grad(of, by):
                shown = "\\nabla" + (f"_{{{self.index(by)}}}" if by is not None else "")
                return shown + (f" {self.write(of, _ATOM)}" if of is not None else "")
            case Seq("[", items) if items and all(isinstance(item, Seq) and item.kind == "[" for item in items):
                rows = (" & ".join(self.write(cell, _RELATION) for cell in row.items) for row in items if isinstance(row, Seq))
                return "\\begin{pmatrix}" + " \\\\ ".join(rows) + "\\end{pmatrix}"
            case Seq(kind, items):
                left, right = {"(": "()", "[": "[]", "{": ("\\{", "\\}")}[kind]
                return f"\\left{left}{self.list(items)}\\right{right}"
            case _:
                return super().function(node)


def _latex_name(name: str) -> str:
    if name in _LATEX_GREEK:
        return _LATEX_GREEK[name]
    if name in {"∂", "∞"}:
        return {"∂": "\\partial", "∞": "\\infty"}[name]
    if len(name) == 2 and name[0] == "d":
        return f"\\mathrm{{d}}{_latex_name(name[1])}"
    return name if len(name) == 1 else f"\\mathrm{{{name}}}"


def _primes(accent: str) -> int:
    return int(accent.removeprefix("prime") or 1) if accent.startswith("prime") else 0


def _is_indicator(node: Cases) -> bool:
    value, rest = node.pieces[0][0], node.otherwise
    return isinstance(value, Num) and value.value == 1 and isinstance(rest, Num) and rest.value == 0
