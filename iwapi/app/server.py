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
from twisted.internet.task import LoopingCall
from twisted.logger import STDLibLogObserver, globalLogBeginner

from iwapi.app.panel import Panel, place
from iwapi.config import Config
from iwapi.core.bound import Addresses
from iwapi.core.times import moment
from iwapi.hosting import serve as hosting
from iwapi.hosting.stored import Stored
from iwapi.hosting.traffic import Traffic
from iwapi.hosting.zones import Names
from iwapi.store import usage
from iwapi.web import api
from iwapi.web import serve as web
from iwapi.web.hosts import Hosts
from iwapi.web.pages import Pages
from iwapi.web.selfsigned import self_signed
from iwapi.web.serve import Listener
from iwapi.web.tls import Certificate
from iwapi.wires.contract import wsdl
from iwapi.wires.route import RouteWire
from iwapi.wires.routewsdl import route_wsdl
from iwapi.wires.services import typed_services

log = logging.getLogger(__name__)
reactor: Any = _reactor

SWEEP_SECONDS = 1
FLUSH_SECONDS = 5
MEASURE_SECONDS = 60


def run(panel: Panel, ready: Callable[[Addresses], None], seconds: float | None = None) -> None:
    """Serve until SIGTERM, or for so many seconds. `ready` is called when everything listens."""
    globalLogBeginner.beginLoggingTo([STDLibLogObserver()], redirectStandardIO=False)
    failures: list[BaseException] = []

    def start() -> None:
        try:
            ready(_Server(panel).start())
        except Exception as error:
            failures.append(error)
            reactor.stop()

    reactor.callWhenRunning(start)
    if seconds is not None:
        reactor.callLater(seconds, reactor.stop)
    reactor.run()
    if failures:
        raise failures[0]


class _Server:
    """A panel's listeners and timers, from start to stop."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel
        self._traffic = Traffic()
        self._timers: list[LoopingCall] = []
        self._work: dict[str, Future[None]] = {}

    def start(self) -> Addresses:
        """Listen on everything, take up what a crash left, and start the timers."""
        config, panel = self._panel.config, self._panel
        chain, key = _certificate_files(panel)
        certificate = Certificate(chain, key)
        hosts = Hosts(_own_host(config), _base_url(config))
        services = typed_services(panel.catalogue)
        billing = api.billing(
            services["billing"], partial(wsdl, services["billing"]), RouteWire(panel.catalogue), route_wsdl,
            panel.dispatch, hosts,
        )  # fmt: skip
        pages = Pages(panel.dispatch, panel.catalogue, hosts, partial(panel.pepper.mac, "page"))
        admin = api.admin(services["admin"], partial(wsdl, services["admin"]), panel.dispatch, hosts, pages)
        admin_tls = not all(_is_loopback(host) for host, _ in config.admin_listen)
        listeners = [
            Listener(billing, config.listen),
            Listener(billing, config.listen_tls, certificate),
            Listener(admin, config.admin_listen, certificate if admin_tls else None),
        ]
        self._listening = web.serve(reactor, listeners, config.max_connections, config.trusted_proxies)
        self._host = hosting.serve(
            reactor, Stored(panel.database, place(panel.state)), self._traffic, _names(config),
            config.sites_listen, config.dns_listen,
        )  # fmt: skip
        self._start_timers()
        reactor.addSystemEventTrigger("before", "shutdown", self._stop)
        return Addresses(
            *self._listening.addresses, admin_tls=admin_tls, sites=self._host.sites, dns=self._host.dns,
            certificate=str(chain),
        )  # fmt: skip

    def _start_timers(self) -> None:
        engine = self._panel.engine
        for seconds, work in (
            (SWEEP_SECONDS, partial(self._on_pool, "sweep", engine.sweep)),
            (MEASURE_SECONDS, partial(self._on_pool, "measure", engine.measure)),
            (FLUSH_SECONDS, self._flush),
        ):
            timer = LoopingCall(work)
            timer.start(seconds)
            self._timers.append(timer)

    def _on_pool(self, name: str, work: Callable[[], object]) -> None:
        """Do slow work off the reactor, one of its name at a time."""
        before = self._work.get(name)
        if before is None or before.done():
            self._work[name] = self._panel.background.submit(_logged, name, work)

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
        self._panel.database.write(lambda tx: usage.add_traffic(tx, sent, now), done)

    def _count_again(self, sent: dict[int, int]) -> None:
        for account_id, count in sent.items():
            self._traffic.add(account_id, count)

    async def _stop_all(self) -> None:
        for timer in self._timers:
            timer.stop()
        await gatherResults([self._listening.stop(), self._host.stop()])
        self._flush()

    def _stop(self) -> Deferred[None]:
        return Deferred.fromCoroutine(self._stop_all())


def _logged(name: str, work: Callable[[], object]) -> None:
    try:
        work()
    except Exception:
        log.exception("the timer %s failed", name)


def _certificate_files(panel: Panel) -> tuple[Path, Path]:
    config = panel.config
    if config.tls_cert and config.tls_key:
        return Path(config.tls_cert), Path(config.tls_key)
    return self_signed(panel.state / "tls", config.hostname, moment(panel.engine.clock()))


def _names(config: Config) -> Names:
    return Names.of(config.hostname, config.name_servers, config.hostmaster, config.dns_ttl)


def _base_url(config: Config) -> str:
    """How clients that came by a name that is not ours are told to reach the API."""
    secure = bool(config.listen_tls)
    _, port = (config.listen_tls or config.listen or (("", 443),))[0]
    return f"{'https' if secure else 'http'}://{config.hostname}:{port}"


def _own_host(config: Config) -> Callable[[str], bool]:
    """Whether a host name or IP address is this server's."""
    listening = {host for name in ("listen", "listen_tls", "admin_listen") for host, _ in getattr(config, name)}
    own = {config.hostname, *config.server_names, *listening} - {"0.0.0.0", "::"}  # noqa: S104
    if all(map(_is_loopback, listening)):
        own |= {"localhost", "127.0.0.1", "::1"}
    return own.__contains__


def _is_loopback(host: str) -> bool:
    return ipaddress.ip_address(host).is_loopback
