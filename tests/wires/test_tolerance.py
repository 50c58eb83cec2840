"""What `route` forgives, the liberties that billing modules take; and what it does not forgive."""

from typing import Any, Literal

import pytest

from iwapi.kinds import UNLIMITED, Plain, Raw
from iwapi.wires.credentials import credentials_of
from iwapi.wires.routecall import route_call
from tests.wires.routed import EDIT, SITEWORX, WIRE, asked, refused, taken

WORD = "Correct-horse7"

# Controllers


@pytest.mark.parametrize(
    "ctrl",
    [SITEWORX, "nodeworx/siteworx", "nodeworx/siteworx/", "/nodeworx/siteworx/", "//nodeworx/siteworx"],
)
def test_a_controller_comes_with_and_without_slashes_around_it(ctrl: str) -> None:
    assert asked({}, ctrl=ctrl).action is EDIT


@pytest.mark.parametrize(
    "ctrl", ["", "/", "nodeworx", "/nodeworx//siteworx", "/NodeWorx/SiteWorx", " nodeworx/siteworx"]
)
def test_another_controller_is_another_one(ctrl: str) -> None:
    assert asked({}, ctrl=ctrl).action.path == "unknown"


@pytest.mark.parametrize("wire", ["route", "xmlrpc"])
@pytest.mark.parametrize("name", ["edit", "nothing"])
def test_the_call_knows_by_which_wire_it_came(wire: str, name: str) -> None:
    assert asked({}, name, wire=wire).wire == wire


# Inputs


@pytest.mark.parametrize(
    ("sent", "given"),
    [
        ({}, {}),
        ({"0": "x", "5": {"a": "b"}, "-1": ""}, {}),
        ({"what": "x", "nodeworx": ["y"], "": None}, {}),
        ({"domain": None, "status": None, "names": None, "password": None}, {}),
        ({"perms": ["LOGIN"], "status": "1"}, {"status": True}),
        ({"perms": "LOGIN,DNS"}, {}),
        ({"domain": "example.com"}, {"domain": "example.com"}),
        ({"domain": ["example.com"]}, {"domain": "example.com"}),
        ({"domainname": "example.com"}, {"domain": "example.com"}),
        ({"master_domain": "example.com"}, {"domain": "example.com"}),
        ({"master_domain": "example.com", "domain": "example.com"}, {"domain": "example.com"}),
        ({"package_template": "basic"}, {"packagetemplate": "basic"}),
        ({"names": "a.com"}, {"names": ("a.com",)}),
        ({"names": ["a.com", None, "b.com"]}, {"names": ("a.com", "b.com")}),
        ({"names": []}, {}),
        ({"status": "0"}, {"status": False}),
        ({"status": "1"}, {"status": True}),
        ({"status": "false"}, {"status": False}),
        ({"status": ""}, {}),
        ({"nickname": ""}, {"nickname": ""}),
        ({"nickname": "0123"}, {"nickname": "0123"}),
        ({"nickname": "1.50"}, {"nickname": "1.50"}),
        ({"OPT_STORAGE": "0100"}, {"OPT_STORAGE": 100}),
        ({"OPT_STORAGE": " 5 "}, {"OPT_STORAGE": 5}),
        ({"OPT_STORAGE": "999999999"}, {"OPT_STORAGE": UNLIMITED}),
        ({"OPT_STORAGE": ""}, {}),
        ({"password": "0123456789012"}, {"password": Plain("0123456789012")}),
        ({"password": WORD, "confirm_password": WORD}, {"password": Plain(WORD)}),
        ({"password": WORD, "confirm_password": None}, {"password": Plain(WORD)}),
        ({"password": [WORD], "confirm_password": WORD}, {"password": Plain(WORD)}),
        ({"password": "", "confirm_password": ""}, {}),
    ],
)  # fmt: skip
def test_an_input_is_taken(sent: dict[str, Raw], given: dict[str, Any]) -> None:
    assert taken(sent) == given


@pytest.mark.parametrize("perms", [["LOGIN", "DNS"], "LOGIN", None])
def test_perms_are_an_input_where_they_are_one(perms: Raw) -> None:
    expected = {} if perms is None else {"perms": ("LOGIN", "DNS") if isinstance(perms, list) else ("LOGIN",)}
    assert taken({"perms": perms}, "add", "/nodeworx/users") == expected


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("add", {"theme": "other", "language": "hr", "menu_style": "small", "billing_day": "15"}),
        ("add", {"database_server": "db1", "restart_httpd": "0", "perms": ["x"]}),
        ("add", {"encrypted": "n", "simplescripts": "1", "fpm_max_children": "4"}),
        ("add", {"simplescripts": "true", "create_package": "false", "softaculous": "0"}),
        ("add", {"encrypted": "", "php_version": "", "create_package": None, "additional_ipv4": []}),
        ("add", {"simplescripts": ["1"], "ipv6_pool": {}, "fpm_max_children": []}),
        ("edit", {"encrypted": "y"}),
        ("edit", {"encrypted": "y", "password": ""}),
    ],
)
def test_a_known_input_that_asks_for_nothing_is_passed_over(name: str, sent: dict[str, Raw]) -> None:
    assert taken(sent, name) == {}


def test_a_list_may_be_one_and_needs_no_confirmation() -> None:
    for sent in ({"domain": "a.com"}, {"domain": ["a.com"]}, {"domain": "a.com", "confirm_action": "1"},
                 {"domain": "a.com", "confirm_action": "0"}):  # fmt: skip
        assert taken(sent, "delete") == {"domain": ("a.com",)}


A_DOMAIN = "a domain name as my-shop.com, 4 to 253 characters"
NOT_OFFERED = "This input is not offered by this server"


@pytest.mark.parametrize(
    ("name", "sent", "lines"),
    [
        ("add", {"simplescripts": "0"}, [f"simplescripts: 0 {NOT_OFFERED}"]),
        ("add", {"simplescripts": "false"}, [f"simplescripts: false {NOT_OFFERED}"]),
        ("add", {"create_package": "true"}, [f"create_package: true {NOT_OFFERED}"]),
        ("add", {"php_version": "8.2"}, [f"php_version: 8.2 {NOT_OFFERED}"]),
        ("add", {"additional_ipv4": ["a", "b"]}, [f"additional_ipv4: (nothing) {NOT_OFFERED}"]),
        ("edit", {"reseller": "5", "nickname": "x" * 101},
         [f"reseller: 5 {NOT_OFFERED}",
          f"nickname: {'x' * 100} This text is too long (0 to 100 characters, no control characters)"]),
        ("edit", {"domain": ["a.com", "b.com"]},
         ["domain: (nothing) This input was given more than once"]),
        ("edit", {"domain": {"a": "b"}},
         [f"domain: (nothing) This must be a single value ({A_DOMAIN})"]),
        ("edit", {"domain": "a.com", "domainname": "b.com"},
         ["domain: a.com This input differs from domainname"]),
        ("edit", {"status": "2"}, ["status: 2 This is not a flag (1, 0, true or false)"]),
        ("edit", {"level": "huge"}, ["level: huge This is not a valid option (weak, very strong)"]),
        ("edit", {"password": WORD, "confirm_password": "other"},
         ["confirm_password: ******** This input differs from password"]),
        ("edit", {"password": WORD, "confirm_password": ""},
         ["confirm_password: (nothing) This input differs from password"]),
        ("edit", {"confirm_password": WORD},
         ["confirm_password: ******** This input differs from password"]),
        ("delete", {}, [f"domain: (nothing) This input is required ({A_DOMAIN})"]),
        ("delete", {"domain": [None]},
         [f"domain: (nothing) This input is required ({A_DOMAIN})"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_in_the_words_that_clients_search_for(
    name: str, sent: dict[str, Raw], lines: list[str]
) -> None:
    assert refused(sent, name) == lines


@pytest.mark.parametrize("wire", ["route", "xmlrpc"])
def test_an_input_that_is_no_struct_is_a_wrong_input(wire: Literal["route", "xmlrpc"]) -> None:
    call = route_call({"apikey": "k", "ctrl_name": SITEWORX, "action": "edit", "input": "a text"})
    found = WIRE.asked(call, wire, "192.0.2.1", "test", "id1")
    assert [(problem.field, problem.value) for problem in found.problems] == [("input", "")]
    for nothing in ("", "  ", None, [], {}):
        assert (
            route_call({"apikey": "k", "ctrl_name": SITEWORX, "action": "edit", "input": nothing}).problems
            == ()
        )


@pytest.mark.parametrize(
    "proof", [{"apikey": "K"}, {"sessionid": "S"}, {"email": "a@b.test", "password": "P"}]
)
def test_a_domain_that_is_nil_was_not_named(proof: dict[str, Raw]) -> None:
    plain = credentials_of(proof, "192.0.2.1", "test")
    assert credentials_of({**proof, "domain": None}, "192.0.2.1", "test") == plain
    assert (plain.apikey or plain.session or plain.password) is not None
    nobody = credentials_of(None, "192.0.2.1", "test")
    assert credentials_of(dict.fromkeys(proof), "192.0.2.1", "test") == nobody
