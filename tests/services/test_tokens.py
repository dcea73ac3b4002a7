"""The ids that people see and type."""

from app.services.tokens import new_public_id


def test_no_attempt_is_taken_for_an_option_of_a_command() -> None:
    ids = [new_public_id() for _ in range(2_000)]  # one in 64 would begin with a dash

    assert not [one for one in ids if one.startswith("-")]
    assert len(set(ids)) == 2_000
    assert {len(one) for one in ids} == {22}
