"""Accounts, sessions and passwords."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from app.errors import Forbidden, InvalidInput, NotFound, SignInRefused
from app.services import accounts, demo
from app.services.accounts import SignedIn
from app.services.passwords import Passwords
from app.services.tokens import hash_of
from app.store import queries
from app.store.database import Store
from app.store.models import SignIn, User
from tests.factories import NOW, after
from tests.factories import user as somebody

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def passwords() -> Iterator[Passwords]:
    pool = Passwords()
    yield pool
    pool.close()


def register(store: Store, passwords: Passwords, **how: str) -> User:
    given = {"email": "Ada@Example.org ", "name": " Ada  Lovelace", "password": PASSWORD, **how}
    return accounts.register(store, passwords, **given, now=NOW)  # type: ignore[arg-type]


def sign_in(
    store: Store, passwords: Passwords, password: str = PASSWORD, address: str = "203.0.113.9", **how: str
) -> SignedIn:
    email = how.get("email", "ada@example.org")
    return accounts.sign_in(
        store, passwords, email=email, password=password, address=address, now=NOW, lasts=timedelta(hours=8)
    )


def who(store: Store, token: str, **later: float) -> User | None:
    with store.read() as db:
        return queries.user_of_token(db, hash_of(token), after(**later))


def test_a_student_registers_and_signs_in(store: Store, passwords: Passwords) -> None:
    ada = register(store, passwords)
    session = sign_in(store, passwords, email=" ADA@example.org")

    found = who(store, session.token)
    assert (ada.email, ada.name, ada.role) == ("ada@example.org", "Ada Lovelace", "student")
    assert found is not None
    assert found.id == ada.id


def test_the_database_holds_neither_password_nor_token(store: Store, passwords: Passwords) -> None:
    ada = register(store, passwords)
    session = sign_in(store, passwords)

    with store.read() as db:
        (row,) = db.query(SignIn).all()
    assert ada.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert row.token_hash == hash_of(session.token)
    assert session.token.encode() not in row.token_hash


@pytest.mark.parametrize(("email", "password"), [("ada@example.org", "wrong"), ("eve@example.org", PASSWORD)])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    store: Store, passwords: Passwords, email: str, password: str
) -> None:
    register(store, passwords)

    with pytest.raises(SignInRefused, match="The e-mail address or the password is not right"):
        sign_in(store, passwords, password=password, email=email)


def test_an_account_that_is_switched_off_cannot_sign_in_and_is_signed_out(
    store: Store, passwords: Passwords
) -> None:
    ada = register(store, passwords)
    session = sign_in(store, passwords)
    store.write(lambda db: accounts.switch_off(db, ada.id))

    assert who(store, session.token) is None
    with pytest.raises(SignInRefused):
        sign_in(store, passwords)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("email", "@example.org"),
        ("email", "a b@example.org"),
        ("email", "x" * 250 + "@example.org"),
        ("name", "  "),
        ("name", "x" * 101),
        ("password", "too short"),
        ("password", "x" * 201),
    ],
)
def test_a_faulty_form_names_the_box(store: Store, passwords: Passwords, field: str, value: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        register(store, passwords, **{field: value})

    assert refused.value.field == field


def test_an_address_can_be_registered_once(store: Store, passwords: Passwords) -> None:
    register(store, passwords)

    with pytest.raises(InvalidInput, match="already"):
        register(store, passwords, email="ADA@EXAMPLE.ORG")


@pytest.mark.parametrize(
    "password",
    [
        "Password2026!",
        "qwertyuiop",
        "1234567890",
        "aaaaaaaaaaaa",
        "ada@example.org",
        "Ada Lovelace 1815",
        "endterm2026",
    ],
)
def test_what_is_guessed_first_is_no_password(store: Store, passwords: Passwords, password: str) -> None:
    with pytest.raises(InvalidInput, match="easily guessed"):
        register(store, passwords, password=password)


def test_a_forgotten_password_is_replaced_by_the_staff_and_ends_all_sessions(
    store: Store, passwords: Passwords
) -> None:
    register(store, passwords)
    session = sign_in(store, passwords)
    accounts.reset_password(store, passwords, "ada@example.org", "something else again")

    assert who(store, session.token) is None
    assert sign_in(store, passwords, "something else again").user.name == "Ada Lovelace"
    with pytest.raises(NotFound):
        accounts.reset_password(store, passwords, "eve@example.org", "something else again")


def test_signing_out_ends_this_session_only(store: Store, passwords: Passwords) -> None:
    register(store, passwords)
    here, there = sign_in(store, passwords), sign_in(store, passwords)
    store.write(lambda db: accounts.sign_out(db, here.token))

    assert who(store, here.token) is None
    assert who(store, there.token) is not None


def test_signing_out_everywhere_ends_all_sessions(store: Store, passwords: Passwords) -> None:
    ada = register(store, passwords)
    tokens = [sign_in(store, passwords).token for _ in range(2)]
    store.write(lambda db: accounts.sign_out_everywhere(db, ada.id))

    assert [who(store, one) for one in tokens] == [None, None]


def test_a_session_ends_by_itself_and_is_forgotten(store: Store, passwords: Passwords) -> None:
    register(store, passwords)
    session = sign_in(store, passwords)

    assert who(store, session.token, hours=7.9) is not None
    assert who(store, session.token, hours=8) is None
    store.write(lambda db: accounts.forget_ended_sessions(db, after(hours=8)))
    assert who(store, session.token) is None


def test_the_first_administrator_comes_in_by_a_link_once(store: Store, passwords: Passwords) -> None:
    token = store.write(lambda db: accounts.invite_first_administrator(db, NOW))
    assert token is not None
    details = {"email": "root@example.org", "name": "Root", "password": PASSWORD}
    admin = accounts.accept_invitation(store, passwords, token=token, **details, now=NOW)

    assert admin.role == "admin"
    assert store.write(lambda db: accounts.invite_first_administrator(db, NOW)) is None
    with pytest.raises(NotFound):
        accounts.accept_invitation(store, passwords, token=token, **{**details, "email": "b@x.org"}, now=NOW)


def test_each_start_without_an_administrator_prints_a_link_and_ends_the_older_one(
    store: Store, passwords: Passwords
) -> None:
    old, new = (store.write(lambda db: accounts.invite_first_administrator(db, NOW)) for _ in range(2))
    details = {"email": "root@example.org", "name": "Root", "password": PASSWORD}

    with pytest.raises(NotFound):
        accounts.accept_invitation(store, passwords, token=str(old), **details, now=NOW)
    assert accounts.accept_invitation(store, passwords, token=str(new), **details, now=NOW).role == "admin"


def test_a_demo_administrator_is_no_administrator(store: Store, passwords: Passwords) -> None:
    demo.add_demo_accounts(store, passwords, NOW)

    assert store.write(lambda db: accounts.invite_first_administrator(db, NOW)) is not None


def test_there_is_one_demo_account_per_role_however_often_they_are_asked_for(
    store: Store, passwords: Passwords
) -> None:
    for _ in range(2):
        made = demo.add_demo_accounts(store, passwords, NOW)

    assert [one.role for one in made] == ["student", "ta", "instructor", "admin"]
    with store.read() as db:
        assert db.query(User).filter(User.demo).count() == 4


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_demo_accounts_work_on_this_machine(store: Store, passwords: Passwords, address: str) -> None:
    one = demo.add_demo_accounts(store, passwords, NOW)[0]

    assert sign_in(store, passwords, one.password, address, email=one.email).user.demo


@pytest.mark.parametrize("address", ["203.0.113.9", "10.0.0.1", "::ffff:203.0.113.9", "localhost", ""])
def test_demo_accounts_refuse_every_other_address(store: Store, passwords: Passwords, address: str) -> None:
    one = demo.add_demo_accounts(store, passwords, NOW)[0]

    with pytest.raises(Forbidden):
        sign_in(store, passwords, one.password, address, email=one.email)


def test_a_hash_made_with_other_costs_is_replaced_at_the_next_sign_in(
    store: Store, passwords: Passwords
) -> None:
    ada = register(store, passwords)
    dated = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    store.write(lambda db: setattr(db.get_one(User, ada.id), "password_hash", dated))

    sign_in(store, passwords)

    with store.read() as db:
        assert not passwords.is_dated(db.get_one(User, ada.id).password_hash)
    assert sign_in(store, passwords).user.id == ada.id


def test_a_user_without_a_real_hash_cannot_sign_in(store: Store, passwords: Passwords) -> None:
    nobody = somebody(store)

    with pytest.raises(SignInRefused):
        sign_in(store, passwords, email=nobody.email)


@pytest.mark.parametrize(
    "how", [{"email": "eve\0@example.org"}, {"email": "e\u200bve@example.org"}, {"name": "\u202e\u200b"}]
)
def test_what_cannot_be_seen_is_in_no_name_and_no_address(
    store: Store, passwords: Passwords, how: dict[str, str]
) -> None:
    with pytest.raises(InvalidInput):
        register(store, passwords, **how)
    with pytest.raises(SignInRefused):
        sign_in(store, passwords, email="a\0@example.org")
