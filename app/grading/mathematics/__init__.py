"""Reading and comparing what students write as mathematics; pure, exact where it can be, bounded everywhere.

- `read_number(text, integer=…)`: a number box, as a `Reading`
- `parse(text)`, `read_math(text)`, `formulas_in(text)`: formulas, also among words; `to_text`, `to_latex` show them
- `same_function(a, b)`, `compare_expressions(a, b)`, `compare_math(text_a, text_b)`: are two formulas the same?
"""

from app.grading.mathematics.comparison import compare_math
from app.grading.mathematics.equality import Comparison, Domain, renamed, same_function, substituted
from app.grading.mathematics.exact import Exact, NoValue, evaluate
from app.grading.mathematics.finding import Found, Leftover, MathReading, formulas_in, read_math, value_of
from app.grading.mathematics.latex_writing import to_latex
from app.grading.mathematics.numbers import read_number
from app.grading.mathematics.parsing import Parsed, Unread, parse
from app.grading.mathematics.relations import compare_expressions
from app.grading.mathematics.tokens import Options
from app.grading.mathematics.tree import Expr
from app.grading.mathematics.writing import text_of_number, to_text

__all__ = [
    "Comparison", "Domain", "Exact", "Expr", "Found", "Leftover", "MathReading", "NoValue", "Options", "Parsed",
    "Unread", "compare_expressions", "compare_math", "evaluate", "formulas_in", "parse", "read_math", "read_number",
    "renamed", "same_function", "substituted", "text_of_number", "to_latex", "to_text", "value_of",
]  # fmt: skip
