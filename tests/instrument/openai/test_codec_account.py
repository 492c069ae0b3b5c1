"""What codecs remember of answers that were counted."""

from __future__ import annotations

from spanwise.instrument.codec.account import Accounts


def test_what_was_counted_is_remembered_for_a_bounded_number() -> None:
    """A process that fetches a million batches holds the latest ten thousand."""
    accounts = Accounts()
    assert [accounts.claim("a"), accounts.claim("a"), accounts.claim("b", 7), accounts.claim("b", 3)] == [0, 1, 0, 7]
    for number in range(20_000):
        accounts.claim(str(number))
    assert accounts.claim("19999") == 1
    assert accounts.claim("a") == 0
