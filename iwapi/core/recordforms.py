"""DNS records as their owners write them: the inputs of each type, and what is kept of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Self

from iwapi.core.records import Data, whole_host, whole_target
from iwapi.errors import NOT_AN_OPTION, REQUIRED, InvalidInput, Problem
from iwapi.kinds import (
    Alias,
    CaaValue,
    Host,
    HostName,
    IPv4,
    IPv6,
    Octet,
    RecordText,
    Service,
    Ttl,
    Word,
    choice,
)  # fmt: skip
from iwapi.shape import arg

_TAGS = ("issue", "issuewild", "iodef")
_WHERE = "its name: below the zone, or whole; the zone itself when empty"


@dataclass(frozen=True)
class Form:
    """A record of one type. Its input `NAME` says where it stands, `VALUE` what it leads to, and `PRIORITY`,
    where its type has that, which is tried first."""

    TYPE = ""
    NAME = "host"
    VALUE = ""
    PRIORITY = ""

    ttl: Ttl | None = arg(
        "how long others may keep it, in seconds; as the server's setting says when absent", default=None
    )

    def data(self, zone: str) -> Data:
        """What is kept of it in a zone. Raises `InvalidInput`."""
        priority = getattr(self, self.PRIORITY) if self.PRIORITY else None
        return Data(self._host(zone), self.TYPE, self._value(zone), self.ttl, priority)

    def _host(self, zone: str) -> str:
        return whole_host(getattr(self, self.NAME), zone, self.NAME)

    def _value(self, zone: str) -> str:
        return str(getattr(self, self.VALUE))

    @classmethod
    def of(cls, data: Data) -> Self:
        """The form of what is kept."""
        given: dict[str, Any] = {cls.NAME: data.host, cls.VALUE: data.value, "ttl": data.ttl}
        return cls(**given, **({cls.PRIORITY: data.priority} if cls.PRIORITY else {}))

    @property
    def listed(self) -> Mapping[str, Any]:
        """What a list shows of its value."""
        return {"target": getattr(self, self.VALUE)}

    def changed(self, given: Mapping[str, Any]) -> Self:
        """The form with some inputs replaced."""
        return dataclasses.replace(self, **given)


@dataclass(frozen=True)
class A(Form):
    """An IPv4 address of a name."""

    TYPE = "A"
    VALUE = "ipaddress"

    host: Host = arg(_WHERE, default="")
    ipaddress: IPv4 = arg("the address")


@dataclass(frozen=True)
class AAAA(Form):
    """An IPv6 address of a name."""

    TYPE = "AAAA"
    VALUE = "ipaddress"

    host: Host = arg(_WHERE, default="")
    ipaddress: IPv6 = arg("the address")


@dataclass(frozen=True)
class TXT(Form):
    """A text of a name."""

    TYPE = "TXT"
    VALUE = "text"

    host: Host = arg(_WHERE, default="")
    text: RecordText = arg("the text as it is, without quotes around it")


@dataclass(frozen=True)
class CNAME(Form):
    """Another name for a name: the only record that it has."""

    TYPE = "CNAME"
    VALUE = "alias"

    host: Host = arg(_WHERE, default="")
    alias: Alias = arg("the name that it stands for")

    def _value(self, zone: str) -> str:
        return whole_target(self.alias, zone, "alias")


@dataclass(frozen=True)
class MX(Form):
    """A mail server of a name."""

    TYPE = "MX"
    VALUE = "mail_server"
    PRIORITY = "preference"

    host: Host = arg(_WHERE, default="")
    preference: Word = arg("the lowest is tried first")
    mail_server: HostName = arg("the mail server; a dot says that there is none")

    def _value(self, zone: str) -> str:
        return whole_target(self.mail_server, zone, "mail_server")

    @property
    def listed(self) -> Mapping[str, Any]:
        return {"target": self.mail_server, "preference": self.preference}


@dataclass(frozen=True)
class SRV(Form):
    """A server of a service."""

    TYPE = "SRV"
    NAME = "domain"
    PRIORITY = "priority"

    service: Service = arg("the service")
    protocol: Service = arg("its protocol, as tcp or udp")
    domain: Host = arg("the name that has the service; the zone itself when empty", default="")
    priority: Word = arg("the lowest is tried first")
    weight: Word = arg("its share among those of the same priority")
    port: Word = arg("its port")
    target: HostName = arg("its host; a dot says that there is none")

    def _host(self, zone: str) -> str:
        if self.domain.startswith("*"):
            raise InvalidInput(Problem("domain", self.domain, NOT_AN_OPTION, "a name without *"))
        below = f"{self.service}.{self.protocol}"
        return whole_host(f"{below}.{self.domain}" if self.domain else below, zone, "domain")

    def _value(self, zone: str) -> str:
        return f"{self.weight} {self.port} {whole_target(self.target, zone, 'target')}"

    @classmethod
    def of(cls, data: Data) -> Self:
        service, protocol, domain = data.host.split(".", 2)
        weight, port, target = data.value.split(" ")
        assert data.priority is not None
        return cls(
            service=service, protocol=protocol, domain=domain, priority=data.priority, weight=int(weight),
            port=int(port), target=target, ttl=data.ttl,
        )  # fmt: skip

    @property
    def listed(self) -> Mapping[str, Any]:
        return {name: getattr(self, name) for name in ("target", "priority", "weight", "port")}


@dataclass(frozen=True)
class CAA(Form):
    """Who may issue certificates for a name."""

    TYPE = "CAA"
    NAME = "domain"

    domain: Host = arg(_WHERE, default="")
    flags: Octet = arg("128 where who does not know the tag may issue nothing", default=0)
    tag: Annotated[str, choice("caatag", *_TAGS)] | None = arg(
        "which of the values is meant; the one that is given when absent", default=None
    )
    issue: CaaValue | None = arg("the authority that may issue; a semicolon for none", default=None)
    issuewild: CaaValue | None = arg("the authority that may issue wildcards", default=None)
    iodef: CaaValue | None = arg("where violations are reported: a mailto or http address", default=None)

    def _value(self, zone: str) -> str:
        given = {tag: value for tag in _TAGS if (value := getattr(self, tag)) is not None}
        tag = self.tag or next(iter(given), "tag")
        if tag not in given:
            raise InvalidInput(Problem(tag, "", REQUIRED))
        for other in given.keys() - {tag}:
            raise InvalidInput(Problem(other, given[other], f"The value of {tag} alone is meant"))
        if tag == "iodef" and not given[tag].startswith(("mailto:", "http://", "https://")):
            raise InvalidInput(Problem(tag, given[tag], NOT_AN_OPTION, "an address as mailto:me@example.com"))
        return f"{self.flags} {tag} {given[tag]}"

    @classmethod
    def of(cls, data: Data) -> Self:
        flags, tag, value = data.value.split(" ", 2)
        given: dict[str, Any] = {tag: value}
        return cls(domain=data.host, flags=int(flags), tag=tag, ttl=data.ttl, **given)

    @property
    def listed(self) -> Mapping[str, Any]:
        return {"target": getattr(self, self.tag or ""), "flags": self.flags, "tag": self.tag}

    def changed(self, given: Mapping[str, Any]) -> Self:
        """A value that is given takes the place of the one before, whichever that was."""
        if given.keys() & {"tag", *_TAGS}:
            given = dict.fromkeys(("tag", *_TAGS)) | dict(given)
        return dataclasses.replace(self, **given)


FORMS: Mapping[str, type[Form]] = {form.TYPE: form for form in (A, AAAA, CNAME, MX, TXT, SRV, CAA)}


def form_of(data: Data) -> Form:
    """The form of a record that is kept."""
    return FORMS[data.type].of(data)
