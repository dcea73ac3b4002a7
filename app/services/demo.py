"""One demonstration account per role, made only when it is asked for; they work on this machine only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.services.passwords import Passwords
from app.store import queries
from app.store.database import Store
from app.store.models import Role, User

PASSWORD = "only-on-this-machine"  # noqa: S105  (written on the sign-in page; refused from elsewhere)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    email: str
    name: str
    role: Role
    password: str = PASSWORD


DEMO_ACCOUNTS = (
    DemoAccount("student@demo.example", "Sam Student", "student"),
    DemoAccount("ta@demo.example", "Toni Assistant", "ta"),
    DemoAccount("instructor@demo.example", "Ina Instructor", "instructor"),
    DemoAccount("admin@demo.example", "Ada Admin", "admin"),
)


def add_demo_accounts(store: Store, passwords: Passwords, now: datetime) -> tuple[DemoAccount, ...]:
    """Make those that are missing; running it again changes nothing."""
    password_hash = passwords.hash(PASSWORD)
    store.write(lambda db: _add_missing(db, password_hash, now))
    return DEMO_ACCOUNTS


def _add_missing(db: Session, password_hash: str, now: datetime) -> None:
    for one in DEMO_ACCOUNTS:
        if queries.user_by_email(db, one.email) is None:
            db.add(
                User(
                    email=one.email,
                    name=one.name,
                    role=one.role,
                    password_hash=password_hash,
                    active=True,
                    demo=True,
                    created_at=now,
                )
            )
