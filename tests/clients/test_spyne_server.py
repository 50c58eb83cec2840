"""The real catalogue on a real panel, served by Spyne's own server: what publishes the WSDLs works."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from iwapi.action import Service
from iwapi.asked import new_request_id
from iwapi.wires._spyne import WsgiApplication
from iwapi.wires.contract import application
from iwapi.wires.services import typed_services
from tests.clients.byhand import OPENING
from tests.clients.zeeped import Client
from tests.helpers import ADMIN, ADMIN_PASSWORD, DEDICATED, SHARED, World


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(world: World, name: Service, **auth: str) -> Iterator[Client]:
    """zeep, with the WSDL that Spyne's own server gives, calling that server."""
    service = typed_services(world.panel.catalogue)[name]
    app = WsgiApplication(application(service, world.panel.dispatch, new_request_id))
    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield Client(f"http://127.0.0.1:{server.server_port}/?wsdl", auth)
        finally:
            server.shutdown()
            thread.join()


def test_spynes_own_server_tells_the_story(home: World) -> None:
    with served(home, "admin", email=ADMIN, password=ADMIN_PASSWORD) as admin:
        key = admin("generateApiKey")["apikey"]
        with served(home, "billing", apikey=key) as client:
            the_life_of_an_account(home, client)
            assert admin("deleteApiKey") == "API key successfully deleted."
            assert refused(client, "ping") == "NOT_AUTHENTICATED"


def the_life_of_an_account(home: World, client: Client) -> None:
    which = {"domain": "example.com"}
    assert client("ping")["email"] == ADMIN
    assert [one["address"] for one in client("listFreeIps")] == [SHARED, *DEDICATED]
    made = client("createPackage", package_name="basic", OPT_STORAGE=100, OPT_BANDWIDTH=1, OPT_SSL=True)
    assert client("listPackages") == [made]
    account = client("createSiteWorxAccount", master_domain="example.com", **OPENING)
    assert (account["uniqname"], account["OPT_SSL"], account["status"]) == ("examplec", True, "active")
    assert (home.panel.state / "homes" / "examplec" / "example.com" / "html" / "index.html").exists()
    assert client("getSiteWorxAccount", **which) == account
    assert refused(client, "createSiteWorxAccount", master_domain="example.com", **OPENING) == "DOMAIN_TAKEN"
    assert refused(client, "createSiteWorxAccount", master_domain="x", **OPENING) == "INVALID_INPUT"
    assert client("suspendSiteWorxAccount", **which, message="unpaid")["inactive_msg"] == "unpaid"
    assert client("editSiteWorxAccount", **which, status=True)["status"] == "active"
    (listed,) = client("listSiteWorxAccounts")["accounts"]
    assert listed == {name: account[name] for name in listed}
    assert client("deleteSiteWorxAccount", **which)["master_domain"] == "example.com"
    assert not (home.panel.state / "homes" / "examplec").exists()


def refused(client: Client, operation: str, **inputs: Any) -> str:
    """The code of the fault."""
    code: str = client.fault(operation, **inputs)[1]["code"]
    return code
