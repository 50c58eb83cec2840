"""The throw-away server, as a test harness starts it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from iwapi.cli.outside import Answered, ask, resolve, route, typed
from iwapi.cli.trial import has_ipv6
from tests.cli.conftest import Console, ended, line_of, started
from tests.helpers import rows

MEMBERS = {
    "soap", "soap_typed", "admin", "pages", "sites", "dns", "tls", "ca", "api_key", "admin_email",
    "admin_password", "pid", "log",
}  # fmt: skip
OPENING = {
    "master_domain": "example.com", "email": "me@example.com", "password": "Correct-horse7",
    "packagetemplate": "basic",
}  # fmt: skip


def at(place: str) -> tuple[str, int]:
    """The address in a URL or in host:port."""
    host, _, port = (
        place.partition("//")[2].partition("/")[0].rpartition(":") if "//" in place else place.rpartition(":")
    )
    return host, int(port)


def call(told: dict[str, Any], operation: str, inputs: dict[str, str] | None = None) -> Answered:
    return typed(at(told["soap_typed"]), "billing", {"apikey": told["api_key"]}, operation, inputs or {})


@pytest.fixture(scope="module")
def told() -> Iterator[dict[str, Any]]:
    """What a sandbox says of itself, while it runs."""
    with started("sandbox") as process:
        yield json.loads(line_of(process))


def test_sites_answer_on_every_address_that_an_account_may_have(told: dict[str, Any]) -> None:
    _, port = at(told["sites"])
    for address in ("127.0.0.1", "127.0.0.3", "127.0.0.12", *(["::1"] if has_ipv6() else [])):
        visitor = http.client.HTTPConnection(address, port, timeout=10)
        visitor.request("GET", "/", headers={"Host": "nobody.example"})
        assert visitor.getresponse().status == 404
        visitor.close()


def test_it_says_where_everything_is(told: dict[str, Any]) -> None:
    assert told.keys() == MEMBERS
    assert told["soap_typed"] == told["soap"] + "/billing"
    assert told["api_key"].startswith("-----BEGIN INTERWORX API KEY-----\nIWAPI1")
    assert told["api_key"].endswith("\n-----END INTERWORX API KEY-----")
    assert (told["admin_email"], told["admin_password"]) == ("admin@example.com", "adminpw")
    os.kill(told["pid"], 0)
    assert Path(told["log"]).exists()


def test_its_key_works_on_both_envelopes(told: dict[str, Any]) -> None:
    assert call(told, "ping").member("email") == "admin@example.com"
    answered = route(at(told["soap"]), told["api_key"], "/nodeworx/siteworx", "listFreeIps", {})
    assert answered.entry("status") == "0"


def test_the_wsdls_are_where_clients_look(told: dict[str, Any]) -> None:
    for path in ("/soap?wsdl", "/nodeworx/soap?wsdl", "/soap/billing?wsdl"):
        assert "definitions" in ask(at(told["soap"]), path).body
    assert "generateApiKey" in ask(at(told["admin"]), "/soap/admin?wsdl").body


def test_the_administrator_can_log_in(told: dict[str, Any]) -> None:
    log_in = {"email": told["admin_email"], "password": told["admin_password"]}
    assert typed(at(told["admin"]), "admin", log_in, "getApiKey", {}).member("active") in ("true", "1")
    assert ask(at(told["pages"]), "/").status in (200, 302, 303)


def test_it_holds_known_packages_and_addresses(told: dict[str, Any]) -> None:
    assert call(told, "getPackage", {"package_name": "pro"}).member("OPT_STORAGE") == "5000"
    assert call(told, "getPackage", {"package_name": "basic"}).status == 200
    free = call(told, "listFreeIps").body
    for address in ("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.11", "127.0.0.12"):
        assert f">{address}<" in free


def test_an_account_has_a_site_and_a_zone(told: dict[str, Any]) -> None:
    assert call(told, "createSiteWorxAccount", OPENING).status == 200
    assert ask(at(told["sites"]), "/", host="example.com").status == 200
    assert resolve(at(told["dns"]), "www.example.com") == ["127.0.0.1"]


def test_the_api_answers_over_tls_by_the_certificate_that_it_names(told: dict[str, Any]) -> None:
    context = ssl.create_default_context(cafile=told["ca"])
    connection = http.client.HTTPSConnection(*at(told["tls"]), context=context, timeout=10)
    connection.request("GET", "/soap?wsdl")
    assert connection.getresponse().status == 200
    connection.close()


def test_what_it_logs_holds_no_secret(told: dict[str, Any]) -> None:
    call(told, "ping")
    log = Path(told["log"]).read_text()
    assert '"ping ok"' in log
    assert told["api_key"].splitlines()[1] not in log
    assert told["admin_password"] not in log


def test_it_prints_one_line_and_leaves_nothing_when_it_is_told_to_end() -> None:
    with started("sandbox") as process:
        told = json.loads(line_of(process))
        folder = Path(told["log"]).parent
        assert folder.exists()
        assert ended(process, signal.SIGTERM) == (0, "")
    assert not folder.exists()


def test_it_ends_by_itself_after_its_seconds() -> None:
    with started("sandbox", "--seconds", "0.5") as process:
        told = json.loads(line_of(process))
        began = time.monotonic()
        assert ended(process) == (0, "")
        assert 0.2 < time.monotonic() - began < 10
    assert not Path(told["log"]).parent.exists()


def test_a_folder_is_kept_with_its_key_even_when_it_is_killed(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with started("sandbox", "--state", str(state)) as process:
        first = json.loads(line_of(process))
        assert call(first, "createSiteWorxAccount", OPENING).status == 200
        ended(process, signal.SIGKILL)
    with started("sandbox", "--state", str(state)) as process:
        again = json.loads(line_of(process))
        assert again["api_key"] == first["api_key"]
        assert call(again, "getSiteWorxAccount", {"domain": "example.com"}).status == 200
        assert ask(at(again["sites"]), "/", host="example.com").status == 200
        assert len(rows(state, "select name from package")) == 2
        assert ended(process, signal.SIGTERM) == (0, "")
    assert Console(state).json("getSiteWorxAccount", "--domain", "example.com")["status"] == "active"


def test_a_key_that_was_deleted_is_replaced_at_the_next_start(tmp_path: Path) -> None:
    console = Console(tmp_path / "state")
    with started("sandbox", "--state", str(console.state)) as process:
        first = json.loads(line_of(process))
    console.json("deleteApiKey")
    with started("sandbox", "--state", str(console.state)) as process:
        again = json.loads(line_of(process))
        assert again["api_key"] != first["api_key"]
        assert call(again, "ping").status == 200


def free_base(count: int) -> int:
    """A port that is free with those after it, below those that the system gives out by itself."""
    for base in range(21000, 32000, count):
        try:
            for port in range(base, base + count):
                with socket.socket() as trying:
                    trying.bind(("127.0.0.1", port))
        except OSError:
            continue
        return base
    raise AssertionError("no port is free")


def test_a_base_says_which_ports() -> None:
    base = free_base(5)
    with started("sandbox", "--port-base", str(base)) as process:
        told = json.loads(line_of(process))
    ports = [at(told[name])[1] for name in ("soap", "tls", "admin", "sites", "dns")]
    assert ports == list(range(base, base + 5))


def test_the_environment_changes_its_settings_but_not_where_it_is() -> None:
    ports = {"IWAPI_LISTEN": "127.0.0.1:1", "IWAPI_DATABASE": "postgresql://u:p@127.0.0.1:1/real"}
    with started(
        "sandbox", IWAPI_HOSTNAME="elsewhere", IWAPI_NO_SUCH="1", IWAPI_ALLOW_RESERVED_DOMAINS="0", **ports
    ) as process:
        told = json.loads(line_of(process))
        assert call(told, "ping").member("hostname") == "localhost"
        assert "master_domain" in call(told, "createSiteWorxAccount", OPENING).body
        opened = call(told, "createSiteWorxAccount", {**OPENING, "master_domain": "my-shop.com"})
        assert opened.status == 200


def test_a_variable_of_the_environment_that_is_wrong_ends_it() -> None:
    with started("sandbox", IWAPI_GRACE_DAYS="many") as process:
        assert ended(process) == (1, "")


def test_a_real_servers_folder_is_refused(console: Console) -> None:
    keys = rows(console.state, "select * from api_key")
    with started("sandbox", "--state", str(console.state)) as process:
        code, printed = ended(process)
    assert (code, printed) == (1, "")
    assert rows(console.state, "select * from api_key") == keys
    assert (console.state / "iwapi.toml").read_text() == "allow_reserved_domains = true\n"


def test_a_port_that_is_taken_ends_it_and_leaves_nothing(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environment = {"TMPDIR": str(tmp_path)}
        with started("sandbox", "--port-base", str(min(port, 65530)), **environment) as process:
            code, printed = ended(process)
    assert (code, printed) == (1, "")
    assert list(tmp_path.iterdir()) == []
