"""Records of each type: the same three actions for each, made from its form."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from iwapi.action import Action, Route, action, arg
from iwapi.actions._members import members
from iwapi.actions.siteworx._zones import no_room
from iwapi.actions.siteworx.dns._told import CHANGES, forbidden, no_record, no_zone, sentence, told, ttl
from iwapi.call import Call
from iwapi.core.accounts import Account
from iwapi.core.recordforms import AAAA, CAA, CNAME, MX, SRV, TXT, A, Form, form_of
from iwapi.core.records import Data, DnsRecord, Record, wrong_beside
from iwapi.errors import AccountNotFound, Problem, RecordNotFound, refuse
from iwapi.kinds import Id
from iwapi.shape import shape_of


@dataclass(frozen=True)
class Which:
    """One record."""

    record_id: Id = arg("the record's id")


def _zone_wrong(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
    account, zone_id = call.site(), given.get("zone_id")
    yield from forbidden(call, account)
    if zone_id is not None:
        zone = call.zones(account).by_id(zone_id)
        yield from no_room(call, account, zone, 1) if zone is not None else [no_zone(zone_id)]


def _of_type(call: Call, account: Account, record_id: int, form: type[Form]) -> Record | None:
    record = call.zones(account).record(record_id)
    return record if record is not None and record.data.type == form.TYPE else None


def _refuse_beside(
    call: Call, account: Account, new: Data, form: type[Form], zone_id: int, zone: str, but: int = 0
) -> None:
    """Refuse what cannot stand beside the other records of its name, or would be hidden; `but` is the one
    that it replaces."""
    if hidden := call.names.zone_between(new.host, zone):
        refuse([Problem(form.NAME, new.host, f"The zone {hidden} answers for this name: add it there")])
    beside = call.zones(account).beside(zone_id, new.host)
    others = [record.data for record in beside if record.record_id != but]
    refuse(wrong_beside(new, zone, others, form.NAME))


def _inputs(form: type[Form], which: str, says: str, partial: bool) -> type:
    """The inputs of an action: an id, and those of the form, which all may be absent in a `partial` one."""
    hints = get_type_hints(form, include_extras=True)
    inputs: list[Any] = [(which, Id, arg(f"the {which.removesuffix('_id')}'s id"))]
    for item in shape_of(form).fields:  # type: ignore[arg-type]  # a class can be hashed
        hint = hints[item.name] | None if partial else hints[item.name]
        default = dataclasses.MISSING if item.required else item.default
        inputs.append((item.name, hint, arg(item.help, default=None if partial else default)))
    made = dataclasses.make_dataclass(f"{form.__name__}_{which}", inputs, frozen=True)
    made.__doc__ = says
    return made


def _adding(form: type[Form]) -> Action:
    def add(call: Call, wanted: Any) -> DnsRecord:
        account = call.site()
        zone = call.zones(account).by_id(wanted.zone_id)
        assert zone is not None
        given = {name: value for name, value in vars(wanted).items() if name != "zone_id"}
        data = form(**given).data(zone.domain)
        _refuse_beside(call, account, data, form, zone.zone_id, zone.domain)
        record = call.zones(account).add(zone.zone_id, data)
        call.build(account.siteworx_id)
        return told(call, record)

    add.__annotations__["wanted"] = _inputs(form, "zone_id", f"A new {form.TYPE} record.", partial=False)
    add.__doc__ = f"Add a record of type {form.TYPE} to a zone. {form.__doc__}"
    return action(
        scope="dns:edit", writes=True, check=_zone_wrong, adds=True, raises=CHANGES,
        route=Route(f"add{form.TYPE}", sentence("added"), "sentence"),
    )(add)  # fmt: skip


def _editing(form: type[Form]) -> Action:
    def check(call: Call, given: Mapping[str, Any]) -> Iterator[Problem]:
        account, record_id = call.site(), given.get("record_id")
        yield from forbidden(call, account)
        if record_id is not None and _of_type(call, account, record_id, form) is None:
            yield no_record(record_id, form.TYPE)

    def edit(call: Call, wanted: Any) -> DnsRecord:
        account = call.site()
        record = _of_type(call, account, wanted.record_id, form)
        assert record is not None
        given = {name: value for name, value in vars(wanted).items() if value is not None}
        del given["record_id"]
        data = form_of(record.data).changed(given).data(record.zone)
        _refuse_beside(call, account, data, form, record.zone_id, record.zone, record.record_id)
        call.zones(account).set(record, data)
        call.build(account.siteworx_id)
        return told(call, dataclasses.replace(record, data=data))

    says = f"What to change of the record; it is of type {form.TYPE}."
    edit.__annotations__["wanted"] = _inputs(form, "record_id", says, partial=True)
    edit.__doc__ = f"Change a record of type {form.TYPE}; what is absent stays as it is."
    return action(
        scope="dns:edit", writes=True, check=check, raises=CHANGES,
        route=Route(f"edit{form.TYPE}", sentence("changed"), "sentence"),
    )(edit)  # fmt: skip


def _querying(form: type[Form]) -> Action:
    def query(call: Call, which: Which) -> Form:
        account = call.site()
        record = _of_type(call, account, which.record_id, form)
        if record is None:
            raise RecordNotFound(no_record(which.record_id, form.TYPE))
        return dataclasses.replace(form_of(record.data), ttl=ttl(call, record.data))

    query.__annotations__["return"] = form
    query.__doc__ = f"A record of type {form.TYPE}, as edit{form.TYPE} takes it."
    return action(
        scope="dns:read", raises=(AccountNotFound, RecordNotFound),
        route=Route(f"queryEdit{form.TYPE}", members, "map"),
    )(query)  # fmt: skip


add_a, edit_a, query_edit_a = _adding(A), _editing(A), _querying(A)
add_aaaa, edit_aaaa, query_edit_aaaa = _adding(AAAA), _editing(AAAA), _querying(AAAA)
add_cname, edit_cname, query_edit_cname = _adding(CNAME), _editing(CNAME), _querying(CNAME)
add_mx, edit_mx, query_edit_mx = _adding(MX), _editing(MX), _querying(MX)
add_txt, edit_txt, query_edit_txt = _adding(TXT), _editing(TXT), _querying(TXT)
add_srv, edit_srv, query_edit_srv = _adding(SRV), _editing(SRV), _querying(SRV)
add_caa, edit_caa, query_edit_caa = _adding(CAA), _editing(CAA), _querying(CAA)
