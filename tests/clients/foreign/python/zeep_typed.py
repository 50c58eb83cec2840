"""zeep, strict as it comes, on the typed WSDL."""

from __future__ import annotations

from typing import Any

import typed
import zeep
from story import KEY, WSDL, installed

client = zeep.Client(WSDL)
options: dict[str, Any] = {}


def call(operation: str, key: str = KEY, **inputs: Any) -> Any:
    headers = {"Auth": {"apikey": key}, **({"Options": options} if options else {})}
    return client.service[operation](**inputs, _soapheaders=headers)


def fault(key: str, operation: str, **inputs: Any) -> tuple[str, Any]:
    try:
        call(operation, key, **inputs)
    except zeep.exceptions.Fault as error:
        detail = client.wsdl.types.deserialize(error.detail[0])
        return type(detail).__name__, detail
    raise AssertionError(f"{operation}: no fault")


def how(given: dict[str, Any]) -> None:
    options.clear()
    options.update(given)


installed("zeep")
typed.tell(call, fault, how)
