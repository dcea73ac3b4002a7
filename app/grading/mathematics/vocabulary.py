"""Words, signs and LaTeX commands that mean something in a formula."""

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "vartheta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ", "chi": "χ",
    "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Pi": "Π",
    "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ",
}  # fmt: skip
GREEK_LETTERS = "αβγδεζηθικλμνξοπρςστυφχψωΓΔΘΛΞΠΣΦΨΩϑϕϵ𝜃ℓ"
SAME_LETTER = {
    "ϑ": "θ",
    "ϕ": "φ",
    "ϵ": "ε",
    "ς": "σ",
    "µ": "μ",
    "ℒ": "L",
    "𝓛": "L",
    "ℙ": "P",
    "𝔼": "E",
    "ℝ": "R",
}

# Names of functions as typed, and what each is called in the tree.
FUNCTIONS = {
    **{name: name for name in (
        "sin cos tan cot sec csc sinh cosh tanh coth sech csch exp log sqrt abs max min floor ceil sign "
        "relu sigmoid softplus factorial binom cbrt root round gcd arg"
    ).split()},
    **{f"a{name}": f"a{name}" for name in "sin cos tan cot sec csc sinh cosh tanh coth sech csch".split()},
    **{f"arc{name}": f"a{name}" for name in "sin cos tan cot sec csc sinh cosh tanh coth sech csch".split()},
    **{f"ar{name}": f"a{name}" for name in ("sinh", "cosh", "tanh", "coth")},
    "ln": "log", "lg": "log10", "cosec": "csc", "cosech": "csch", "cotan": "cot", "sgn": "sign", "signum": "sign",
    "ceiling": "ceil", "maximum": "max", "minimum": "min", "binomial": "binom", "comb": "binom", "nCr": "binom",
    "choose": "binom", "ReLU": "relu", "Relu": "relu", "RELU": "relu", "heaviside": "step",
    "Heaviside": "step", "step": "step", "logistic": "sigmoid", "wurzel": "sqrt", "betrag": "abs",
}  # fmt: skip
SEVERAL_ARGUMENTS = frozenset({"max", "min", "binom", "root", "gcd"})
GLUED_FUNCTIONS = (  # `logp`, `sinx`; a name that begins with another stands before it
    "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "log", "ln", "sin", "cos", "tan", "exp", "sqrt",
)  # fmt: skip

KEYWORDS = {
    "if": "IF", "for": "IF", "when": "IF", "wenn": "IF", "falls": "IF", "für": "IF", "else": "ELSE",
    "otherwise": "OTHERWISE", "sonst": "OTHERWISE", "elsewhere": "OTHERWISE", "then": "THEN", "dann": "THEN",
    "and": "AND", "und": "AND", "sum": "SUM", "Sum": "SUM", "SUM": "SUM", "summe": "SUM", "prod": "PROD",
    "product": "PROD", "grad": "NABLA", "Grad": "NABLA", "gradient": "NABLA", "nabla": "NABLA",
    "mod": "MOD", "times": "TIMES", "mal": "TIMES", "div": "SLASH", "infinity": "INFTY", "inf": "INFTY",
    "infty": "INFTY", "unendlich": "INFTY", "indicator": "IND", "Indicator": "IND",
}  # fmt: skip

# Letters that stand for a function when a bracket follows directly: `L(θ)`, `f(x)`, `P(a|b)`.
CALLERS = frozenset("fgFGLJPQEφΦΨδ")
INDICATORS = frozenset({"I", "𝟙", "𝟏", "𝕀"})

ACCENTS = {
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde",
    "dot": "dot", "ddot": "ddot", "vec": "vec", "prime": "prime", "star": "star",
}  # fmt: skip
COMBINING = {
    "\u0302": "hat",
    "\u0304": "bar",
    "\u0305": "bar",
    "\u0303": "tilde",
    "\u0307": "dot",
    "\u20d7": "vec",
}
FONTS = frozenset(
    "mathbf mathrm mathcal mathit mathsf mathscr mathbb mathfrak boldsymbol bm operatorname text textbf textit "
    "textrm mbox mathtt underline pmb".split()
)
SKIPPED_COMMANDS = frozenset(
    "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr limits nolimits displaystyle textstyle quad "
    "qquad middle mathopen mathclose ensuremath space enspace thinspace".split()
)
COMMAND_TOKENS = {
    "cdot": "TIMES", "times": "TIMES", "odot": "TIMES", "ast": "TIMES", "circ": "TIMES", "bullet": "TIMES",
    "otimes": "TIMES", "div": "SLASH", "sum": "SUM", "prod": "PROD", "nabla": "NABLA", "partial": "PARTIAL",
    "mid": "BAR", "vert": "BAR", "ldots": "DOTS", "dots": "DOTS", "cdots": "DOTS", "dotsc": "DOTS",
    "dotsb": "DOTS", "infty": "INFTY", "land": "AND", "wedge": "AND", "pm": "PM", "mp": "PM", "mod": "MOD", "bmod": "MOD",
}  # fmt: skip
COMMAND_RELATIONS = {
    "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥", "lt": "<", "gt": ">",
    "ne": "≠", "neq": "≠", "approx": "≈", "in": "∈", "sim": "~", "propto": "∝", "to": "→", "rightarrow": "→",
    "Rightarrow": "→", "leftarrow": "=", "gets": "=", "coloneqq": "=", "equiv": "=", "doteq": "=",
}  # fmt: skip
RELATIONS = {
    "<=": "≤", ">=": "≥", "=<": "≤", "==": "=", ":=": "=", "!=": "≠", "<>": "≠", "=/=": "≠", "=": "=", "<": "<", ">": ">", "≤": "≤",
    "≥": "≥", "≠": "≠", "≈": "≈", "∈": "∈", "~": "~", "∼": "~", "∝": "∝", "→": "→", "->": "→", "=>": "→",
    "⇒": "→", "←": "=", "≡": "=", "≔": "=", "⩽": "≤", "⩾": "≥", "⟶": "→",
}  # fmt: skip
SIGNS = {
    "+": "PLUS", "-": "MINUS", "−": "MINUS", "–": "MINUS", "—": "MINUS", "\u2010": "MINUS", "\u2011": "MINUS",
    "*": "TIMES", "·": "TIMES", "×": "TIMES", "⊙": "TIMES", "∗": "TIMES", "⋅": "TIMES", "∙": "TIMES", "•": "TIMES", "∘": "TIMES",
    "⊗": "TIMES", "⨯": "TIMES", "✕": "TIMES", "/": "SLASH", "÷": "SLASH", "∕": "SLASH", "⁄": "SLASH", ":": "SLASH",
    "!": "BANG", "%": "PERCENT", "∑": "SUM", "∏": "PROD", "∇": "NABLA", "∂": "PARTIAL", "∧": "AND", "∞": "INFTY",
    "±": "PM", "∓": "PM", "…": "DOTS", "⋯": "DOTS", "∣": "BAR", "∆": "NAME",
}  # fmt: skip

SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵏᵗᵀˣʸᴺʲᵐ", "0123456789+-=()nikt" + "TxyNjm", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓₕ", "0123456789+-=()aeijklmnoprstuvxh", strict=True))
FRACTION_SIGNS = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5),
    "⅘": (4, 5), "⅙": (1, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8), "⅒": (1, 10),
}  # fmt: skip
OPENERS = {"(": ")", "[": "]", "{": "}", "⌊": "⌋", "⌈": "⌉", "⟨": "⟩"}
CLOSERS = {closer: opener for opener, closer in OPENERS.items()}
NOT_A_HAT = frozenset({"that", "what", "chat", "ohat", "hat", "crowbar"})
NOT_GLUED = frozenset(
    {"cost", "sing", "sins", "tank", "logs", "expo", "sine", "cosine", "tang", "tans", "login"}
)
# Functions that are also plain words: only with a bracket behind them.
WORDLIKE_FUNCTIONS = frozenset(
    "max min maximum minimum floor ceil ceiling sign step round root arg choose comb logistic betrag wurzel gcd "
    "factorial binomial sec".split()
)
SHORT_WORDS = frozenset(
    "is to of we as in on or by so it an be at do my no us me am he es im ist da wo zu".split()
)
INDEX_WORDS = frozenset("new old in out max min pred true next prev test train val neu alt".split())
