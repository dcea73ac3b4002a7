"""Users, their roles and sessions, and how the first administrator gets in."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.errors import Forbidden, InvalidInput, NotFound, SignInRefused
from app.services.passwords import Passwords, is_easily_guessed
from app.services.tokens import hash_of, new_token
from app.store import queries
from app.store.database import Store
from app.store.models import ROLES, Invitation, Role, SignIn, User

INVITATION_LASTS = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: the token goes into the cookie and is nowhere else."""

    token: str
    user: User
    expires_at: datetime


def register(
    store: Store, passwords: Passwords, *, email: str, name: str, password: str, now: datetime
) -> User:
    """A student makes an account. Raises InvalidInput for a faulty or taken address, name or password."""
    return add_user(store, passwords, email=email, name=name, password=password, role="student", now=now)


def add_user(
    store: Store, passwords: Passwords, *, email: str, name: str, password: str, role: Role, now: datetime
) -> User:
    """An account with any role, for the command line and administrators."""
    user = _new_user(passwords, email, name, password, role, now)
    return store.write(lambda db: _add(db, user))


def sign_in(
    store: Store,
    passwords: Passwords,
    *,
    email: str,
    password: str,
    address: str,
    now: datetime,
    lasts: timedelta,
) -> SignedIn:
    """A session for the right password. `address` is the browser's; demo accounts need this machine's own."""
    with store.read() as db:
        user = queries.user_by_email(db, email.strip().lower()) if email.isprintable() else None
    right = passwords.is_right(user.password_hash if user else None, password)
    if user is None or not right or not user.active:
        raise SignInRefused("The e-mail address or the password is not right.")
    if user.demo and not is_loopback(address):
        raise Forbidden("Demo accounts can be used only on the machine that Endterm runs on.")
    fresh = passwords.hash(password) if passwords.is_dated(user.password_hash) else None
    return store.write(lambda db: start_session(db, user.id, now, lasts, fresh))


def start_session(
    db: Session, user_id: int, now: datetime, lasts: timedelta, password_hash: str | None = None
) -> SignedIn:
    """A session without asking for the password; a given hash replaces one made with dated costs."""
    user = db.get_one(User, user_id)
    if password_hash is not None:
        user.password_hash = password_hash
    token = new_token()
    db.add(SignIn(token_hash=hash_of(token), user_id=user_id, created_at=now, expires_at=now + lasts))
    return SignedIn(token, user, now + lasts)


def sign_out(db: Session, token: str) -> None:
    """End one session; an unknown token is none."""
    db.execute(delete(SignIn).where(SignIn.token_hash == hash_of(token)))


def sign_out_everywhere(db: Session, user_id: int) -> int:
    """End all sessions of a user, and say how many there were."""
    return len(db.scalars(delete(SignIn).where(SignIn.user_id == user_id).returning(SignIn.created_at)).all())


def revoke(db: Session, email: str) -> int:
    """End all sessions of an account, and say how many there were. Raises NotFound."""
    return sign_out_everywhere(db, _by_email(db, email).id)


def change_role(db: Session, email: str, role: Role) -> User:
    """Every request asks for the role anew, so it holds at once. Raises NotFound."""
    user = _by_email(db, email)
    user.role = role
    return user


def reset_password(store: Store, passwords: Passwords, email: str, new: str) -> User:
    """A new password for somebody who has forgotten the old one; ends all sessions. Raises NotFound."""
    with store.read() as db:
        user = _by_email(db, email)
    made = passwords.hash(_fit_password(new, user.email, user.name))
    store.write(lambda db: _set_password(db, user.id, made))
    return user


def change_password(
    store: Store, passwords: Passwords, user: User, *, current: str, new: str, now: datetime, lasts: timedelta
) -> SignedIn:
    """Change one's own: all sessions end, and a new one begins. Raises InvalidInput."""
    if not passwords.is_right(user.password_hash, current):
        raise InvalidInput("This is not your current password.", "current")
    if user.demo:
        raise InvalidInput("The password of a demo account stays as it is.", "password")
    made = passwords.hash(_fit_password(new, user.email, user.name))

    def change(db: Session) -> SignedIn:
        _set_password(db, user.id, made)
        return start_session(db, user.id, now, lasts)

    return store.write(change)


def _set_password(db: Session, user_id: int, password_hash: str) -> None:
    db.get_one(User, user_id).password_hash = password_hash
    sign_out_everywhere(db, user_id)


def _by_email(db: Session, email: str) -> User:
    address = email.strip().lower()
    found = queries.user_by_email(db, address) if address.isprintable() else None
    if found is None:
        raise NotFound(f"There is no account {address}.")
    return found


def switch_off(db: Session, user_id: int) -> None:
    """No more signing in; what the user did stays."""
    db.get_one(User, user_id).active = False
    sign_out_everywhere(db, user_id)


def forget_ended_sessions(db: Session, now: datetime) -> None:
    db.execute(delete(SignIn).where(SignIn.expires_at <= now))


def invite(db: Session, role: Role, now: datetime) -> str:
    """The token of a link that makes one account with this role."""
    token = new_token()
    db.add(Invitation(token_hash=hash_of(token), role=role, expires_at=now + INVITATION_LASTS))
    return token


def invite_first_administrator(db: Session, now: datetime) -> str | None:
    """A token for the first administrator; None once there is one. An older token of this kind ends."""
    if queries.has_administrator(db):
        return None
    db.execute(delete(Invitation).where(Invitation.role == "admin", Invitation.used_at.is_(None)))
    return invite(db, "admin", now)


def accept_invitation(
    store: Store, passwords: Passwords, *, token: str, email: str, name: str, password: str, now: datetime
) -> User:
    """Make the account of an invitation. Raises NotFound for a link that is used, too old or none."""
    with store.read() as db:
        role = _invitation(db, token, now).role
    user = _new_user(passwords, email, name, password, role, now)
    return store.write(lambda db: _accept(db, token, user, now))


def is_loopback(address: str) -> bool:
    """Whether a browser's address is this machine's own."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)


def _accept(db: Session, token: str, user: User, now: datetime) -> User:
    _invitation(db, token, now).used_at = now
    return _add(db, user)


def _invitation(db: Session, token: str, now: datetime) -> Invitation:
    found = queries.open_invitation(db, hash_of(token), now)
    if found is None:
        raise NotFound("This invitation has been used, or it is too old.")
    return found


def _new_user(passwords: Passwords, email: str, name: str, password: str, role: Role, now: datetime) -> User:
    """Checked and hashed before the writer is asked for anything."""
    if role not in ROLES:
        raise InvalidInput(f"There is no role {role!r}; there are {', '.join(ROLES)}.", "role")
    address, shown = email.strip().lower(), " ".join(name.split())
    local, _, domain = address.rpartition("@")
    if not (local and domain) or len(address) > 254 or not address.isprintable() or " " in address:
        raise InvalidInput("Enter an e-mail address such as name@example.org.", "email")
    if not 1 <= len(shown) <= 100 or not shown.isprintable():
        raise InvalidInput("Enter a name of up to 100 characters that can be seen.", "name")
    return User(
        email=address,
        name=shown,
        role=role,
        password_hash=passwords.hash(_fit_password(password, address, shown)),
        active=True,
        demo=False,
        created_at=now,
    )


def _fit_password(password: str, email: str, name: str) -> str:
    """The password, unless it is among the first that are tried. Raises InvalidInput."""
    if is_easily_guessed(password, (email, email.partition("@")[0], name, "endterm")):
        raise InvalidInput("This password is easily guessed. A few words of your own are better.", "password")
    return password


def _add(db: Session, user: User) -> User:
    if queries.user_by_email(db, user.email) is not None:
        raise InvalidInput("There is an account with this e-mail address already.", "email")
    db.add(user)
    db.flush()
    return user
