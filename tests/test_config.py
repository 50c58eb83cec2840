"""Settings: defaults, one file, the environment over it; all that is wrong is named at once, in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from iwapi.config import SETTINGS, Config, ConfigError, load
from iwapi.hosting.zones import Names

NAMES = [setting.name for setting in SETTINGS]


def loaded(tmp_path: Path, text: str, **environment: str) -> Config:
    path = tmp_path / "iwapi.toml"
    path.write_text(text)
    return load(path, environment)


def problems(tmp_path: Path, text: str, **environment: str) -> list[str]:
    with pytest.raises(ConfigError) as error:
        loaded(tmp_path, text, **environment)
    assert str(error.value) == "\n".join(map(str, error.value.problems))
    return [str(problem).replace(str(tmp_path), "") for problem in error.value.problems]


def test_without_a_file_every_setting_has_its_default() -> None:
    config = load(None, {})
    assert {name: getattr(config, name) for name in NAMES} == {
        setting.name: setting.default for setting in SETTINGS
    }


def test_every_default_is_a_value_that_could_be_written() -> None:
    for setting in SETTINGS:
        written = setting.default
        if written and isinstance(written, tuple):
            written = [f"{host}:{port}" for host, port in written]
        assert setting.parse(list(written) if isinstance(written, tuple) else written) == setting.default


def test_every_setting_says_what_it_is_and_no_two_share_a_name() -> None:
    assert len(set(NAMES)) == len(NAMES)
    for setting in SETTINGS:
        assert setting.help.endswith(".")
        assert setting.kind


GOOD: list[tuple[str, Any, Any]] = [
    ("hostname", "Panel.Example.COM", "panel.example.com"),
    ("server_names", ["a.com", "B.com"], ("a.com", "b.com")),
    ("listen", ["127.0.0.1:2080", "[::1]:2080"], (("127.0.0.1", 2080), ("::1", 2080))),
    ("listen_tls", [], ()),
    ("hostname", "a" * 63 + ".x--1", "a" * 63 + ".x--1"),
    ("hostmaster", "dns@example.com", "dns@example.com"),
    ("database", "postgresql://me:secret@host/name", "postgresql://me:secret@host/name"),
    ("dns_ttl", 60, 60),
    ("password_login", True, True),
    ("password_strength", "very strong", "very strong"),
    ("terminations_most", "off", 0),
    ("terminations_most", 0, 0),
    ("terminations_most", 7, 7),
    ("terminations_minutes", 5, 5),
    ("trusted_proxies", ["192.0.2.1", "2001:DB8::1"], ("192.0.2.1", "2001:db8::1")),
]


def toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return str(value) if isinstance(value, int) else f'"{value}"'


@pytest.mark.parametrize(("name", "value", "parsed"), GOOD)
def test_a_value_is_read_from_the_file_and_from_the_environment(
    tmp_path: Path, name: str, value: Any, parsed: Any
) -> None:
    assert getattr(loaded(tmp_path, f"{name} = {toml(value)}"), name) == parsed
    text = (
        ", ".join(value)
        if isinstance(value, list)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
    )
    assert getattr(load(None, {f"IWAPI_{name.upper()}": text}), name) == parsed


def test_the_environment_goes_over_the_file(tmp_path: Path) -> None:
    config = loaded(tmp_path, "dns_ttl = 60\ngrace_days = 3", IWAPI_DNS_TTL="120", PATH="/bin", IWAPI="x")
    assert (config.dns_ttl, config.grace_days) == (120, 3)


def test_an_unknown_key_names_its_line(tmp_path: Path) -> None:
    text = '# settings\n\ndns_ttl = 60\n  "colour" = 1\n[listens]\na = 1\n'
    assert problems(tmp_path, text, IWAPI_COLOR="x") == [
        "/iwapi.toml:4: colour: there is no such setting",
        "/iwapi.toml:5: listens: there is no such setting",
        "IWAPI_COLOR: there is no such setting",
    ]


BAD: list[tuple[str, str]] = [
    ('hostname = "no host"', "this must be a host name"),
    ('hostname = ""', "this must be a host name"),
    ('hostname = "a\\n"', "this must be a host name"),
    ("hostname = 1", "this must be a host name"),
    ('hostname = "-foo-"', "this must be a host name"),
    ('hostname = "foo-.example.com"', "this must be a host name"),
    ('hostname = "a..b"', "this must be a host name"),
    (f'hostname = "{"a" * 64}"', "this must be a host name"),
    ('server_names = "a b"', "this must be a host name"),
    ("server_names = 1", "this must be a list"),
    ('listen = ["localhost:80"]', "this must be address:port"),
    ('listen = ["127.0.0.1"]', "this must be address:port"),
    ('listen = ["127.0.0.1:65536"]', "this must be address:port"),
    ('listen = ["::1:80"]', "this must be address:port"),
    ('listen = ["127.0.0.1:8\\n0"]', "this must be address:port"),
    ('listen = ["127.0.0.300:80"]', "IPv4 or IPv6 address"),
    ("listen = [80]", "this must be address:port"),
    ("dns_ttl = -1", "this must be a whole number"),
    ("dns_ttl = true", "this must be a whole number"),
    ("dns_ttl = 1.5", "this must be a whole number"),
    ('dns_ttl = "١"', "this must be a whole number"),
    ("dns_ttl = 604801", "this must be from 0 to 604800"),
    ("max_accounts = 0", "this must be from 1"),
    ('terminations_most = "none"', "this must be a whole number"),
    ("terminations_most = false", "this must be a whole number"),
    ("terminations_most = -1", "this must be a whole number"),
    ("terminations_minutes = 0", "this must be from 1 to 1440"),
    ("terminations_minutes = 1441", "this must be from 1 to 1440"),
    ('password_login = "yes"', "this must be true or false"),
    ("password_login = 1", "this must be true or false"),
    ('password_strength = "huge"', "this must be one of weak, medium"),
    ("password_strength = [1]", "this must be one of weak, medium"),
    ('trusted_proxies = ["10.0.0.0/8"]', "IPv4 or IPv6"),
    ("trusted_proxies = [5]", "IPv4 or IPv6"),
    ("trusted_proxies = [true]", "IPv4 or IPv6"),
    ("tls_cert = 1", "this must be a path"),
    ('tls_cert = "a\\u0000b"', "this must be a path"),
    ('hostmaster = "nobody"', "this must be an e-mail address"),
    ('hostmaster = "@example.com"', "this must be an e-mail address"),
    ('hostmaster = "a b@example.com"', "this must be an e-mail address"),
    ('hostmaster = "a@b@example.com"', "this must be an e-mail address"),
    ("hostmaster = 1", "this must be an e-mail address"),
    ('database = "host/name"', "this must be a URL"),
    ('hostmaster = "..@example.com"', "this must be an e-mail address"),
    ('hostmaster = "john.doe@example.com"', "this must have no dot before its @"),
    (f'hostmaster = "{"a" * 63}@{"b" * 63}.{"c" * 63}.{"d" * 63}"', "this is too long"),
]


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_a_wrong_value_is_named_with_its_line_and_what_is_allowed(
    tmp_path: Path, text: str, problem: str
) -> None:
    (found,) = problems(tmp_path, "\n\n" + text)
    assert found.startswith(f"/iwapi.toml:3: {text.split()[0]}: ")
    assert problem in found


@pytest.mark.parametrize("hostmaster", ["dns@example.com", "a_b+c-1@bücher.example", "A@www.example.com"])
def test_a_hostmaster_that_is_accepted_can_be_written_into_a_zone(tmp_path: Path, hostmaster: str) -> None:
    config = loaded(tmp_path, f'hostmaster = "{hostmaster}"')
    assert Names.of("host.example.net", (), config.hostmaster).hostmaster == config.hostmaster


def test_a_certificate_and_its_key_are_both_named_or_neither(tmp_path: Path) -> None:
    assert problems(tmp_path, 'tls_cert = "a.pem"') == ["/iwapi.toml: tls_cert: this needs tls_key too"]
    assert problems(tmp_path, "", IWAPI_TLS_KEY="a") == ["/iwapi.toml: tls_key: this needs tls_cert too"]
    config = loaded(tmp_path, 'tls_cert = "a.pem"', IWAPI_TLS_KEY="b.pem")
    assert (config.tls_cert, config.tls_key) == ("a.pem", "b.pem")


def test_every_wrong_value_is_named_at_once(tmp_path: Path) -> None:
    text = "\n".join(line for line, _ in BAD[::4] if not line.startswith(("listen", "hostname")))
    text = "\n".join({line.split()[0]: line for line in text.split("\n")}.values())
    assert len(problems(tmp_path, text)) == text.count("\n") + 1 > 4


def test_what_cannot_be_read_at_all_says_where(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, "dns_ttl = 1\ndns_ttl = 2\n")
    assert "line 2" in found
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    for name in ("binary", "nowhere", ""):
        with pytest.raises(ConfigError):
            load(tmp_path / name, {})


def test_values_that_code_replaces_are_checked_too() -> None:
    config = load(None, {}).replace(dns_ttl="7", listen="127.0.0.1:0")
    assert (config.dns_ttl, config.listen) == (7, (("127.0.0.1", 0),))
    with pytest.raises(ValueError, match="from 0 to"):
        config.replace(dns_ttl=10**9)


def test_what_is_no_setting_is_no_attribute() -> None:
    with pytest.raises(AttributeError):
        _ = load(None, {}).colour


def test_the_file_can_be_read_again(tmp_path: Path) -> None:
    config = loaded(tmp_path, "dns_ttl = 60", IWAPI_GRACE_DAYS="3")
    (tmp_path / "iwapi.toml").write_text("dns_ttl = 61\ngrace_days = 9")
    assert (config.dns_ttl, config.again().dns_ttl, config.again().grace_days) == (60, 61, 3)
    (tmp_path / "iwapi.toml").write_text("colour = 1")
    with pytest.raises(ConfigError):
        config.again()


def test_a_file_that_is_not_required_may_come_and_go(tmp_path: Path) -> None:
    file = tmp_path / "iwapi.toml"
    config = load(file, {}, required=False)
    assert config.again() == config
    file.write_text("dns_ttl = 61")
    assert config.again().dns_ttl == 61
    file.unlink()
    assert config.again() == config
