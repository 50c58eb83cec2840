"""What PHP's SoapClient makes of the actions' answers: a row of each shape, in both versions of SOAP."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.wires.phpsoap import write_route
from iwapi.wires.routecall import Rows
from tests.helpers import World
from tests.routing import by_key, payload
from tests.wires.phpclient import VERSIONS, decoded

pytestmark = pytest.mark.needs("php")

ANSWERS = (
    "/nodeworx/siteworx/listFreeIps", "/nodeworx/siteworx/listAccounts",
    "/nodeworx/siteworx/listDomainAccounts", "/nodeworx/siteworx/querySiteworxAccounts",
    "/nodeworx/siteworx/listBandwidthAndStorage", "/nodeworx/siteworx/listSiteworxAccounts",
    "/nodeworx/siteworx/listMasterDomains", "/nodeworx/packages/listDetails",
    "/nodeworx/packages/listPackages", "/nodeworx/packages/listIds", "/nodeworx/users/listWorkingUser",
    "/nodeworx/users/isReseller", "/nodeworx/ip/listIpAddresses", "/nodeworx/overview/listVersion",
    "/nodeworx/apikey/listApikey", "/siteworx/users/listUsers", "/siteworx/users/list",
    "/siteworx/users/listWorkingUser", "/siteworx/ftp/listFtpAccounts", "/siteworx/ftp/listDeletable",
    "/siteworx/email/box/listEmailBoxes", "/siteworx/backup/schedule/listScheduled",
    "/siteworx/overview/listAccountDetails", "/siteworx/overview/listMasterDomain",
)  # fmt: skip
_TYPES = {bool: "boolean", int: "integer", str: "string"}


def in_php(value: Any, kind: str = "array") -> list[Any]:
    """A value with every type named as PHP's `gettype` names it; a map, a list and a row of either is an
    array."""
    if isinstance(value, Rows):
        row = "object" if value.shape == "object" else "array"
        return ["array", [[at, in_php(one, row)] for at, one in enumerate(value.rows)]]
    if isinstance(value, dict):
        return [kind, [[name, in_php(member)] for name, member in value.items()]]
    if isinstance(value, list):
        return ["array", [[at, in_php(one)] for at, one in enumerate(value)]]
    return [_TYPES[type(value)], value]


def test_php_decodes_what_the_actions_answer_in_the_shape_that_modules_index(world: World) -> None:
    world.call("createPackage", {"package_name": "basic", "OPT_STORAGE": "5", "OPT_BANDWIDTH": "5"})
    world.open("a.test", packagetemplate="basic", nickname="Müller & <Söhne>")
    key = by_key(world)
    told = [payload(world, {"apikey": key, "domain": "a.test"}, path) for path in ANSWERS]
    for version in VERSIONS:
        found = decoded([(version, write_route(version, 0, one)) for one in told])  # type: ignore[arg-type]
        for path, one, decoded_one in zip(ANSWERS, told, found, strict=True):
            assert decoded_one["value"] == in_php({"status": 0, "payload": one}), path
