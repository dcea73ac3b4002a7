"""How much is remembered of answers: what the checks of an attempt ask for again, and little more.

With thousands of texts marking takes longer: memory that was just given back is near, fresh memory is far.
"""

TEXTS = 128
FORMULAS = 64
