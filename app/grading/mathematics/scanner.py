"""From text to tokens: plain notation, Unicode signs and LaTeX end in the same few token kinds.

`3x^2` gives NUM NAME POW NUM. Surprising: `\\frac{a}{b}` gives LPAR LPAR a RPAR SLASH LPAR b RPAR RPAR,
`h₁` and `h1` both give h with a subscript, and the 1 of `1(y>0)` is an indicator, not a number.
"""

import re
from dataclasses import replace

from app.grading.mathematics import latex, names
from app.grading.mathematics.brackets import has_relation, matching, splits_at_top
from app.grading.mathematics.tokens import PLAIN, Options, Tok, ends_operand, placed
from app.grading.mathematics.tree import Sym
from app.grading.mathematics.vocabulary import (
    COMBINING,
    FRACTION_SIGNS,
    GREEK_LETTERS,
    INDICATORS,
    RELATIONS,
    SAME_LETTER,
    SEVERAL_ARGUMENTS,
    SIGNS,
    SUBSCRIPTS,
    SUPERSCRIPTS,
)  # fmt: skip

_NUMBER = r"[0-9]+(?:(?:\.|,(?![0-9]+,[0-9])|\{,\})[0-9]+)?(?:[eE][+\-−]?[0-9]+(?![A-Za-z0-9]))?|\.[0-9]+"
_TOKEN = re.compile(
    rf"(?P<newline>[ \t]*[\n\r][\s]*)|(?P<space>[\s$\u200b]+|\\[,;:!> ]|\\[()\[\]])|(?P<number>{_NUMBER})"
    r"|(?P<command>\\[A-Za-z]+\*?)|(?P<rowbreak>\\\\)|(?P<dots>\.\.\.?)|(?P<word>[A-Za-zÄÖÜäöüß]+)"
    r"|(?P<relation><=|>=|=<|==|:=|!=|->|=>|[=<>≤≥≠≈∈~∼∝→⇒←≡≔⩽⩾⟶])|(?P<power>\*\*|\^)|(?P<bars>\|\|?|‖|\\\|)"
    rf"|(?P<superscript>[{''.join(SUPERSCRIPTS)}]+)|(?P<subscript>[{''.join(SUBSCRIPTS)}]+)"
    r"|(?P<opener>\\\{|[(\[{⌊⌈⟨])|(?P<closer>\\\}|[)\]}⌋⌉⟩])|(?P<prime>['′’´″]+)|(?P<percent>\\?%)|(?P<other>.)",
    re.DOTALL,
)
_INDEX_RUN = re.compile(r"[0-9]+|[A-Za-z][A-Za-z0-9]*")
_LOOSE_SHIFT = re.compile(r"[+\-−][0-9](?![0-9A-Za-z.,(])")
_SUMMED = re.compile(r"\s*(?:[_(\[{\\|0-9]|[^\W\d_])")  # what a capital sigma sums; else it is a name
_SIZES = frozenset({"", "\\left", "\\big", "\\Big", "\\bigl", "\\Bigl"})
_COMPOUND = re.compile(r"(?:-[A-Za-z]{3,})+(?![A-Za-z])(?!\s*[*/^=_(])")


def scan(text: str, options: Options = PLAIN) -> list[Tok]:
    """All tokens of a text. Nothing is refused here: what is not understood becomes an OTHER token."""
    return Scanner(text, options, names.letters_alone(text)).run()


class Scanner:
    """Reads one text from left to right; groups are read by a scanner of their own."""

    def __init__(self, text: str, options: Options, letters: frozenset[str], whole: bool = False) -> None:
        self.text, self.options, self.letters, self.whole = text, options, letters, whole
        self.latex = "\\" in text
        self.glued = names.glued_index(text) if options.loose else ""
        self.position = 0
        self.tokens: list[Tok] = []
        self.open: list[str] = []  # kinds of the brackets around: "(", "[", "{", "call", "args", "|"
        self.superscript: tuple[int, int] | None = None  # token index and text end of the last upper index

    def run(self) -> list[Tok]:
        """The tokens of the whole text."""
        while self.position < len(self.text):
            found = _TOKEN.match(self.text, self.position)
            assert found is not None  # noqa: S101
            assert found.lastgroup is not None  # noqa: S101  ("other" takes any character)
            self.position = found.end()
            getattr(self, f"_{found.lastgroup}")(found.group(), found.start())
        return self.tokens

    def inner(self, start: int, end: int, whole: bool = False) -> list[Tok]:
        """The tokens of a piece of the text, read on its own."""
        inside = Scanner(self.text[start:end], self.options, self.letters, whole)
        inside.latex, inside.glued = self.latex, self.glued
        return [token.moved(start) for token in inside.run()]

    def add(self, kind: str, value: str | Sym, start: int, end: int | None = None) -> None:
        """Append a token that ends at `end` or where reading stands."""
        self.tokens.append(Tok(kind, value, start, self.position if end is None else end))

    def argument(self) -> list[Tok]:
        """The next LaTeX argument: a group in braces, a command, or one character."""
        while self.position < len(self.text) and self.text[self.position].isspace():
            self.position += 1
        start = self.position
        if self.text.startswith("{", start):
            end = matching(self.text, start)
            self.position = min(end + 1, len(self.text))
            return self.inner(start + 1, end)
        command = re.compile(r"\\[A-Za-z]+(?:\s*\{[^{}]*\})*|.?", re.DOTALL).match(self.text, start)
        self.position = command.end() if command else start
        return self.inner(start, self.position)

    # What each kind of token does.

    def _space(self, found: str, start: int) -> None:
        pass

    def _newline(self, found: str, start: int) -> None:
        if not self.open:
            self.add("NEWLINE", "\n", start)

    def _number(self, found: str, start: int) -> None:
        if "," in found and self.open and self.open[-1] in {"args", "[", "{"}:
            found = found[: found.index(",")].rstrip("{")
            self.position = start + len(found)
        if found == "1" and self._opens_indicator():
            return self.add("IND", "1", start)
        self.add("NUM", found.replace("{,}", ".").replace(",", ".").replace("−", "-"), start)

    def _opens_indicator(self) -> bool:
        rest = self.text[self.position : self.position + 3].lstrip("_ ").lstrip("\\")
        at = self.text.find(rest[:1], self.position) if rest else -1
        if at < 0 or rest[0] not in "([{":
            return False
        return has_relation(self.text[at + 1 : matching(self.text, at)])

    def _command(self, found: str, start: int) -> None:
        latex.read_command(self, found[1:].rstrip("*"), start)

    def _rowbreak(self, found: str, start: int) -> None:
        self.add("NEWLINE", "\n", start)

    def _dots(self, found: str, start: int) -> None:
        self.add("DOTS", found, start)

    def _word(self, found: str, start: int) -> None:
        if self._is_times(found, start):
            return self.add("TIMES", "*", start)
        if found in INDICATORS and self._opens_indicator():
            return self.add("IND", found, start)
        if self._is_glued(found, start) or self._is_differential(found, start):
            return None
        compound = _COMPOUND.match(self.text, self.position)
        if compound and names.is_compound(found + compound.group()):
            self.position = compound.end()
            self.tokens.append(Tok("NAME", Sym(found + compound.group()), start, self.position, word=True))
            return None
        known = self.letters | self.options.symbols
        self.tokens += names.read_word(found, start, self.text, known, self.options, self.whole)
        self._number_after_name()

    def _is_glued(self, found: str, start: int) -> bool:
        """Loose reading: `st+1` and `θt` carry the index t."""
        if not self.glued or self.whole or found[-1] != self.glued or len(found) > 2:
            return False
        alone = len(found) == 1
        if alone and not (
            ends_operand(self.tokens) and self.tokens[-1].kind == "NAME" and self.tokens[-1].end == start
        ):
            return False
        if not alone:
            self.add("NAME", Sym(found[0]), start, start + 1)
        begin = self.position - 1
        if shift := _LOOSE_SHIFT.match(self.text, self.position):
            self.position = shift.end()
        self._index(self.inner(begin, self.position, whole=True), begin)
        return True

    def _is_differential(self, found: str, start: int) -> bool:
        """The dθ of `dL/dθ`."""
        letter = self.text[self.position : self.position + 1]
        if found != "d" or not letter or letter not in GREEK_LETTERS:
            return False
        after = self.text[self.position + 1 :].lstrip()[:1]
        if not (after == "/" or (self.tokens and self.tokens[-1].kind == "SLASH")):
            return False
        self.position += 1
        self.add("NAME", Sym(found + letter), start)
        return True

    def _is_times(self, found: str, start: int) -> bool:
        """The x of `3x3` and `3 x 3`."""
        before = bool(self.tokens) and self.tokens[-1].kind == "NUM"
        return found in {"x", "X"} and before and self.text[self.position :].lstrip()[:1].isdigit()

    def _number_after_name(self) -> None:
        """`h1` is h with index 1, `log2` a logarithm to base 2; but not in LaTeX, where `\\log2` is log of 2."""
        digits = re.compile(r"[0-9]+").match(self.text, self.position)
        if digits and self._takes_digits(digits.end()):
            start, self.position = self.position, digits.end()
            self._index([Tok("NUM", digits.group(), start, self.position)], start)

    def _takes_digits(self, end: int) -> bool:
        if self.tokens[-1].kind == "NAME":
            return True
        rest = self.text[end : end + 1]
        return self.tokens[-1].value == "log" and bool(rest) and (rest.isalpha() or rest in "({[| ")

    def _relation(self, found: str, start: int) -> None:
        self.add("REL", RELATIONS[found], start)

    def _power(self, found: str, start: int) -> None:
        if self._is_hat():
            return self._accent("hat")
        rest = self.text[self.position :].lstrip()
        if rest[:1] in {"*", "'"} and ends_operand(self.tokens) and rest[1:2] != "*":
            self.position += len(self.text[self.position :]) - len(rest) + 1
            return self._accent("star" if rest[0] == "*" else "prime")
        begin = len(self.tokens)
        self.add("POW", "^", start)
        if rest.startswith("{"):
            self._upper_group(self.text.index("{", self.position))
        elif self.options.loose and (loose := re.match(r"([A-Za-z])([+\-−][0-9])(?![0-9A-Za-z.,(])", rest)):
            at = self.text.index(rest[0], self.position)
            self.position = at + loose.end()
            self._bracketed(self.inner(at, self.position), at)
        self.superscript = (begin, self.position)

    def _is_hat(self) -> bool:
        """`y^`, `y^_i`, `1-y^)`: a hat typed behind its letter."""
        if not self.tokens or self.tokens[-1].kind != "NAME" or self.tokens[-1].end != self.position - 1:
            return False
        rest = self.text[self.position :]
        if rest[:1] in {"", ")", "]", "|", "_", ",", ";", "=", "+", "/"}:
            return True
        word = re.compile(r"\s+([A-Za-z]*)").match(rest)
        return bool(word) and (rest.lstrip()[:1] not in "0123456789{(-−\\" or not rest.strip()) and (
            not word.group(1) or names.is_known_word(word.group(1))  # type: ignore[union-attr]
        )  # fmt: skip

    def _upper_group(self, start: int) -> None:
        end = matching(self.text, start)
        inside = self.inner(start + 1, end)
        self.position = min(end + 1, len(self.text))
        if [token.value for token in inside] in (["′"], ["prime"]):
            self.tokens.pop()
            return self._accent("prime")
        self._bracketed(inside, start)

    def _bracketed(self, inside: list[Tok], start: int) -> None:
        """An exponent in a group; one in brackets of its own, `^{(k+1)}`, is an index."""
        index = len(inside) > 2 and inside[0].kind == "LPAR" and splits_at_top(inside) == len(inside) - 1
        if index and ends_operand(self.tokens[:-1]) and self.tokens[-2].kind in {"NAME", "SUBC"}:
            self.tokens.pop()
            inside = [
                Tok("SUPO", "(", start, start),
                *inside[1:-1],
                Tok("SUPC", ")", self.position, self.position),
            ]
        else:
            inside = [Tok("LPAR", "(", start, start), *inside, Tok("RPAR", ")", self.position, self.position)]
        self.tokens += inside

    def _superscript(self, found: str, start: int) -> None:
        inside = Scanner("".join(SUPERSCRIPTS[sign] for sign in found), self.options, self.letters).run()
        begin = len(self.tokens)
        self.add("POW", "^", start)
        self._bracketed(placed(inside, start, self.position), start)
        self.superscript = (begin, self.position)

    def _subscript(self, found: str, start: int) -> None:
        inside = Scanner("".join(SUBSCRIPTS[sign] for sign in found), self.options, self.letters, True).run()
        self._index(placed(inside, start, self.position), start)

    def _index(self, inside: list[Tok], start: int) -> None:
        """A lower index; `x^{2}_{i}` is read as `x_{i}^{2}`."""
        index = [Tok("SUBO", "_", start, start), *inside, Tok("SUBC", "_", self.position, self.position)]
        if self.superscript and self.superscript[1] == start:
            at = self.superscript[0]
            self.tokens[at:at] = index
        else:
            self.tokens += index

    def _lower(self, start: int) -> None:
        rest = self.text[self.position : self.position + 1]
        if rest in {"{", "("} or self.text.startswith("\\{", self.position):
            begin = self.position
            end = matching(self.text, begin)
            self.position = min(end + 1, len(self.text))
            condition = bool(self.tokens) and self.tokens[-1].kind == "IND"
            return self._index(self.inner(begin + 1, end, whole=not condition), start)
        run = _INDEX_RUN.match(self.text, self.position)
        if run is None:
            return self._index(self.argument(), start)
        end = self.position + names.index_length(run.group(), self.latex)
        if names.accent_of(run.group()) and self.tokens and self.tokens[-1].kind == "NAME":
            self.position = run.end()
            return self._accent(names.accent_of(run.group()))
        begin, self.position = self.position, end
        if self.options.loose and (shift := _LOOSE_SHIFT.match(self.text, end)):
            self.position = shift.end()
        self._index(self.inner(begin, self.position, whole=True), start)

    def _accent(self, accent: str) -> None:
        """Put an accent on the name just read."""
        for at in range(len(self.tokens) - 1, -1, -1):
            name = self.tokens[at].value
            if self.tokens[at].kind in {"NAME", "CALLER"} and isinstance(name, Sym):
                self.tokens[at] = replace(self.tokens[at], value=replace(name, accent=accent))
                return

    def _prime(self, found: str, start: int) -> None:
        count = len(found) + found.count("″")
        self._accent("prime" if count == 1 else f"prime{count}")

    def _percent(self, found: str, start: int) -> None:
        self.add("PERCENT", "%", start)

    def _opener(self, found: str, start: int) -> None:
        sign = found[-1]
        if sign in "⌊⌈":
            self.add("FUNC", "floor" if sign == "⌊" else "ceil", start)
        if sign == "{" and latex.read_rows_in_braces(self, start):
            return
        before = self.tokens[-1] if self.tokens else None
        adjacent = before is not None and self.text[before.end : start] in _SIZES
        kind = sign
        if before is not None and adjacent and (sign == "(" or _is_probability(before)):
            kind = self._function_before(start)
        if kind == "index":
            return
        self.open.append(kind)
        self.add("LPAR", {"⌊": "(", "⌈": "("}.get(sign, sign), start)

    def _function_before(self, start: int) -> str:
        """What the bracket belongs to: a known function, an unknown one (its name becomes a CALLER), or nothing."""
        at = names.name_before(self.tokens)
        if self.tokens[-1].kind == "FUNC" or at is None:
            several = self.tokens[-1].kind == "FUNC" and self.tokens[-1].value in SEVERAL_ARGUMENTS
            return "args" if several else "("
        content = self.text[start + 1 : matching(self.text, start)]
        loose = names.INDEX_IN_BRACKETS.fullmatch(content)
        name = self.text[self.tokens[at].start : self.tokens[-1].end]
        counted = re.search(rf"{re.escape(name)}\(\s*[a-z]", self.text) is not None
        if self.options.loose and loose and content.strip() and (any(map(str.isalpha, content)) or counted):
            self.position = start + len(content) + 2
            self._index(self.inner(start + 1, self.position - 1, whole=True), start)
            return "index"
        token = self.tokens[at]
        function = names.function_of(token, content, self.letters | self.options.symbols)
        if function:
            self.tokens[at] = replace(token, kind=function[0], value=function[1])
            return "call"
        return "("

    def _closer(self, found: str, start: int) -> None:
        while self.open and self.open[-1] in {"|", "||"}:
            self.open.pop()
        if self.open:
            self.open.pop()
        self.add("RPAR", {"⌋": ")", "⌉": ")"}.get(found[-1], found[-1]), start)

    def _bars(self, found: str, start: int) -> None:
        """Bars open and close by turns; one between operands of `P(a | b)` is a condition."""
        double = len(found.lstrip("\\")) > 1 or found == "‖"
        if self.open and self.open[-1] in {"|", "||"} and ends_operand(self.tokens):
            opened = self.open.pop()
            self.add("ABSC", "|", start)
            if not double or opened == "||":
                return None
            self.open.append("|")  # `|x||y|`
            return self.add("ABSO", "|", start)
        inside_call = bool(self.open) and self.open[-1] == "call"
        another = any(bar in self.text[self.position :] for bar in ("|", "‖", "vert", "Vert"))
        if ends_operand(self.tokens) and (inside_call or not another):
            return self.add("BAR", "|", start)
        self.open.append("||" if double else "|")
        self.add("ABSO", "|", start)

    def _other(self, found: str, start: int) -> None:
        if found == "_":
            return self._lower(start)
        if found == "&":
            return self.add("AMP", "&", start)
        if found in ",;":
            return self.add("COMMA", found, start)
        if found == "√":
            return latex.read_root(self, start)
        if found in COMBINING:
            return self._accent(COMBINING[found])
        if found in FRACTION_SIGNS:
            top, bottom = FRACTION_SIGNS[found]
            return self.add("NUM", f"{top}/{bottom}", start)
        self._sign_or_letter(found, start)

    def _sign_or_letter(self, found: str, start: int) -> None:
        if found == ":" and self.whole and self.tokens:
            return self.add("DOTS", ":", start)
        if found == ":" and not self.text[start - 1 : start + 2].replace(":", "").isdigit():
            return self.add("COLON", ":", start)
        if found in SIGNS and found != "∆":
            return self.add(SIGNS[found], found, start)
        if found in INDICATORS and self._opens_indicator():
            return self.add("IND", found, start)
        if found in "ΣΠ" and _SUMMED.match(self.text, self.position):
            return self.add("SUM" if found == "Σ" else "PROD", found, start)
        letter, accent = names.letter_of(found)
        if letter in GREEK_LETTERS or letter in SAME_LETTER or letter.isalpha():
            self.add("NAME", Sym(SAME_LETTER.get(letter, letter), accent), start)
            return self._number_after_name()
        self.add("OTHER", found, start)


def _is_probability(token: Tok) -> bool:
    """Names that also take other brackets: `E[x]`, `Pr{A | B}`."""
    return isinstance(token.value, Sym) and token.value.name in {"P", "Pr", "p", "E", "ℙ"}
