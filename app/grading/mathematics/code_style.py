"""Formulas as programs write them: `v[k+1]` for an index, `L[θ]` for a value of a function, `v <- b*v` for what a name becomes."""

import re

_INDEXED = re.compile(
    r"(?<![\\A-Za-z])(?!(?:sqrt|root|E|P|Pr|Var)\[)((?:[A-Za-z]{1,6}|[α-ωΑ-Ω]))\[(\s*(?:[A-Za-z](?:\s*[+\-−]\s*[0-9]+)?|[0-9]+)\s*)\]"
)
_OF_A_LOSS = re.compile(r"(?<![\\A-Za-z])([LJfℓ])\[([^\[\]]*)\]")


def as_in_mathematics(text: str) -> str:
    """The same formula in the signs of mathematics, every character in its place.

    >>> as_in_mathematics("v[t] <- b*v[t-1] - a*∇L[θ_t]")
    'v(t) := b*v(t-1) - a*∇L(θ_t)'
    >>> as_in_mathematics("-1/N [y*log(p)]")  # brackets that only group stay
    '-1/N [y*log(p)]'
    """
    if "[" in text:
        text = _OF_A_LOSS.sub(r"\1(\2)", _INDEXED.sub(r"\1(\2)", text))
    return text.replace(" <- ", " := ") if "<" in text else text
