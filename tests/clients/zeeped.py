"""zeep, strict as it comes, as a client of a typed service."""

from __future__ import annotations

from typing import Any

import pytest
import requests
import zeep
from zeep.helpers import serialize_object
from zeep.plugins import HistoryPlugin

from tests.sandbox import ROOT, Sandbox

COMMITTED = ROOT / "wsdl"


class Client:
    """Calls operations by name, with credentials in the SOAP header."""

    def __init__(
        self, wsdl: str, auth: dict[str, str], address: str = "", session: requests.Session | None = None
    ) -> None:
        self.auth = auth
        self.history = HistoryPlugin()
        self.zeep = zeep.Client(wsdl, transport=zeep.Transport(session=session), plugins=[self.history])
        self.service = self.zeep.service
        if address:
            self.service = self.zeep.create_service(self.service._binding.name, address)

    @property
    def operations(self) -> set[str]:
        return set(self.service._operations)

    @property
    def headers(self) -> dict[str, str]:
        """Those of the last answer."""
        return self.history.last_received["http_headers"]

    def __call__(self, operation: str, **inputs: Any) -> Any:
        headers = {"_soapheaders": {"Auth": self.auth}} if self.auth else {}
        answer = getattr(self.service, operation)(**inputs, **headers)
        return serialize_object(answer, dict)

    def refused(self, operation: str, **inputs: Any) -> tuple[str, dict[str, Any]]:
        """The name of the fault's type, and its members; its request id is the one of the HTTP header."""
        name, members = self.fault(operation, **inputs)
        assert self.headers["X-Request-Id"] == members["request_id"]
        return name, members

    def fault(self, operation: str, **inputs: Any) -> tuple[str, dict[str, Any]]:
        with pytest.raises(zeep.exceptions.Fault) as raised:
            self(operation, **inputs)
        (detail,) = raised.value.detail
        found = self.zeep.wsdl.types.deserialize(detail)
        assert raised.value.message.startswith(found.message)
        assert raised.value.code.partition(":")[2] in ("Client", "Server")
        return type(found).__name__, serialize_object(found, dict)


def administrator(sandbox: Sandbox) -> Client:
    """The administrator, with the WSDL that is committed."""
    auth = {"email": sandbox.admin_email, "password": sandbox.admin_password}
    return Client(str(COMMITTED / "admin.wsdl"), auth, sandbox.admin)


def new_key(sandbox: Sandbox) -> str:
    key: str = administrator(sandbox)("generateApiKey")["apikey"]
    return key


def billing(sandbox: Sandbox, key: str) -> Client:
    """A billing system, with the WSDL that is committed."""
    return Client(str(COMMITTED / "iwapi.wsdl"), {"apikey": key}, sandbox.soap_typed)
