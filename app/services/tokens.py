"""Secrets that are handed out once: the database holds only their SHA-256."""

import hashlib
import secrets


def new_token() -> str:
    """256 bits, fit for a cookie and an address."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> bytes:
    """Plain SHA-256 is enough: a token cannot be guessed, and one lookup must be cheap."""
    return hashlib.sha256(token.encode()).digest()


def new_public_id() -> str:
    """128 bits: the address of an attempt, which nobody can guess. No dash comes first: on the command line that
    would be an option."""
    while (public_id := secrets.token_urlsafe(16)).startswith("-"):
        pass
    return public_id
