"""`encrypted=y`: a password that came as a hash in the form that is kept is that hash; else it is refused."""

from typing import Any

import pytest

from iwapi.kinds import Hashed, Plain
from tests.wires.routed import asked, refused, taken

SALT = "$6${}$" + "a" * 85 + "."
ROUNDS = "$6$rounds={}$salt$" + "a" * 85 + "."
HASH = SALT.format("saltsalt")
KEPT = [HASH, ROUNDS.format("1000"), ROUNDS.format("100000"), "$6$./09AZaz./09AZaz$" + "./09" * 21 + "z1"]


@pytest.mark.parametrize("kept", KEPT, ids=lambda text: text[:20])
@pytest.mark.parametrize("confirm", [{}, {"confirm_password": None}, "same"], ids=str)
def test_a_password_may_come_as_a_hash_in_the_form_that_is_kept(kept: str, confirm: Any) -> None:
    again = {"confirm_password": kept} if confirm == "same" else confirm
    for password in (kept, [kept]):
        sent = {"password": password, "encrypted": "y", **again}
        assert taken(sent) == {"password": Hashed("", kept)}
        assert kept not in repr(asked(sent).raw["password"])


def test_without_the_word_a_hash_is_a_password_like_any_other() -> None:
    for word in ({}, {"encrypted": "n"}, {"encrypted": ""}, {"encrypted": None}):
        assert taken({"password": HASH, **word}) == {"password": Plain(HASH)}


OF_HASH = "This server takes n, or y and a SHA-512 crypt hash as password"
OF_PASSWORD = "password: ******** This is not a SHA-512 crypt hash, as $6$salt$hash"


@pytest.mark.parametrize(
    "password",
    ["Correct-horse7", "$1$salt$" + "a" * 22, "$2y$10$" + "a" * 53, "$5$salt$" + "a" * 43,
     "$y$j9T$salt$" + "a" * 43, "{SSHA}x", HASH[:-1], HASH + "a", HASH + "\n", HASH[:-1] + "z",
     ROUNDS.format("5000000"), ROUNDS.format("999"), ROUNDS.format("05000"), ROUNDS.format("100001"),
     ROUNDS.format(""), SALT.format(""), SALT.format("s" * 17), SALT.format("sal:salt"),
     SALT.format("s\u0660")],
    ids=lambda text: ascii(text[:24]),
)  # fmt: skip
def test_a_hash_of_another_form_is_refused_by_both_names(password: str) -> None:
    lines = refused({"password": password, "encrypted": "y"})
    assert lines[0] == f"encrypted: y {OF_HASH}"
    assert lines[1].startswith(OF_PASSWORD)
    assert len(lines) == 2


@pytest.mark.parametrize("word", ["Y", "yes", "1", "true", "crypt", "x"])
def test_another_word_than_y_is_refused(word: str) -> None:
    assert refused({"password": HASH, "encrypted": word}) == [f"encrypted: {word} {OF_HASH}"]


def test_a_hash_must_be_confirmed_like_a_password() -> None:
    sent = {"password": HASH, "encrypted": "y", "confirm_password": HASH[:-1] + "/"}
    assert refused(sent) == ["confirm_password: ******** This input differs from password"]
    assert refused(sent | {"confirm_password": ""})
