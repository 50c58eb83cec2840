"""Values in SOAP's own encoding (rpc/encoded), written: plain values to text, as PHP's SoapClient sees them.

Every value carries its type. An empty list and an empty map are both the empty array, since PHP makes null of
an empty Map. A float is an `xsd:double`, which PHP reads back exactly.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from iwapi.wires.elements import escape
from iwapi.wires.gate import Version
from iwapi.wires.routecall import Rows

_MEMBER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


@dataclass(frozen=True)
class Encoder:
    """Writes values in one SOAP version.

    `array` begins an array: it takes the element's name, the type of its items and their number. `anything`
    is the type of any item, `types` those of rows by their shape.
    """

    array: str
    anything: str
    types: Mapping[str, str]

    def write(self, name: str, value: Any) -> str:
        """The element `name` with this value: str, int, float, bool, None, list, dict or `Rows`.

        Raises `ValueError` for what clients cannot read: an int beyond 64 bits, a float that is not finite, a
        member's name that XML does not allow.
        """
        if isinstance(value, str):
            return f'<{name} xsi:type="xsd:string">{escape(value)}</{name}>'
        if isinstance(value, bool):
            return f'<{name} xsi:type="xsd:boolean">{"true" if value else "false"}</{name}>'
        if isinstance(value, int):
            return f'<{name} xsi:type="{_int_type(value)}">{value}</{name}>'
        if value is None:
            return f'<{name} xsi:nil="true"/>'
        if isinstance(value, float):
            if not math.isfinite(value):
                raise ValueError("a float that is not finite")
            return f'<{name} xsi:type="xsd:double">{value!r}</{name}>'
        if isinstance(value, Rows):
            return self._rows(name, value)
        if isinstance(value, Mapping):
            return self._map(name, value)
        return self._array(name, self.anything, [self.write("item", item) for item in value])

    def _rows(self, name: str, value: Rows) -> str:
        write = self._object if value.shape == "object" else self.write
        return self._array(name, self.types[value.shape], [write("item", row) for row in value.rows])

    def _array(self, name: str, kind: str, items: Sequence[str]) -> str:
        start = self.array % (name, kind if items else self.anything, len(items))
        return f"{start}>{''.join(items)}</{name}>" if items else f"{start}/>"

    def _map(self, name: str, value: Mapping[str | int, Any]) -> str:
        if not value:
            return self._array(name, self.anything, ())
        items = [f"{_key(key)}{self.write('value', member)}</item>" for key, member in value.items()]
        return f'<{name} xsi:type="ns2:Map">{"".join(items)}</{name}>'

    def _object(self, name: str, value: Mapping[str, Any]) -> str:
        members = [self.write(_member(key), member) for key, member in value.items()]
        return f'<{name} xsi:type="{self.types["object"]}">{"".join(members)}</{name}>'


ENCODERS: Mapping[Version, Encoder] = {
    "1.1": Encoder(
        '<%s SOAP-ENC:arrayType="%s[%d]" xsi:type="SOAP-ENC:Array"',
        "xsd:ur-type",
        {"list": "SOAP-ENC:Array", "map": "ns2:Map", "object": "SOAP-ENC:Struct"},
    ),
    "1.2": Encoder(
        '<%s enc:itemType="%s" enc:arraySize="%d" xsi:type="enc:Array"',
        "xsd:anyType",
        {"list": "enc:Array", "map": "ns2:Map", "object": "enc:Struct"},
    ),
}


def _int_type(value: int) -> str:
    if -(2**31) <= value < 2**31:
        return "xsd:int"
    if -(2**63) <= value < 2**63:
        return "xsd:long"
    raise ValueError("an int beyond 64 bits")


@lru_cache(1024)
def _key(key: str | int) -> str:
    kind = "xsd:int" if isinstance(key, int) else "xsd:string"
    return f'<item><key xsi:type="{kind}">{escape(str(key))}</key>'


@lru_cache(1024)
def _member(name: str) -> str:
    if not _MEMBER.fullmatch(name):
        raise ValueError("an object's member whose name XML does not allow")
    return name
