"""Errors that a person can be told about: `web/errors.py` makes pages of them, the command line a line."""

from math import ceil


class AppError(Exception):
    """Something that was asked for cannot be done. The message is shown as it stands."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(AppError):
    """It is not there, or not for this user: the two look the same from outside."""

    status = 404


class Forbidden(AppError):
    """Known, but not allowed."""

    status = 403


class SignInRefused(AppError):
    """The address or the password is wrong; it does not say which."""

    status = 401


class Conflict(AppError):
    """It clashes with what is stored."""

    status = 409


class AttemptClosed(Conflict):
    """The attempt has been handed in, or its time is over."""


class AnswersMissing(Conflict):
    """A hand-in believed saved what is not; `parts` names what is missing."""

    def __init__(self, parts: tuple[str, ...]) -> None:
        super().__init__(f"Not saved yet: {', '.join(parts)}. Save these parts, then hand in again.")
        self.parts = parts


class InvalidInput(AppError):
    """A form needs fixing; `field` is the name of the box."""

    status = 422

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class TooBusy(AppError):
    """More waits than can be taken on; asking again in a moment works."""

    status = 503


class TooMany(AppError):
    """Too much of it in a short time; `wait` is how many seconds until it works again."""

    status = 429

    def __init__(self, wait: float) -> None:
        self.wait = max(1, ceil(wait))
        super().__init__(
            f"There were too many tries in a short time. Wait {_how_long(self.wait)}, then try again."
        )


def _how_long(seconds: int) -> str:
    if seconds < 100:
        return "a second" if seconds == 1 else f"{seconds} seconds"
    return f"{ceil(seconds / 60)} minutes"


class NotReady(AppError):
    """The installation cannot run as it is: a setting, a library or the database."""

    status = 500
