"""The committed contract is what the code makes, always the same, and what is published stays usable."""

import io
import os
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
import zeep

import iwapi
import iwapi.actions
from iwapi.action import Action, Catalogue, action, collect
from iwapi.kinds import Flag, Id, Name
from iwapi.shape import arg
from iwapi.wires.answers import Writer
from iwapi.wires.contract import contract_files, wsdl
from iwapi.wires.services import TypedService, typed_services
from tests.compatibility import breaks

ROOT = Path(__file__).parent.parent
MADE = contract_files(collect(iwapi.actions))


@pytest.mark.parametrize("name", MADE)
def test_the_committed_contract_is_what_the_code_makes(name: str) -> None:
    committed = (ROOT / "wsdl" / name).read_text()
    assert committed == MADE[name].decode(), "make contract writes it"


def test_every_process_makes_the_same_bytes() -> None:
    program = (
        "import sys, iwapi.actions; from iwapi.action import collect; "
        "from iwapi.wires.contract import contract_files; "
        "sys.stdout.buffer.write(b''.join(contract_files(collect(iwapi.actions)).values()))"
    )
    for seed in ("1", "2"):
        env = os.environ | {"PYTHONHASHSEED": seed}
        done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, cwd=ROOT)
        assert done.stdout == b"".join(MADE.values()), done.stderr


def test_from_1_0_on_nothing_that_the_last_release_published_is_broken() -> None:
    released = sorted((ROOT / "wsdl" / "released").glob("*.wsdl"))
    assert released or iwapi.__version__.startswith("0."), "a release keeps a copy of its contract there"
    for file in released:
        assert breaks(file.read_bytes(), MADE[file.name]) == []


@dataclass(frozen=True)
class Old:
    name: Name = arg("its name")


@dataclass(frozen=True)
class GainedOptional:
    name: Name = arg("its name")
    fast: Flag | None = arg("whether it is fast", default=None)


@dataclass(frozen=True)
class GainedNeeded:
    name: Name = arg("its name")
    fast: Flag = arg("whether it is fast")


@dataclass(frozen=True)
class GainedInFront:
    fast: Flag | None = arg("whether it is fast", default=None)
    name: Name = arg("its name")


@dataclass(frozen=True)
class Retyped:
    name: Id = arg("its name")


def service(wanted: type, answer: type, name: str = "getThing") -> TypedService:
    def get(call: object, wanted: Old) -> Old:
        raise NotImplementedError

    get.__annotations__ = {"call": object, "wanted": wanted, "return": answer}
    made: Action = action(name, scope="things")(get)
    return typed_services(Catalogue((made,)))["billing"]


def published(wanted: type, answer: type, name: str = "getThing") -> bytes:
    """The contract, with the answer's type under the one name that every version of it has."""
    made = wsdl(service(wanted, answer, name), "http://localhost:1/")
    return made.replace(answer.__name__.encode(), b"Thing")


@pytest.mark.parametrize(
    ("new", "broken"),
    [
        (published(Old, Old), []),
        (published(GainedOptional, Old), []),
        (published(GainedNeeded, Old), ["getThing"]),
        (published(GainedInFront, Old), ["getThing"]),
        (published(Retyped, Old), ["getThing"]),
        (published(Old, GainedOptional), ["Thing"]),
        (published(Old, Retyped), ["Thing"]),
        (published(Old, Old, "findThing"), ["getThing", "getThingResponse"]),
    ],
)
def test_the_rule_tells_what_breaks_clients(new: bytes, broken: list[str]) -> None:
    assert breaks(published(Old, Old), new) == broken


@pytest.mark.parametrize(
    ("answer", "value", "readable"),
    [(Old, Old(name="a"), True), (GainedOptional, GainedOptional(name="a", fast=True), False)],
)
def test_strict_zeep_refuses_an_answer_that_gained_a_member(
    answer: type, value: object, readable: bool
) -> None:
    today = service(GainedOptional, answer)
    yesterday = zeep.Client(io.BytesIO(published(Old, Old)))
    binding = yesterday.service._binding
    reply = requests.Response()
    reply.status_code = 200
    reply._content = Writer(today).answer("1.1", today.actions[0], value)
    with nullcontext() if readable else pytest.raises(zeep.exceptions.XMLParseError):
        assert binding.process_reply(yesterday, binding.get("getThing"), reply) == "a"
