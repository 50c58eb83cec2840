"""Both verifiers of a password take it and nothing else, to the last character."""

import ctypes
import ctypes.util
import re

import pytest
from passlib.hash import sha512_crypt

from iwapi.core import passwords
from iwapi.kinds import Hashed, Plain

WORDS = [
    "Correct-horse7",
    " spaces ",
    "p\u00e4ssw\u00f6rd",
    "密码😀é",
    "a" * 256,
    "é" * 255,
    "$6$rounds=1$",
    "{MD5}x",
]


def libcrypt() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(ctypes.util.find_library("crypt") or "libcrypt.so.1")
    except OSError:
        return None
    library.crypt.restype = ctypes.c_char_p
    library.crypt.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
    return library


@pytest.mark.parametrize("word", WORDS, ids=lambda word: ascii(word[:10]))
def test_both_verifiers_take_the_password_and_nothing_else(word: str) -> None:
    hashed = passwords.digest(Plain(word))
    assert passwords.matches(Plain(word), hashed)
    for other in (word[:-1], word + " ", word.swapcase() + "x", ""):
        assert not passwords.matches(Plain(other), hashed)


@pytest.mark.parametrize("word", WORDS, ids=lambda word: ascii(word[:10]))
def test_the_system_s_own_crypt_takes_the_verifier(word: str) -> None:
    library = libcrypt()
    if library is None:
        pytest.skip("this system has no libcrypt")
    kept = passwords.digest(Plain(word)).crypt.encode()
    assert library.crypt(word.encode(), kept) == kept
    assert library.crypt(word[:-1].encode(), kept) != kept


def test_the_verifiers_are_argon2id_and_sha512_crypt_each_with_its_own_salt() -> None:
    one, other = (passwords.digest(Plain("Correct-horse7")) for _ in range(2))
    assert one.argon2.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert re.fullmatch(r"\$6\$[./0-9A-Za-z]{8,16}\$[./0-9A-Za-z]{86}", one.crypt)
    assert one.argon2 != other.argon2
    assert one.crypt != other.crypt


@pytest.mark.parametrize(
    "kept",
    [None, ("", ""), ("x", ""), ("$argon2id$", ""), ("", "x"), ("", "$6$salt$hash"), ("", f"$6${'a' * 86}"),
     ("", f"$6$rounds=1$salt${'a' * 85}."), ("", f"$6$rounds=999999999$salt${'a' * 85}.")],
)  # fmt: skip
def test_what_is_no_verifier_takes_no_password(kept: tuple[str, str] | None) -> None:
    for word in ("", "no user has this password", "x"):
        assert passwords.matches(Plain(word), Hashed(*kept) if kept else None) is False


@pytest.mark.parametrize("word", WORDS, ids=lambda word: ascii(word[:10]))
@pytest.mark.parametrize("rounds", ["", "rounds=1000$", "rounds=65536$"])
def test_a_password_that_came_as_a_hash_is_known_by_it(word: str, rounds: str) -> None:
    made = sha512_crypt.using(rounds=int(rounds[7:-1] or 5000)).hash(word)
    assert made.startswith(f"$6${rounds}")
    kept = Hashed("", made)
    assert passwords.matches(Plain(word), kept)
    for other in (word[:-1], word + " ", word.swapcase() + "x", ""):
        assert not passwords.matches(Plain(other), kept)


def test_a_text_that_no_password_can_be_is_not_the_password() -> None:
    hashed = passwords.digest(Plain("Correct-horse7"))
    for kept in (hashed, Hashed("", hashed.crypt)):
        for word in ("Correct\ud800", "Correct-horse7\0", "x" * 1_000_000):
            assert not passwords.matches(Plain(word), kept)


def test_argon2_decides_where_it_is_there() -> None:
    one, other = (passwords.digest(Plain(word)) for word in ("Correct-horse7", "Another-horse7"))
    mixed = Hashed(one.argon2, other.crypt)
    assert passwords.matches(Plain("Correct-horse7"), mixed)
    assert not passwords.matches(Plain("Another-horse7"), mixed)
