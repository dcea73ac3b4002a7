"""Between scanner and grammar: line breaks, the commas of piecewise answers, wide sums, and words that are prose.

`w for wx>0, 0 otherwise` becomes `w IF wx>0 PIECE 0 OTHERWISE`. Surprising: a line break is dropped only where
the formula plainly goes on; elsewhere it parts two formulas.
"""

from app.grading.mathematics.tokens import Options, Tok

_CONDITIONAL = frozenset({"IF", "ELSE", "OTHERWISE"})
_GOES_ON_BEFORE = frozenset({"PLUS", "MINUS", "TIMES", "SLASH", "REL", "POW", "LPAR", "COMMA"})
_GOES_ON_AFTER = frozenset({"PLUS", "TIMES", "SLASH", "REL", "RPAR"}) | _CONDITIONAL
_BREAKS = frozenset({"COMMA", "NEWLINE"})
_OPEN = frozenset({"LPAR", "SUBO", "SUPO", "CASEO"})
_CLOSE = frozenset({"RPAR", "SUBC", "SUPC", "CASEC"})


def prepare(tokens: list[Tok], options: Options) -> list[Tok]:
    """The tokens as the grammar wants them."""
    kinds = {token.kind for token in tokens}
    if "NEWLINE" in kinds:
        tokens = _without_soft_breaks(tokens)
    if not kinds.isdisjoint(_CONDITIONAL):
        tokens = _piecewise(_without_idle_commas(tokens))
    return _wide_sums(tokens) if options.wide else tokens


def levels(tokens: list[Tok]) -> list[int]:
    """How deep in brackets each token stands; a bracket itself counts as outside."""
    found, level = [], 0
    for token in tokens:
        level -= token.kind in _CLOSE
        found.append(level)
        level += token.kind in _OPEN
    return found


def _without_soft_breaks(tokens: list[Tok]) -> list[Tok]:
    kept: list[Tok] = []
    for at, token in enumerate(tokens):
        if token.kind == "NEWLINE":
            after = tokens[at + 1].kind if at + 1 < len(tokens) else "REL"
            if not kept or kept[-1].kind in _GOES_ON_BEFORE | {"NEWLINE"} or after in _GOES_ON_AFTER:
                continue
        kept.append(token)
    return kept


def _without_idle_commas(tokens: list[Tok]) -> list[Tok]:
    """`w, if y>0` and `else: 0` mean the same without the sign; a last `else` says "otherwise"."""
    kept: list[Tok] = []
    for at, token in enumerate(tokens):
        after = tokens[at + 1].kind if at + 1 < len(tokens) else ""
        idle_before = token.kind in {"COMMA", "AMP"} and after in {*_CONDITIONAL, "AND"}
        idle_after = (
            token.kind in {"COMMA", "COLON", "AMP"} and kept and kept[-1].kind in {*_CONDITIONAL, "THEN"}
        )
        if idle_before or idle_after or (token.kind in _CONDITIONAL and kept and kept[-1].kind == "ELSE"):
            continue
        kept.append(token)
    return [_by_position(token, kept, at) for at, token in enumerate(kept)]


def _by_position(token: Tok, tokens: list[Tok], at: int) -> Tok:
    if token.kind not in {"ELSE", "OTHERWISE"}:
        return token
    last = at + 1 == len(tokens) or tokens[at + 1].kind in _BREAKS | _CLOSE | {"ROW"}
    return token._replace(kind="OTHERWISE" if last else "ELSE")


def _piecewise(tokens: list[Tok]) -> list[Tok]:
    """A comma behind a condition that is followed by another piece parts pieces, not formulas."""
    found = list(tokens)
    level = levels(tokens)
    for at, token in enumerate(tokens):
        if token.kind not in {"COMMA", "NEWLINE", "AND"}:
            continue
        before = _segment(found, level, at, -1)
        after = _segment(found, level, at, 1)
        conditional = "IF" in before and bool(_CONDITIONAL.intersection(after))
        if conditional and (token.kind != "AND" or "REL" not in _until_condition(after)):
            found[at] = token._replace(kind="PIECE")
    return found


def _segment(tokens: list[Tok], level: list[int], at: int, step: int) -> list[str]:
    """The kinds of the tokens beside `at` in the same bracket, up to the next comma."""
    kinds: list[str] = []
    other = at + step
    while 0 <= other < len(tokens) and level[other] >= level[at] and len(kinds) < 200:
        if level[other] == level[at]:
            if tokens[other].kind in _BREAKS | {"PIECE"}:
                break
            kinds.append(tokens[other].kind)
        other += step
    return kinds


def _until_condition(kinds: list[str]) -> list[str]:
    stop = next((at for at, kind in enumerate(kinds) if kind in _CONDITIONAL), len(kinds))
    return kinds[:stop]


def _wide_sums(tokens: list[Tok]) -> list[Tok]:
    """Brackets around everything behind a sum sign, to the end of its own bracket or formula."""
    found: list[Tok] = []
    pending: list[tuple[int, Tok]] = []
    level = levels(tokens)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        while pending and (level[at] < pending[-1][0] or _ends_sum(token, level[at], pending[-1][0])):
            found.append(pending.pop()[1]._replace(kind="RPAR", value=")"))
        found.append(token)
        at += 1
        if token.kind in {"SUM", "PROD"}:
            stop = _after_bounds(tokens, at)
            found += tokens[at:stop]
            at = stop
            found.append(token._replace(kind="LPAR", value="("))
            pending.append((level[at - 1], token))
    return found + [token._replace(kind="RPAR", value=")") for _, token in reversed(pending)]


def _ends_sum(token: Tok, level: int, own: int) -> bool:
    return level == own and token.kind in _BREAKS | {"REL", "IF", "PIECE"}


def _after_bounds(tokens: list[Tok], at: int) -> int:
    """The place behind the lower and upper bound of a sum sign."""
    for opener, closer in (("SUBO", "SUBC"), ("SUPO", "SUPC")):
        if at < len(tokens) and tokens[at].kind == opener:
            at = _closing(tokens, at, closer) + 1
    if at < len(tokens) and tokens[at].kind == "POW":
        at += 1
        if at < len(tokens) and tokens[at].kind == "LPAR":
            at = _closing(tokens, at, "RPAR")
        at += 1
    return min(at, len(tokens))


def _closing(tokens: list[Tok], at: int, closer: str) -> int:
    level = 0
    for place in range(at, len(tokens)):
        level += (tokens[place].kind in _OPEN) - (tokens[place].kind in _CLOSE)
        if level == 0:
            return place
    return len(tokens)
