"""suds-community on the typed WSDL."""

from __future__ import annotations

from typing import Any

import suds
import typed
from story import KEY, WSDL, installed
from suds.client import Client


def client(key: str) -> Client:
    made = Client(WSDL, cache=None)
    auth = made.factory.create("Auth")
    auth.apikey = key
    made.set_options(soapheaders=auth)
    return made


ours = client(KEY)


def call(operation: str, by: Client = ours, **inputs: Any) -> Any:
    return getattr(by.service, operation)(**inputs)


def fault(key: str, operation: str, **inputs: Any) -> tuple[str, Any]:
    try:
        call(operation, client(key), **inputs)
    except suds.WebFault as error:
        ((name, detail),) = list(error.fault.detail)
        return name, detail
    raise AssertionError(f"{operation}: no fault")


installed("suds-community")
typed.tell(call, fault)
