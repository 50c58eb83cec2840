"""suds-community on the typed WSDL."""

from __future__ import annotations

from typing import Any

import suds
import typed
from story import KEY, WSDL, installed
from suds.client import Client

options: dict[str, Any] = {}


def client(key: str) -> Client:
    made = Client(WSDL, cache=None)
    auth = made.factory.create("Auth")
    auth.apikey = key
    headers = [auth]
    if options:
        headers.append(made.factory.create("Options"))
        for name, value in options.items():
            setattr(headers[1], name, value)
    made.set_options(soapheaders=headers)
    return made


ours = client(KEY)


def call(operation: str, by: Client | None = None, **inputs: Any) -> Any:
    return getattr((by or (client(KEY) if options else ours)).service, operation)(**inputs)


def fault(key: str, operation: str, **inputs: Any) -> tuple[str, Any]:
    try:
        call(operation, client(key), **inputs)
    except suds.WebFault as error:
        ((name, detail),) = list(error.fault.detail)
        return name, detail
    raise AssertionError(f"{operation}: no fault")


def how(given: dict[str, Any]) -> None:
    options.clear()
    options.update(given)


installed("suds-community")
typed.tell(call, fault, how)
