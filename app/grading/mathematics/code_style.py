"""Formulas as programs write them: `v[k+1]` for an index, `L[θ_k]` for a value of a function, `v <- b*v` for what a name becomes.

`r += 8` is read as `r + 8`, which is what the name becomes.
"""

import re

_INDEXED = re.compile(
    r"(?<![\\A-Za-z])(?!(?:sqrt|root|E|P|Pr|Var)\[)([A-Za-z]{1,6}|[α-ωΑ-Ω])\[([ijklmnst])((?:\s*[+\-−]\s*[0-9]+)?)\]"
)
_NUMBERED = re.compile(r"(?<![\\A-Za-z])([A-Za-z]{1,6}|[α-ωΑ-Ω])\[([0-9]+)\]")
_OF_A_LOSS = re.compile(
    r"(?<![\\A-Za-z])([LJfℓ])\[((?:[α-ω]|\\?theta|[A-Za-z](?=[_(]))(?:_[A-Za-z0-9]+|_\{[^{}\[\]]*\}|\([^()\[\]]*\))?\s?)\]"
)
_OF_A_TIME = re.compile(r"(?<![\w\\])(new|old|prev|next)_([A-Za-z]{1,5}|[α-ωΑ-Ω])(?![\w{(])")
_GROWS = re.compile(r"((?:^|[;\n,])\s*[^\W\d_]\w{0,9}(?:_\{[^{}]*\})?\s*[+\-])=(?![=>])")
_BECOMES = re.compile(
    r"((?:^|[;\n])\s*\\?[^\W\d_]{1,10}(?:_\w+|_\{[^{}]*\}|\([^()]*\))?\s)<-(?=\s[^;\n<>=|]*[^\W\d_])"
)


def as_in_mathematics(text: str) -> str:
    """The same formula in the signs of mathematics, every character in its place.

    >>> as_in_mathematics("v[t] <- b*v[t-1] - a*∇L[θ_t]")
    'v_t  := b*v(t-1) - a*∇L(θ_t)'
    >>> as_in_mathematics("1 if x <- 1 else -1/N [y*log(p)]")  # less than -1, and brackets that only group
    '1 if x <- 1 else -1/N [y*log(p)]'
    """
    if "[" in text:
        text, indexed = _INDEXED.subn(_index, text)
        if indexed:  # then `s[1]` is the first of them
            text = _NUMBERED.sub(r"\1(\2)", text)
        text = _OF_A_LOSS.sub(r"\1(\2)", text)
    if "w_" in text or "d_" in text or "v_" in text or "t_" in text:  # `new_v` is `v_new`
        text = _OF_A_TIME.sub(r"\2_\1", text)
    if "+=" in text or "-=" in text:  # what is added to the name
        text = _GROWS.sub(r"\1 ", text)
    return _BECOMES.sub(r"\1:=", text) if "<-" in text else text


def _index(match: re.Match[str]) -> str:
    name, letter, step = match.groups()
    return f"{name}({letter}{step})" if step else f"{name}_{letter} "
