"""Packages and addresses through zeep: what an account is given when it is opened."""

from __future__ import annotations

from tests.clients.byhand import OPENING
from tests.clients.limits import BASIC, NOTHING, PRO
from tests.clients.zeeped import Client


def test_packages(client: Client) -> None:
    basic, pro = client("listPackages")
    assert basic == BASIC | {"id": basic["id"], "name": "basic"}
    assert pro == PRO | {"id": pro["id"], "name": "pro"}
    made = client(
        "createPackage", package_name="Größe <1>", OPT_STORAGE=999999999, OPT_BANDWIDTH=7, OPT_SSL=True
    )
    package = NOTHING | {
        "id": made["id"], "name": "Größe <1>", "OPT_STORAGE": 999999999, "OPT_BANDWIDTH": 7, "OPT_SSL": True,
    }  # fmt: skip
    assert made == package
    assert client("getPackage", id=made["id"]) == package == client("getPackage", package_name="Größe <1>")
    opened = client(
        "createSiteWorxAccount", master_domain="sized.example", **OPENING | {"packagetemplate": "Größe <1>"}
    )
    assert {name: opened[name] for name in NOTHING} == NOTHING | {"OPT_SSL": True}
    assert (opened["OPT_STORAGE"], opened["package_name"]) == (999999999, "Größe <1>")
    package |= {"name": "small", "OPT_STORAGE": 5, "OPT_SSL": False}
    edited = client("editPackage", id=made["id"], new_package_name="small", OPT_STORAGE=5, OPT_SSL=False)
    assert edited == package
    kept = client("getSiteWorxAccount", domain="sized.example")
    assert (kept["OPT_STORAGE"], kept["package_name"]) == (999999999, "small")
    name, detail = client.refused("deletePackage", package_name="small")
    assert (name, detail["message"]) == ("PackageInUseFault", "The package is used by 1 accounts.")
    name, detail = client.refused("createPackage", package_name="small", OPT_STORAGE=1, OPT_BANDWIDTH=1)
    assert (name, detail["code"]) == ("PackageNameTakenFault", "PACKAGE_NAME_TAKEN")
    client("deleteSiteWorxAccount", domain="sized.example")
    spare = client("createPackage", package_name="spare", OPT_STORAGE=1, OPT_BANDWIDTH=1)
    assert client("deletePackage", id=spare["id"]) == {"id": spare["id"], "name": "spare"}
    name, detail = client.refused("getPackage", package_name="spare")
    assert (name, detail["problems"][0]["value"]) == ("PackageNotFoundFault", "spare")


def test_the_free_addresses_and_one_that_is_given_to_one_account_alone(client: Client) -> None:
    shared, alone = ("127.0.0.1", "127.0.0.2", "127.0.0.3"), ("127.0.0.11", "127.0.0.12")
    free = [{"address": address, "shared": address in shared} for address in shared + alone]
    assert client("listFreeIps") == free
    assert all(":" in row["address"] for row in client("listFreeIps", ipv6=True))
    wish = {**OPENING, "master_domain_ipv4": "127.0.0.11"}
    opened = client("createSiteWorxAccount", master_domain="alone.example", **wish)
    assert opened["master_domain_ipv4"] == "127.0.0.11"
    assert client("listFreeIps") == [row for row in free if row["address"] != "127.0.0.11"]
    name, detail = client.refused("createSiteWorxAccount", master_domain="late.example", **wish)
    assert (name, detail["problems"][0]["field"]) == ("AddressNotFreeFault", "master_domain_ipv4")
    client("deleteSiteWorxAccount", domain="alone.example")
    assert client("listFreeIps") == free
