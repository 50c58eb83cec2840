"""Settings: one table, one TOML file, the environment over it."""

from __future__ import annotations

import ipaddress
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from iwapi.errors import Problem
from iwapi.kinds import MASK, STRENGTHS, Wrong, database_url, domain

_ENDPOINT = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+)):([0-9]{1,5})", re.ASCII)
_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*", re.ASCII)
_MAILBOX = re.compile(r"[a-z0-9_+-]{1,63}", re.ASCII | re.IGNORECASE)
_MAX_NAME = 253  # characters of a name in the DNS


class ConfigError(Exception):
    """Settings that cannot be used; each problem names its place."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Setting:
    """One key of the file. `parse` raises ValueError with what is wrong. A secret's value is never told."""

    name: str
    kind: str
    default: Any
    parse: Callable[[Any], Any]
    help: str
    secret: bool = False


def _list(value: Any) -> list[Any]:
    """A list of the file, or a text with commas of the environment."""
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, list | tuple):
        raise ValueError("this must be a list")
    return [item.strip() if isinstance(item, str) else item for item in items if item != ""]


def _listen(value: Any) -> tuple[tuple[str, int], ...]:
    """`127.0.0.1:2080` or `[::1]:2080`, or a list of them."""
    return tuple(map(_endpoint, _list(value)))


def _endpoint(text: Any) -> tuple[str, int]:
    match = _ENDPOINT.fullmatch(text if isinstance(text, str) else "")
    if match is None or int(match[3]) > 65535:
        raise ValueError("this must be address:port, as 127.0.0.1:2080 or [::1]:2080")
    ipaddress.ip_address(match[1] or match[2])
    return match[1] or match[2], int(match[3])


def _addresses(value: Any) -> tuple[str, ...]:
    return tuple(str(ipaddress.ip_address(str(item))) for item in _list(value))


def _names(value: Any) -> tuple[str, ...]:
    return tuple(map(_host, _list(value)))


def _host(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _MAX_NAME or not _HOST.fullmatch(value.lower()):
        raise ValueError("this must be a host name")
    return value.lower()


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "1", "false", "0"):
        return value in ("true", "1")
    raise ValueError("this must be true or false")


def _number(low: int, high: int) -> Callable[[Any], int]:
    def parse(value: Any) -> int:
        if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,10}", str(value)):
            raise ValueError("this must be a whole number")
        if not low <= int(value) <= high:
            raise ValueError(f"this must be from {low} to {high}")
        return int(value)

    return parse


def _number_or_off(low: int, high: int) -> Callable[[Any], int]:
    number = _number(low, high)

    def parse(value: Any) -> int:
        return 0 if value in ("off", 0, "0") and value is not False else number(value)

    return parse


def _one_of(*values: str) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        if value not in values:
            raise ValueError(f"this must be one of {', '.join(values)}")
        return str(value)

    return parse


def _path(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("this must be a path")
    return value


def _hostmaster(value: Any) -> str:
    """An SOA record holds the address as a name: a dot before the @ would begin another label of it."""
    if value == "":
        return ""
    local, _, host = str(value).partition("@")
    try:
        name = domain(host)
    except Wrong:
        name = ""
    if not name or not _MAILBOX.fullmatch(local.replace(".", "")):
        raise ValueError("this must be an e-mail address")
    if "." in local:
        raise ValueError("this must have no dot before its @: DNS cannot name such a mailbox")
    if len(local) + 1 + len(name) > _MAX_NAME:
        raise ValueError("this is too long to be named in DNS")
    return f"{local}@{name}"


def _database(value: Any) -> str:
    return database_url(str(value)) if value != "" else ""


SETTINGS: tuple[Setting, ...] = (
    Setting("hostname", "host name", "localhost", _host,
            "The server's own name: in WSDL addresses, in its certificate, and never an account's domain."),
    Setting("server_names", "list of host names", (), _names,
            "Further names that clients may use for the server in their Host header."),
    Setting("listen", "list of address:port", (), _listen,
            "Where the API answers without TLS. InterWorx's port is 2080. Off unless set."),
    Setting("listen_tls", "list of address:port", (("127.0.0.1", 2443),), _listen,
            "Where the API answers with TLS. InterWorx's port is 2443."),
    Setting("admin_listen", "list of address:port", (("127.0.0.1", 2444),), _listen,
            "Where the admin service and its pages answer: without TLS on loopback, with TLS elsewhere."),
    Setting("sites_listen", "list of address:port", (("127.0.0.1", 8080),), _listen,
            "Where the embedded host serves the accounts' sites."),
    Setting("dns_listen", "list of address:port", (("127.0.0.1", 5354),), _listen,
            "Where the embedded host answers DNS, by UDP and TCP."),
    Setting("tls_cert", "path", "", _path,
            "The certificate chain, PEM; with tls_key. Self-signed until set. Reloaded on a change."),
    Setting("tls_key", "path", "", _path,
            "The key of the certificate, PEM; with tls_cert. Reloaded when the file changes."),
    Setting("name_servers", "list of host names", (), _names,
            "The name servers that zones name. Empty means ns1 and ns2 below hostname."),
    Setting("hostmaster", "e-mail address", "", _hostmaster,
            "Who answers for the zones; no dot before the @. Empty means hostmaster at hostname."),
    Setting("dns_ttl", "seconds", 3600, _number(0, 604800), "How long resolvers may keep a record."),
    Setting("max_accounts", "number", 100000, _number(1, 10**7), "How many accounts the server may hold."),
    Setting("grace_days", "days", 7, _number(0, 365), "How long the data of a closed account is kept."),
    Setting("terminations_most", "number or off", 100, _number_or_off(1, 10**6),
            "So many accounts a key or user closes or purges within terminations_minutes; then no more until"
            " an administrator approves. `off` is no limit."),
    Setting("terminations_minutes", "minutes", 60, _number(1, 1440),
            "Over how long closed accounts are counted for terminations_most."),
    Setting("password_strength", "choice", "medium", _one_of(*STRENGTHS),
            f"How strong new passwords must be: {', '.join(STRENGTHS)}."),
    Setting("password_login", "flag", False, _flag,
            "Accept e-mail and password in place of a key on the API. Some old billing modules need it."),
    Setting("allow_reserved_domains", "flag", False, _flag,
            "Accept domains such as example.com and names below .test. For trying the server out."),
    Setting("trusted_proxies", "list of IP addresses", (), _addresses,
            "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed."),
    Setting("max_connections", "number", 1000, _number(1, 65535), "Connections of one listener at once."),
    Setting("database", "URL", "", _database,
            "Where PostgreSQL keeps the store: postgresql://user:password@host/name, or with ?host=/folder of"
            " its socket. Empty means SQLite, in the state folder. See docs/postgresql.md.", secret=True),
    Setting("log_level", "choice", "info", _one_of("debug", "info", "warning", "error"), "What is logged."),
)  # fmt: skip
RELOADED = ("hostname", "tls_cert", "tls_key")
"""The settings that a running server takes over when their file changes."""

_BY_NAME = {setting.name: setting for setting in SETTINGS}
ENVIRONMENT = "IWAPI_"


@dataclass(frozen=True)
class Config:
    """The settings in force, and where they came from. Read one as an attribute.

    `required` says that the file must be there; otherwise it is as an empty one while it is not.
    """

    values: Mapping[str, Any]
    source: Path | None = None
    required: bool = True
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None

    def replace(self, **values: Any) -> Config:
        """The same with other values; they are checked as the file's are."""
        parsed = {name: _BY_NAME[name].parse(value) for name, value in values.items()}
        return replace(self, values={**self.values, **parsed})

    def again(self) -> Config:
        """The settings as their file says them now; raises `ConfigError`."""
        return load(self.source, self.environment, self.required)


def load(path: Path | None, environment: Mapping[str, str] = os.environ, required: bool = True) -> Config:
    """The settings of a file with the environment over them; every problem is named, with its line.

    A file that is not required may be missing, and says nothing then.
    """
    try:
        text = _text(path, required) if path is not None else ""
        given: dict[str, Any] = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError([Problem(str(path), "", str(error))]) from None
    problems: list[Problem] = []
    values = {setting.name: setting.default for setting in SETTINGS}
    for name, value in given.items():
        _take(values, problems, name, value, f"{path}:{_line(text, name)}: {name}")
    for name, value in environment.items():
        if name.startswith(ENVIRONMENT):
            _take(values, problems, name.removeprefix(ENVIRONMENT).lower(), value, name)
    if not problems and bool(values["tls_cert"]) != bool(values["tls_key"]):
        alone, missing = ("tls_cert", "tls_key") if values["tls_cert"] else ("tls_key", "tls_cert")
        problems.append(Problem(f"{path}: {alone}", "", f"this needs {missing} too"))
    if problems:
        raise ConfigError(problems)
    return Config(values, path, required, environment)


def _text(path: Path, required: bool) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if required:
            raise
        return ""


def _take(values: dict[str, Any], problems: list[Problem], name: str, value: Any, place: str) -> None:
    if name not in _BY_NAME:
        problems.append(Problem(place, "", "there is no such setting"))
        return
    try:
        values[name] = _BY_NAME[name].parse(value)
    except ValueError as error:
        problems.append(Problem(place, MASK if _BY_NAME[name].secret else str(value)[:100], str(error)))


def _line(text: str, name: str) -> int:
    """The line on which a key stands; TOML's reader does not tell."""
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf"""\s*\[*\s*["']?{re.escape(name)}["']?\s*[\].=]""", line):
            return number
    return 1
