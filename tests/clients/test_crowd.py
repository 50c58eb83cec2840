"""A hundred clients of mixed kinds at once: no error, and the store is what they were told."""

from __future__ import annotations

import os
import re
import subprocess
import time
import xmlrpc.client
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest
import zeep

from iwapi.cli.outside import Answered, typed
from tests.clients.byhand import endpoint
from tests.clients.foreign.scripted import NODE
from tests.helpers import rows
from tests.sandbox import Sandbox, running

PROGRAMS = Path(__file__).parent / "crowd"
OPENING = {"email": "me@example.com", "password": "Correct-horse7", "packagetemplate": "basic"}
_IN_NODE = 10

Call = Callable[[str, dict[str, str]], object]
"""Makes a call of a typed operation; anything but its answer is raised."""


def by_hand(sandbox: Sandbox) -> Call:
    at, auth = endpoint(sandbox.soap_typed), {"apikey": sandbox.api_key}

    def call(operation: str, inputs: dict[str, str]) -> Answered:
        answered = typed(at, "billing", auth, operation, inputs)
        assert answered.status == 200, answered.body
        return answered

    return call


def by_zeep(sandbox: Sandbox) -> Call:
    client = zeep.Client(f"{sandbox.soap_typed}?wsdl")
    header = {"Auth": {"apikey": sandbox.api_key}}
    return lambda operation, inputs: client.service[operation](**inputs, _soapheaders=header)


def by_xmlrpc(sandbox: Sandbox) -> Call:
    server = xmlrpc.client.ServerProxy(sandbox.soap.removesuffix("/soap") + "/xmlrpc")
    return lambda operation, inputs: getattr(server.iwapi, operation)(sandbox.api_key, inputs)


def rounds(call: Call, name: str, until: float) -> Iterator[str]:
    """Accounts, each with a life of its own, and what its client was told of it."""
    for number in count():
        if time.monotonic() >= until:
            return
        domain = f"{name}-{number}.com"
        call("createSiteWorxAccount", {"master_domain": domain, "uniqname": f"{name}r{number}", **OPENING})
        state, package = "active", "basic"
        if number % 4 == 1:
            call("suspendSiteWorxAccount", {"domain": domain, "message": "unpaid"})
            state = "inactive"
        elif number % 4 == 2:
            call("changeSiteWorxPackage", {"domain": domain, "packagetemplate": "pro"})
            package = "pro"
        elif number % 4 == 3:
            call("deleteSiteWorxAccount", {"domain": domain})
            state = "parked"
        yield f"told {domain} {state} {package}"


def in_python(make: Callable[[Sandbox], Call], sandbox: Sandbox, name: str, seconds: float) -> list[str]:
    return [*rounds(make(sandbox), name, time.monotonic() + seconds), "end"]


def program(words: list[str], sandbox: Sandbox, name: str, seconds: float) -> list[str]:
    """The lines of a program that ran to its end."""
    env = {
        "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TMPDIR": os.environ["TMPDIR"],
        "NODE_PATH": str(NODE.folder() / "node_modules"), "CROWD_KEY": sandbox.api_key, "CROWD_NAME": name,
        "CROWD_SECONDS": str(seconds), "CROWD_CLIENTS": str(_IN_NODE), "CROWD_SOAP": words[-1][-3:],
        "CROWD_SOAP_WSDL": f"{sandbox.soap}?wsdl",
        "CROWD_XMLRPC": sandbox.soap.removesuffix("/soap") + "/xmlrpc",
    }  # fmt: skip
    done = subprocess.run(words, cwd=PROGRAMS, env=env, capture_output=True, timeout=seconds + 60)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return done.stdout.decode().splitlines()


def crowd(sandbox: Sandbox, seconds: float) -> list[Callable[[], list[str]]]:
    """A hundred clients; ten of node's share a process."""

    def several(number: int, kind: str, *words: str) -> list[Callable[[], list[str]]]:
        return [
            lambda at=at: program([*words], sandbox, f"{kind}{at}", seconds)  # type: ignore[misc]
            for at in range(number)
        ]

    def python(number: int, kind: str, make: Callable[[Sandbox], Call]) -> list[Callable[[], list[str]]]:
        return [
            lambda at=at: in_python(make, sandbox, f"{kind}{at}", seconds)  # type: ignore[misc]
            for at in range(number)
        ]

    return [
        *several(15, "pa", "php", "crowd.php", "1.1"), *several(10, "pb", "php", "crowd.php", "1.2"),
        *several(10, "pl", "perl", "crowd.pl"), *several(10, "rb", "ruby", "crowd.rb"),
        *several(2, "no", "node", "crowd.js"),
        *python(10, "zp", by_zeep), *python(10, "xr", by_xmlrpc), *python(15, "hd", by_hand),
    ]  # fmt: skip


@pytest.mark.needs("php", "perl", "ruby", "node", "perl:RPC::XML", "ruby:xmlrpc/client")
@pytest.mark.parametrize("seconds", [pytest.param(8), pytest.param(60, marks=pytest.mark.slow)])
@pytest.mark.timeout(240)
def test_a_hundred_mixed_clients_are_told_what_the_store_holds(seconds: int) -> None:
    NODE.folder()  # made once, before several want it
    with running() as sandbox:
        clients = crowd(sandbox, seconds)
        with ThreadPoolExecutor(len(clients)) as pool:
            said = [line for lines in pool.map(lambda client: client(), clients) for line in lines]
        kinds = Counter(re.match(r"told ([a-z]+)", line)[1] for line in said if line.startswith("told "))  # type: ignore[index]
        assert [line for line in said if not line.startswith(("told ", "end"))] == []
        assert said.count("end") == len(clients)
        assert kinds.keys() == {"pa", "pb", "pl", "rb", "no", "zp", "xr", "hd"}
        told = sorted(tuple(line.split()[1:]) for line in said if line.startswith("told "))
        held = rows(
            sandbox.state,
            "select a.domain, a.state, p.name from account a left join package p on p.id = a.package_id"
            " order by a.domain",
        )
        assert sorted(held) == told
        assert [line for line in sandbox.logged().splitlines() if '"level": "error"' in line] == []
        print(f"{len(told)} accounts in {seconds} s: {dict(kinds)}")
