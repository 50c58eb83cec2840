"""The server: a panel's actions on their listeners, its accounts' sites and zones, and its timers."""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from twisted.internet import reactor as _reactor
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.error import CannotListenError
from twisted.internet.task import LoopingCall
from twisted.logger import STDLibLogObserver, globalLogBeginner

from iwapi.app.panel import Panel, base_url, homes, place, rules, server
from iwapi.app.stores import StateError
from iwapi.config import RELOADED, Config, ConfigError
from iwapi.core.bound import Addresses
from iwapi.core.times import moment
from iwapi.errors import Unavailable
from iwapi.hosting import serve as hosting
from iwapi.hosting.stored import Stored
from iwapi.hosting.traffic import Traffic
from iwapi.hosting.zones import Names
from iwapi.store import usage
from iwapi.web import api
from iwapi.web import serve as web
from iwapi.web.hosts import Hosts
from iwapi.web.pages import Pages
from iwapi.web.panelpages import PanelPages
from iwapi.web.selfsigned import self_signed
from iwapi.web.serve import Listener
from iwapi.web.tls import Certificate, CertificateError
from iwapi.wires.contract import wsdl
from iwapi.wires.route import RouteWire
from iwapi.wires.routewsdl import route_wsdl
from iwapi.wires.services import typed_services

log = logging.getLogger(__name__)
reactor: Any = _reactor

SWEEP_SECONDS = 1
FLUSH_SECONDS = 5
MEASURE_SECONDS = 60
RELOAD_SECONDS = 2
PATIENCE_SECONDS = 4  # of a server that stops, for what its calls wait for


def run(panel: Panel, ready: Callable[[Addresses], None], seconds: float | None = None) -> None:
    """Serve until SIGTERM, or for so many seconds. `ready` is called when everything listens."""
    to_logging: Any = STDLibLogObserver()
    globalLogBeginner.beginLoggingTo([to_logging], redirectStandardIO=False)
    failures: list[Exception] = []

    def start() -> None:
        try:
            ready(_Server(panel).start())
        except Exception as error:  # noqa: BLE001  (raised again when the reactor has stopped)
            failures.append(error)
            reactor.stop()

    reactor.callWhenRunning(start)
    if seconds is not None:
        reactor.callLater(seconds, reactor.stop)
    reactor.run()
    for failure in failures:
        if isinstance(failure, CannotListenError | CertificateError):
            raise StateError(str(failure)) from failure
        raise failure


class _Server:
    """A panel's listeners and timers, from start to stop."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._config = panel.config
        self._stamp = _stamp(panel.config.source)
        self._traffic = Traffic()
        self._timers: list[LoopingCall] = []
        self._work: dict[str, Future[None]] = {}

    def start(self) -> Addresses:
        """Listen on everything, take up what a crash left, and start the timers."""
        config, panel = self._config, self._panel
        chain, key = self._certificate_files()
        self._certificate = Certificate(chain, key)
        self._hosts = Hosts(_own_host(config), base_url(config))
        services = typed_services(panel.catalogue)
        billing = api.billing(
            services["billing"], partial(wsdl, services["billing"]), RouteWire(panel.catalogue), route_wsdl,
            panel.dispatch, self._hosts, PanelPages(panel.dispatch, panel.catalogue, self._hosts),
        )  # fmt: skip
        pages = Pages(panel.dispatch, panel.catalogue, self._hosts, partial(panel.pepper.mac, "page"))
        admin = api.admin(
            services["admin"], partial(wsdl, services["admin"]), panel.dispatch, self._hosts, pages
        )
        admin_tls = not all(_is_loopback(host) for host, _ in config.admin_listen)
        listeners = [
            Listener(billing, config.listen),
            Listener(billing, config.listen_tls, self._certificate),
            Listener(admin, config.admin_listen, self._certificate if admin_tls else None),
        ]
        self._listening = web.serve(reactor, listeners, config.max_connections, config.trusted_proxies)
        self._host = hosting.serve(
            reactor, Stored(panel.database, place(panel.state)), self._traffic, _names(config),
            config.sites_listen, config.dns_listen,
        )  # fmt: skip
        self._tell_where()
        self._start_timers()
        reactor.addSystemEventTrigger("before", "shutdown", self._stop)
        plain, tls, private = self._listening.addresses
        return Addresses(plain, tls, private, admin_tls, self._host.sites, self._host.dns, str(chain))

    def _start_timers(self) -> None:
        engine = self._panel.engine
        for seconds, work in (
            (SWEEP_SECONDS, partial(self._on_pool, "sweep", engine.sweep)),
            (MEASURE_SECONDS, partial(self._on_pool, "measure", engine.measure)),
            (FLUSH_SECONDS, self._flush),
            (RELOAD_SECONDS, self._reload),
        ):
            timer = LoopingCall(work)
            timer.start(seconds)
            self._timers.append(timer)

    def _on_pool(self, name: str, work: Callable[[], object]) -> None:
        """Do slow work off the reactor, one of its name at a time."""
        before = self._work.get(name)
        if before is None or before.done():
            self._work[name] = self._panel.upkeep.submit(_logged, name, work)

    def _flush(self) -> None:
        """Add the bytes that sites moved to the totals; what cannot be written is counted again later."""
        sent = self._traffic.drain()
        if not sent:
            return

        def done(_: Any, error: Exception | None) -> None:
            if error is not None:
                log.error("traffic could not be written", exc_info=error)
                reactor.callFromThread(self._count_again, sent)

        now = self._panel.engine.clock()
        try:
            self._panel.database.write(lambda tx: usage.add_traffic(tx, sent, now), done)
        except Unavailable as error:
            done(None, error)

    def _count_again(self, sent: dict[int, int]) -> None:
        for account_id, count in sent.items():
            self._traffic.add(account_id, count)

    def _reload(self) -> None:
        """Take over the settings that may change while the server runs; the file was written anew."""
        stamp = _stamp(self._config.source)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            fresh = self._config.again()
        except ConfigError as error:
            log.error("the settings stay as they were: %s", error)
            return
        changed = {name for name, value in fresh.values.items() if value != self._config.values[name]}
        if others := sorted(changed.difference(RELOADED)):
            log.warning("these settings wait for a restart: %s", ", ".join(others))
        self._obey(self._config.replace(**{name: getattr(fresh, name) for name in RELOADED}))

    def _obey(self, config: Config) -> None:
        self._config = config
        self._panel.dispatch.rules = rules(config)
        self._hosts.allowed = _own_host(config)
        self._tell_where()
        self._host.rename(_names(config))
        self._certificate.use(*self._certificate_files())

    def _tell_where(self) -> None:
        """Where the API is reached goes by its name in force and by the ports that are bound."""
        dispatch = self._panel.dispatch
        plain, tls, _ = self._listening.addresses
        self._hosts.base_url = base_url(self._config, plain, tls)
        dispatch.server = server(
            self._config, dispatch.server.process, self._hosts.base_url, homes(self._panel.state)
        )

    def _certificate_files(self) -> tuple[Path, Path]:
        config = self._config
        if config.tls_cert and config.tls_key:
            return Path(config.tls_cert), Path(config.tls_key)
        now = moment(self._panel.engine.clock())
        return self_signed(self._panel.state / "tls", config.hostname, now)

    async def _stop_all(self) -> None:
        for timer in self._timers:
            timer.stop()
        reactor.callLater(PATIENCE_SECONDS, self._panel.hurry)
        await gatherResults([self._listening.stop(), self._host.stop()])
        self._flush()

    def _stop(self) -> Deferred[None]:
        return Deferred.fromCoroutine(self._stop_all())


def _logged(name: str, work: Callable[[], object]) -> None:
    try:
        work()
    except Exception:
        log.exception("the timer %s failed", name)


def _stamp(file: Path | None) -> tuple[int, int, int] | None:
    """What tells whether a file was written or replaced."""
    try:
        stat = file.stat() if file is not None else None
    except OSError:
        return None
    return (stat.st_mtime_ns, stat.st_ino, stat.st_size) if stat is not None else None


def _names(config: Config) -> Names:
    return Names.of(config.hostname, config.name_servers, config.hostmaster, config.dns_ttl)


def _own_host(config: Config) -> Callable[[str], bool]:
    """Whether a host name or IP address is this server's."""
    listening = {host for host, _ in (*config.listen, *config.listen_tls, *config.admin_listen)}
    own = {config.hostname, *config.server_names, *listening} - {"0.0.0.0", "::"}  # noqa: S104
    if all(map(_is_loopback, listening)):
        own |= {"localhost", "127.0.0.1", "::1"}
    return own.__contains__


def _is_loopback(host: str) -> bool:
    return ipaddress.ip_address(host).is_loopback
