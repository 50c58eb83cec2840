"""Forms: what is taken, and from whom."""

from __future__ import annotations

import dataclasses
import hashlib

import pytest

from iwapi.web.forms import BadForm, cookie, read_fields, read_form, read_query, token_of
from iwapi.web.http import Request

SECRET = "session1"


def mac(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


TOKEN = token_of(mac, SECRET)


def request(body: str = "", **headers: str) -> Request:
    named = {"content-type": "application/x-www-form-urlencoded", "origin": "https://x:1"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("id1", "POST", "/", "", named, body.encode("latin-1"), "192.0.2.1", True, "x:1")


def read(made: Request, *names: str) -> dict[str, str]:
    form = read_form(made, mac, SECRET, names)
    del form["token"]
    return form


@pytest.mark.parametrize(
    ("fields", "values"),
    [
        ("&password=a+b%26%3D", {"password": "a b&="}),
        ("&password=", {"password": ""}),
        ("&password=p%C3%A4ss%0D%0A%00", {"password": "päss\r\n\0"}),
    ],
)
def test_a_field_is_taken_as_it_was_written(fields: str, values: dict[str, str]) -> None:
    assert read(request(f"token={TOKEN}{fields}"), "password") == values


@pytest.mark.parametrize(
    ("made", "status"),
    [
        (request("token=wrong&password=p"), 403),
        (request(f"token={TOKEN[:-1]}&password=p"), 403),
        (request("token=%C3%A4&password=p"), 403),
        (request("password=p"), 400),
        (request(f"token={TOKEN}"), 400),
        (request(f"token={TOKEN}&password=p&more=x"), 400),
        (request(f"token={TOKEN}&password=p&password=q"), 400),
        (request(f"token={TOKEN}&password"), 400),
        (request(f"token={TOKEN}&password=%FF"), 400),
        (request(f"token={TOKEN}&password=\xe4"), 400),
        (request("&".join(["a=b"] * 1000)), 400),
        (request(""), 400),
        (request(f"token={TOKEN}&password={'p' * 16384}"), 413),
        (request(f"token={TOKEN}&password=p", content_type="multipart/form-data; boundary=x"), 415),
        (request(f"token={TOKEN}&password=p", content_type="text/plain"), 415),
        (request(f"token={TOKEN}&password=p", origin="https://evil.example"), 403),
        (request(f"token={TOKEN}&password=p", origin="http://x:1"), 403),
        (request(f"token={TOKEN}&password=p", origin="null"), 403),
        (request(f"token={TOKEN}&password=p", sec_fetch_site="cross-site"), 403),
        (request(f"token={TOKEN}&password=p", sec_fetch_site="same-site"), 403),
        (request(f"token={TOKEN}&password=p", sec_fetch_site="none"), 403),
    ],
)
def test_a_form_that_is_not_ours_or_not_whole_is_refused(made: Request, status: int) -> None:
    with pytest.raises(BadForm) as refused:
        read(made, "password")
    assert refused.value.status == status


def test_a_browser_that_hides_the_origin_says_where_the_form_comes_from() -> None:
    made = request(f"token={TOKEN}&password=p", origin="null", sec_fetch_site="same-origin")
    assert read(made, "password") == {"password": "p"}


def test_a_form_without_any_origin_is_refused() -> None:
    made = request(f"token={TOKEN}&password=p")
    headers = {"content-type": made.headers["content-type"]}
    with pytest.raises(BadForm):
        read(dataclasses.replace(made, headers=headers), "password")


def test_a_token_fits_one_cookie_only() -> None:
    assert token_of(mac, "another") != TOKEN


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        ("a=1; s=abc; b=2", "abc"),
        ("s=abc", "abc"),
        ("s=", None),
        ("s", None),
        ("ss=abc", None),
        ("s=abc; s=def", None),  # which of the two is ours?
        ("s=a'b", None),
        (f"s={'a' * 200}", None),
        ("", None),
    ],
)
def test_a_cookie(sent: str, value: str | None) -> None:
    assert cookie(request(cookie=sent), "s") == value


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("a=1&b=2&c=3", {"a": "1", "b": "2"}),
        ("a=1&c=3&c=4&c", {"a": "1"}),  # the others are not looked at
        ("a=&", {"a": ""}),
        ("", {}),
        ("a=%C3%A4+%2B", {"a": "ä +"}),
    ],
)
def test_a_program_s_form_gives_the_fields_that_are_asked_for(body: str, found: dict[str, str]) -> None:
    assert read_fields(request(body, origin="https://billing.example"), ("a", "b")) == found
    assert read_query(dataclasses.replace(request(), query=body), ("a", "b")) == found


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("a=1&a=1", 400), ("a=1&a=2", 400), ("a=%ff", 400), ("a=\xe4", 400), ("&".join(["c=1"] * 65), 400),
        ("a=" + "1" * 16383, 413),
    ],
)  # fmt: skip
def test_a_program_s_form_that_is_not_plain_is_refused(body: str, status: int) -> None:
    with pytest.raises(BadForm) as refused:
        read_fields(request(body), ("a",))
    assert refused.value.status == status


def test_a_program_s_form_is_a_form() -> None:
    with pytest.raises(BadForm) as refused:
        read_fields(request("a=1", content_type="text/plain"), ("a",))
    assert refused.value.status == 415
