"""How a formula was read, in LaTeX for the math renderer.

`w*1(y>0)` is shown as `w \\cdot \\mathbb{1}\\left(y > 0\\right)`. Surprising: every name is letters of the answer,
never a command of it, so that nothing a student types reaches the renderer as a command.
"""

from fractions import Fraction
from functools import lru_cache

from app.grading.mathematics.tree import Apply, BigSum, Call, Cases, Div, Dots, Expr, Grad, Num, Pow, Seq, Sym
from app.grading.mathematics.vocabulary import GREEK
from app.grading.mathematics.writing import (
    ATOM,
    POWER,
    RELATION,
    SUM,
    Form,
    Writer,
    is_indicator,
    primes,
    text_of_number,
)  # fmt: skip

_GREEK = {letter: "\\" + name for name, letter in reversed(GREEK.items())}
_SPECIAL = {"∂": "\\partial ", "∞": "\\infty "}
_SIGNS = {
    "≤": "\\le", "≥": "\\ge", "≠": "\\ne", "≈": "\\approx", "∈": "\\in", "~": "\\sim", "→": "\\to", "∝": "\\propto",
}  # fmt: skip
_OWN_COMMANDS = frozenset("sin cos tan cot sec csc sinh cosh tanh coth log exp max min gcd arg".split())
_BRACKETS = {"(": ("(", ")"), "[": ("[", "]"), "{": ("\\{", "\\}")}
_ACCENTS = frozenset({"hat", "bar", "tilde", "dot", "vec"})


@lru_cache(maxsize=4096)
def to_latex(expr: Expr) -> str:
    """The formula in LaTeX."""
    return _Latex().write(expr, RELATION)


class _Latex(Writer):
    times = " \\cdot "

    def bracketed(self, text: str) -> str:
        return f"\\left({text}\\right)"

    def symbol(self, node: Sym) -> Form:
        name = _name(node.name)
        if node.accent in _ACCENTS:
            name = f"\\{node.accent}{{{name}}}"
        name += "^{*}" if node.accent == "star" else "'" * primes(node.accent)
        name += f"_{{{self.index(node.sub)}}}" if node.sub is not None else ""
        return name + (f"^{{({self.write(node.sup, RELATION)})}}" if node.sup is not None else ""), ATOM

    def index(self, node: Expr) -> str:
        return self.list(node.items) if isinstance(node, Seq) else self.write(node, RELATION)

    def quotient(self, node: Div) -> Form:
        return f"\\frac{{{self.write(node.top, RELATION)}}}{{{self.write(node.bottom, RELATION)}}}", POWER

    def number(self, node: Num) -> Form:
        text = text_of_number(node.value)
        if "/" in text:
            top, bottom = (Num(Fraction(part)) for part in (node.value.numerator, node.value.denominator))
            return self.quotient(Div(top, bottom))
        return text, ATOM if node.value >= 0 else SUM

    def power(self, node: Pow) -> Form:
        shown = self.write(node.base, ATOM)
        marked = isinstance(node.base, Sym) and (node.base.sup is not None or node.base.accent)
        shown = f"{{{shown}}}" if marked else shown
        return f"{shown}^{{{self.write(node.exponent, RELATION)}}}", POWER

    def sign(self, sign: str) -> str:
        return _SIGNS.get(sign, sign)

    def pieces(self, node: Cases) -> Form:
        if is_indicator(node):
            return f"\\mathbb{{1}}{self.bracketed(self.write(node.pieces[0][1], RELATION))}", ATOM
        rows = [
            f"{self.write(value, SUM)} & \\text{{if }} {self.write(rule, RELATION)}"
            for value, rule in node.pieces
        ]
        if node.otherwise is not None:
            rows.append(f"{self.write(node.otherwise, SUM)} & \\text{{otherwise}}")
        return "\\begin{cases}" + " \\\\ ".join(rows) + "\\end{cases}", ATOM

    def big(self, node: BigSum) -> Form:
        return f"\\{node.kind}{self.bounds(node)} {self.bracketed(self.write(node.body, RELATION))}", SUM

    def bounds(self, node: BigSum) -> str:
        if node.index is None:
            return ""
        upper = f"^{{{self.write(node.upper, SUM)}}}" if node.upper is not None else ""
        return f"_{{{self.start(node.index, node.lower)}}}{upper}"

    def dots(self, _node: Dots) -> Form:
        return "\\dots ", ATOM

    def call(self, node: Call) -> Form:
        inside = [self.write(arg, RELATION) for arg in node.args]
        match node:
            case Call("sqrt", (_,)):
                return f"\\sqrt{{{inside[0]}}}", ATOM
            case Call("root", _):
                return f"\\sqrt[{inside[1]}]{{{inside[0]}}}", ATOM
            case Call("abs", _):
                return f"\\left|{inside[0]}\\right|", ATOM
            case Call("floor" | "ceil" as rounding, _):
                return f"\\left\\l{rounding} {inside[0]}\\right\\r{rounding} ", ATOM
            case Call("binom", _):
                return f"\\binom{{{inside[0]}}}{{{inside[1]}}}", ATOM
            case Call("log", (_, _)):
                return f"\\log_{{{inside[1]}}}{self.bracketed(inside[0])}", ATOM
            case Call("factorial", (of,)):
                return f"{self.write(of, ATOM)}!", ATOM
        name = node.function
        shown = f"\\{name}" if name in _OWN_COMMANDS else f"\\operatorname{{{name}}}"
        return shown + self.bracketed(", ".join(inside)), ATOM

    def applied(self, node: Apply) -> Form:
        bar = f" \\mid {self.list(node.given)}" if node.given is not None else ""
        return self.write(node.head, ATOM) + self.bracketed(self.list(node.args) + bar), ATOM

    def gradient(self, node: Grad) -> Form:
        by = f"_{{{self.index(node.by)}}}" if node.by is not None else ""
        return f"\\nabla{by}" + (f" {self.write(node.of, ATOM)}" if node.of is not None else " "), ATOM

    def sequence(self, node: Seq) -> Form:
        rows = [item for item in node.items if isinstance(item, Seq) and item.kind == "["]
        if rows and len(rows) == len(node.items):
            shown = (" & ".join(self.write(cell, RELATION) for cell in row.items) for row in rows)
            return "\\begin{pmatrix}" + " \\\\ ".join(shown) + "\\end{pmatrix}", ATOM
        left, right = _BRACKETS[node.kind]
        return f"\\left{left}{self.list(node.items)}\\right{right}", ATOM


def _name(name: str) -> str:
    """A name of one letter as it is, a Greek one as a command, a longer one upright."""
    if name in _GREEK or name in _SPECIAL:
        return _GREEK.get(name) or _SPECIAL[name]
    if len(name) == 2 and name[0] == "d":  # a differential
        return f"\\mathrm{{d}}{_name(name[1])}"
    return name if len(name) == 1 else f"\\mathrm{{{name}}}"
