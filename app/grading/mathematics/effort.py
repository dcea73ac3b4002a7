"""A limit on work that is counted, not timed: the same text always gets the same answer."""


class TooMuch(Exception):
    """The formula is too large, too deep or of a kind that is not computed with."""


class Effort:
    """So many steps, shared by everything that one comparison does."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """So many steps; raises TooMuch when none are left."""
        self.left -= steps
        if self.left < 0:
            raise TooMuch("the formula is too large to compare")
