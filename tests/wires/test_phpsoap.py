"""The `route` envelope against PHP's own client: what it sends is read, what is written it decodes."""

import base64
import re
from typing import Any

import pytest

from iwapi.errors import Unreadable
from iwapi.wires.gate import read_xml
from iwapi.wires.phpsoap import write_fault, write_route
from iwapi.wires.routecall import RouteCall, Rows
from tests.wires.phpclient import VERSIONS, called, capture, captures, decoded, php, read

KEY = "-----BEGIN INTERWORX API KEY-----\nMXw+abc/==\n-----END INTERWORX API KEY-----"


def php_text(dump: str) -> tuple[Any, str]:
    """The first value in a dump by PHP, and the rest of the dump. Scalars are the text they came as."""
    dump = dump.lstrip()
    if dump.startswith("NULL"):
        return None, dump[4:]
    kind, size, rest = re.match(r"(\w+)(?:\(stdClass\)#\d+ )?\(([^)]*)\)(.*)", dump, re.DOTALL).groups()
    if kind == "string":
        value = rest.encode()[2 : 2 + int(size)].decode()
        return value, rest[3 + len(value) :]
    if kind not in ("array", "object"):
        return size, rest
    members, rest = {}, rest.removeprefix(" {\n")
    for _ in range(int(size)):
        name, rest = re.match(r'\s*\["?(.*?)"?\]=>(.*)', rest, re.DOTALL).groups()
        members[name], rest = php_text(rest)
    rest = rest.lstrip().removeprefix("}")
    is_list = kind == "array" and list(members) == [str(position) for position in range(len(members))]
    return (list(members.values()) if is_list else members), rest


DESCRIBED = [
    name for name in captures("*.req") if "action xsi:type" in capture(name).decode() and "/out-" not in name
]


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_captured_call_is_read_as_php_describes_it(name):
    answer = read_xml(capture(name.replace(".req", ".resp")), None)
    dump = answer.xpath("string(//return/item[key = 'payload']/value)")
    apikey, rest = php_text(dump)
    controller, rest = php_text(rest)
    action, rest = php_text(rest)
    given, rest = php_text(rest)
    if isinstance(given, list):
        given = {str(position): item for position, item in enumerate(given)}
    assert rest.strip() == ""
    assert read(capture(name)) == RouteCall(apikey, controller, action, given or {})


@pytest.mark.parametrize("name", captures("out-*.req"))
def test_a_captured_call_without_input_is_read(name):
    action = re.search(r"out-(\w+)", name)[1]
    assert read(capture(name)) == RouteCall(KEY, "/c", action, {})


def test_every_captured_call_is_among_them():
    assert (
        len(DESCRIBED) + len(captures("out-*.req"))
        == len(captures("*.req")) - len(captures("wsdl.req"))
        == 68
    )


CALLS = {
    "any order": "<input/><action>a</action><apikey>k</apikey><ctrl_name>/c</ctrl_name>",
    "three parts": "<ctrl_name>/c</ctrl_name><apikey>k</apikey><action>a</action>",
    "by position": "<c-gensym3>k</c-gensym3><c-gensym5>/c</c-gensym5><c-gensym7>a</c-gensym7><c-gensym9/>",
    "position, three parts": "<param0>k</param0><param1>/c</param1><param2>a</param2>",
    "one named by its client": "<apikey>k</apikey><arg1>/c</arg1><action>a</action><input/>",
    "qualified": "<a:apikey>k</a:apikey><a:ctrl_name>/c</a:ctrl_name><a:action>a</a:action><a:input/>",
    "commented": "<!-- --><apikey>k<!-- --></apikey><ctrl_name>/<!-- -->c</ctrl_name><action>a</action>",
}


@pytest.mark.parametrize("parts", CALLS.values(), ids=CALLS)
def test_parts_are_found_by_name_or_by_position(parts):
    assert called(f"<a:route>{parts}</a:route>") == RouteCall("k", "/c", "a", {})
    assert called(f"<route xmlns='urn:b'>{parts}</route>", "1.2") == RouteCall("k", "/c", "a", {})


PARTS = "the parts of route are apikey, ctrl_name, action, input, each once"


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ("<a:system.multicall/>", "the only operation here is route"),
        ("<a:route/>", "the part apikey is missing"),
        ("<a:route><apikey>k</apikey><action>a</action></a:route>", "the part ctrl_name is missing"),
        ("<a:route><x>k</x><x>/c</x><x>a</x><x/><x/></a:route>", PARTS),
        ("<a:route><apikey>k</apikey><apikey>k</apikey><action>a</action></a:route>", PARTS),
        ("<a:route><x>k</x><apikey>k</apikey><action>a</action></a:route>", PARTS),
        ("<a:route><x>k</x><x i:nil='1'/><x>a</x></a:route>", "the part ctrl_name is not a text"),
        ("<a:route><x>k</x><x>/c</x><x><y/></x></a:route>", "the part action is not a text"),
    ],
)
def test_a_call_of_another_form_is_refused(call, reason):
    with pytest.raises(Unreadable, match=reason):
        called(call)


def test_a_call_never_shows_its_key_or_its_input():
    assert "secret" not in repr(
        called("<a:route><x>secret</x><x>/c</x><x>a</x><x><y>secret</y></x></a:route>")
    )


SENT = [
    ["k", "/c", "a", {}],
    [
        {"email": "a@b.c", "password": "p<&>\"'\r\n\t ž"},
        "/c",
        "a",
        {"list": ["a", "b"], "map": {"x": {"y": "z"}}},
    ],
    [{"apikey": KEY, "domain": "example.com"}, "/c", "a", {"objects": {"same": {"n": "1"}}, "none": None}],
    ["k", "/c", "a", {"same": {"one": "object"}}],
    ["k", "/c", "a", {"n": 5, "big": 2**40, "yes": True, "no": False, "float": 1.5, "3": "three"}],
]
READ = [
    RouteCall("k", "/c", "a", {}),
    RouteCall(SENT[1][0], "/c", "a", SENT[1][3]),
    RouteCall(SENT[2][0], "/c", "a", {"objects": [{"n": "1"}, {"n": "1"}], "none": None}),
    RouteCall("k", "/c", "a", {"0": {"one": "object"}, "1": {"one": "object"}}),
    RouteCall("k", "/c", "a", {"n": "5", "big": f"{2**40}", "yes": "true", "no": "false", "float": "1.5"}
              | {"3": "three"}),
]  # fmt: skip


@pytest.mark.needs("php")
@pytest.mark.parametrize("with_wsdl", [True, False])
def test_what_php_sends_now_is_read(with_wsdl):
    rows = [{"version": version, "arguments": sent} for version in VERSIONS for sent in SENT]
    bodies = [base64.b64decode(body) for body in php("call.php", rows, with_wsdl)]
    assert [read(body) for body in bodies] == READ * len(VERSIONS)


ROWS = [{"domain": "a.com", "bandwidth_used": 1.5, "storage": 100}]
ROWS += [{"domain": "b.com", "bandwidth_used": 0, "storage": 999999999}]
OBJECTS = [{"id": 1, "name": "p1"}, {"id": 2, "name": "p2"}]
PROPERTIES = {"_properties": {"a": 1}}
ADDRESSES = [["10.0.0.1", "10.0.0.1 (shared)"], ["10.0.0.2", "10.0.0.2 (dedicated)"]]
ERROR = (
    "There was a problem validating the form. Please see details below.\n"
    "domain: This is not a valid option\nUsage: \ndomain a.com|b.com"
)

# What to write for each captured answer. Those that are left out are never given: null, the empty text or an
# empty object as a payload, an object or a textual status around it.
ANSWERS: dict[str, tuple[int, Any]] = {
    "string": (0, "Success"),
    "err": (11, ERROR),
    "nosuch": (99, "unknown action nosuch"),
    "true": (0, True),
    "false": (0, False),
    "lints": (0, [1, 2, 3]),
    "los": (0, ["a.com", "b.com"]),
    "mixed": (0, [1, "two", 3.5, True, None]),
    "emptylist": (0, []),
    "intkeys": (0, {5: "five", 7: "seven"}),
    "map": (0, {"unixuser": "bob", "n": 5, "f": 1.25, "t": True, "z": None}
               | {"nested": {"x": {"y": 'ž漢字😀 <&>"'}}}),
    "lol": (0, Rows("list", ADDRESSES)),
    "lom": (0, Rows("map", ROWS)),
    "loo": (0, Rows("object", OBJECTS)),
    "looclass": (0, Rows("object", [OBJECTS[0] | PROPERTIES | {"_secret": "x"}, OBJECTS[1] | PROPERTIES])),
}  # fmt: skip
NEVER_GIVEN = {"null", "emptystr", "emptyobj", "objtop", "strstatus"}


def test_every_captured_answer_is_among_them():
    assert {
        re.search(r"out-(\w+)", name)[1] for name in captures("out-*.resp")
    } == ANSWERS.keys() | NEVER_GIVEN | {"fault"}


@pytest.mark.needs("php")
@pytest.mark.parametrize("with_wsdl", [True, False])
def test_php_decodes_an_answer_as_it_decodes_the_captured_one(with_wsdl):
    ours = [(version, write_route(version, *answer)) for version in VERSIONS for answer in ANSWERS.values()]
    theirs = [
        (version, capture(f"{folder}/out-{name}.resp"))
        for version, folder in zip(VERSIONS, ("soap11", "soap12"), strict=True)
        for name in ANSWERS
    ]
    assert decoded(ours, with_wsdl) == decoded(theirs, with_wsdl)


@pytest.mark.parametrize("name", ["string", "err", "nosuch", "true", "loo", "emptylist", "intkeys"])
@pytest.mark.parametrize(("version", "folder"), [("1.1", "soap11"), ("1.2", "soap12")])
def test_a_body_is_written_as_the_captured_one(version, folder, name):
    def body(answer: bytes) -> bytes:
        return answer[answer.index(b"Body") :]

    assert body(write_route(version, *ANSWERS[name])) == body(capture(f"{folder}/out-{name}.resp"))


@pytest.mark.needs("php")
def test_php_raises_a_fault_with_its_side_its_text_and_the_request_id():
    sides = ("Client", "Server", "VersionMismatch", "MustUnderstand")
    faults = [
        (version, write_fault(version, side, "boom <ž>\r\n&", "r-1"))
        for version in VERSIONS
        for side in sides
    ]
    detail = ["object", [["request_id", ["string", "r-1"]]]]
    names = [f"SOAP-ENV:{side}" for side in sides]
    names += ["env:Sender", "env:Receiver", "env:VersionMismatch", "env:MustUnderstand"]
    found = [answer["value"] for answer in decoded(faults)]
    assert [fault[:2] + fault[3:] for fault in found] == [["fault", name, detail] for name in names]
    assert {fault[2] for fault in found} == {"boom <ž>\r\n&"}


@pytest.mark.needs("php")
def test_php_raises_a_fault_as_it_raises_the_captured_one():
    ours = [(version, write_fault(version, "Server", "boom <ž>", "r-1")) for version in VERSIONS]
    theirs = [("1.1", capture("soap11/out-fault.resp")), ("1.2", capture("soap12/out-fault.resp"))]
    raised = [[answer["value"][:3] for answer in decoded(answers)] for answers in (ours, theirs)]
    assert raised[0] == raised[1]
