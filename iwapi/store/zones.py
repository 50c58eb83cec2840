"""The zones of an account and their records, as its owner sees and changes them."""

from __future__ import annotations

from collections.abc import Sequence

from iwapi.core.records import Data, Record, ZoneRow
from iwapi.store.db import Row, Tx

_SERVICES = ("", "www.", "mail.", "ftp.")
_SPF = "v=spf1 a mx ~all"
_MAIL_PRIORITY = 10
_INSERT = "insert into record (zone_id, host, place, type, value, ttl, priority) values (?, ?, ?, ?, ?, ?, ?)"
_SELECT = (
    "select r.id, r.zone_id, z.name as zone, r.host, r.type, r.value, r.ttl, r.priority"
    " from zone z join record r on r.zone_id = z.id where z.account_id = ?"
)


def place(host: str) -> str:
    """The labels of a name from the right: in the order of places a name stands before those below it."""
    return " ".join(reversed(host.split(".")))


def begin(tx: Tx, account_id: int, name: str, ipv4: str | None, ipv6: str | None) -> None:
    """Give an account a zone, with the records that every zone begins with."""
    zone_id = tx.value(
        "insert into zone (account_id, name, place) values (?, ?, ?) returning id",
        account_id, name, place(name),
    )  # fmt: skip
    hosts = [service + name for service in _SERVICES]
    mail = Data(name, "MX", f"mail.{name}", priority=_MAIL_PRIORITY)
    _insert(tx, zone_id, [*_addresses(hosts, ipv4, ipv6), mail, Data(name, "TXT", _SPF)])


def _addresses(hosts: Sequence[str], ipv4: str | None, ipv6: str | None) -> list[Data]:
    return [
        Data(host, kind, address)
        for kind, address in (("A", ipv4), ("AAAA", ipv6)) if address is not None for host in hosts
    ]  # fmt: skip


def _insert(tx: Tx, zone_id: int, records: Sequence[Data]) -> None:
    tx.run_many(_INSERT, [_columns(zone_id, one) for one in records])


def _columns(zone_id: int, of: Data) -> tuple[object, ...]:
    return zone_id, of.host, place(of.host), of.type, of.value, of.ttl, of.priority


def _record(row: Row) -> Record:
    data = Data(row["host"], row["type"], row["value"], row["ttl"], row["priority"])
    return Record(row["id"], row["zone_id"], row["zone"], data)


class Zones:
    """The zones of one account."""

    def __init__(self, tx: Tx, account_id: int) -> None:
        self._tx = tx
        self._account = account_id

    def list(self) -> tuple[ZoneRow, ...]:
        """The zone of the main domain first."""
        rows = self._tx.all("select id, name from zone where account_id = ? order by id", self._account)
        return tuple(ZoneRow(zone_id=row["id"], domain=row["name"]) for row in rows)

    def by_id(self, zone_id: int) -> ZoneRow | None:
        return self._zone("id", zone_id)

    def by_name(self, name: str) -> ZoneRow | None:
        return self._zone("name", name)

    def _zone(self, column: str, value: object) -> ZoneRow | None:
        sql = f"select id, name from zone where account_id = ? and {column} = ?"
        row = self._tx.one(sql, self._account, value)
        return None if row is None else ZoneRow(zone_id=row["id"], domain=row["name"])

    def records(self, zone_id: int) -> tuple[Record, ...]:
        """The records of a zone, by name."""
        rows = self._tx.all(f"{_SELECT} and z.id = ? order by r.place, r.type, r.id", self._account, zone_id)
        return tuple(map(_record, rows))

    def record(self, record_id: int) -> Record | None:
        row = self._tx.one(f"{_SELECT} and r.id = ?", self._account, record_id)
        return None if row is None else _record(row)

    def beside(self, zone_id: int, host: str) -> tuple[Record, ...]:
        """The records of a name."""
        rows = self._tx.all(
            f"{_SELECT} and z.id = ? and r.place = ? order by r.id", self._account, zone_id, place(host)
        )
        return tuple(map(_record, rows))

    def count(self, zone_id: int) -> int:
        return int(self._tx.value("select count(*) from record where zone_id = ?", zone_id))

    def add(self, zone_id: int, data: Data) -> Record:
        """Write a record; it as it is kept."""
        record = self.record(self._tx.value(f"{_INSERT} returning id", *_columns(zone_id, data)))
        assert record is not None
        return record

    def set(self, record: Record, data: Data) -> None:
        self._tx.run(
            "update record set host = ?, place = ?, value = ?, ttl = ?, priority = ? where id = ?",
            data.host, place(data.host), data.value, data.ttl, data.priority, record.record_id,
        )  # fmt: skip

    def delete(self, records: Sequence[Record]) -> None:
        self._tx.run_many("delete from record where id = ?", [(record.record_id,) for record in records])

    def begin(self, name: str, ipv4: str | None, ipv6: str | None) -> None:
        """Give the account another zone."""
        begin(self._tx, self._account, name, ipv4, ipv6)

    def remove(self, name: str) -> None:
        """Remove a zone with its records."""
        self._tx.run("delete from zone where account_id = ? and name = ?", self._account, name)

    def lead_here(self, zone_id: int, hosts: Sequence[str], ipv4: str | None, ipv6: str | None) -> None:
        """Give names of a zone the account's addresses; one that leads anywhere already is left as it is."""
        free = [host for host in hosts if not self._leads(zone_id, host)]
        _insert(self._tx, zone_id, _addresses(free, ipv4, ipv6))

    def _leads(self, zone_id: int, host: str) -> bool:
        return any(record.data.type in ("A", "AAAA", "CNAME") for record in self.beside(zone_id, host))

    def lead_nowhere(self, zone_id: int, hosts: Sequence[str], ipv4: str | None, ipv6: str | None) -> None:
        """Take the account's addresses from names of a zone; where they lead elsewhere they are left."""
        self._tx.run_many(
            "delete from record where zone_id = ? and place = ? and type = ? and value = ?",
            [(zone_id, place(one.host), one.type, one.value) for one in _addresses(hosts, ipv4, ipv6)],
        )
