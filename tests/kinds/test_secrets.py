"""A password is taken as it comes or refused; a secret in clear never shows itself."""

from typing import Any, get_args

import pytest

from iwapi.kinds import MASK, STRENGTHS, Hashed, NewPassword, Plain, Rules, Secret, Wrong

WEAK = Rules(password_strength="weak")


def parse(text: str, rules: Rules = WEAK) -> Any:
    return get_args(NewPassword)[1].parse(text, rules)


def refused(text: str, rules: Rules = WEAK) -> str:
    with pytest.raises(Wrong) as wrong:
        parse(text, rules)
    return wrong.value.problem


@pytest.mark.parametrize(
    "text",
    ["seven77", " spaces at both ends ", "pässwörd", "密" * 8, "😀" * 7, "family\u200d👩\u200d👧", "-rf --no",
     "a" * 256, "é" * 255, "密" * 170, "'\"\\$`;&|<>", "%s%s%s%n", "\u00a0" * 7],
    ids=lambda text: ascii(text[:20]),
)  # fmt: skip
def test_any_printable_password_is_kept_to_the_last_character(text: str) -> None:
    assert parse(text).reveal == text


@pytest.mark.parametrize(
    "char",
    ["\0", "\n", "\r", "\t", "\x1b", "\x7f", "\x9f", "\ud800", "\uffff", "\ue000"],
    ids=ascii,
)
def test_a_password_holds_no_character_that_is_not_printable(char: str) -> None:
    for text in (f"{char}Password1", f"Pass{char}word1", f"Password1{char}"):
        assert refused(text) == "This password holds a character that is not printable"


def test_a_password_is_refused_rather_than_cut() -> None:
    assert refused("a" * 257) == "This password is too long"
    assert refused("密" * 171) == "This password is too long"  # 513 bytes: crypt(3) takes 511
    assert refused("a" * 10_000_000) == "This password is too long"


@pytest.mark.parametrize(
    ("strength", "good", "bad"),
    [
        ("weak", ["seven77", "1234567"], ["", "sixsix", "6666 6"]),
        (
            "medium",
            ["Seven77", "äÄbbbbb", "twelve chars"],
            ["seven77", "SEVEN77", "eleven char", "Six66x"[:6]],
        ),
        ("strong", ["Seven77", "twelve chars1"], ["seven77", "Sevenxx", "twelve chars", "SEVEN777"]),
        (
            "very strong",
            ["Twelve chars", "Twelvechars1"],
            ["Twelvecharsx", "twelve chars1", "Eleven cha1", "Seven77"],
        ),
    ],
)
def test_a_password_is_as_strong_as_the_server_wants(strength: str, good: list[str], bad: list[str]) -> None:
    rules = Rules(password_strength=strength)
    assert strength in STRENGTHS
    for text in good:
        assert parse(text, rules).reveal == text
    for text in bad:
        assert "too weak" in refused(text, rules)


def test_every_strength_of_the_settings_can_be_asked_for() -> None:
    for strength in STRENGTHS:
        parse("Twelve chars1", Rules(password_strength=strength))


@pytest.mark.parametrize("show", [repr, str, "{}".format, "{!r}".format, "%s".__mod__, "%r".__mod__, ascii])
def test_a_secret_shows_a_mask(show: Any) -> None:
    for secret in (
        Plain("hunter2"),
        Hashed("$argon2id$x", "$6$x"),
        [Plain("hunter2")],
        {"x": Plain("hunter2")},
    ):
        assert MASK in show(secret)
        assert not any(word in show(secret) for word in ("hunter2", "$argon2id$x", "$6$x"))


def test_secrets_can_be_compared_and_never_equal_their_text() -> None:
    assert Plain("a") == Plain("a")
    assert Plain("a") != Plain("b")
    assert Plain("a") != "a"
    assert len({Plain("a"), Plain("a")}) == 1


def test_a_secret_that_was_shown_once_is_taken_as_it_comes() -> None:
    assert get_args(Secret)[1].parse(" \0x\n", WEAK) == Plain(" \0x\n")
