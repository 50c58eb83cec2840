"""A billing system in the storm: it sends, is cut off, sends again, and writes down what it was told."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.clients.storm.orders import Order
from tests.clients.storm.sending import CUTS, Cut, send
from tests.clients.storm.wires import Told, read, request

_CLIENTS = 16
_GIVES_UP = 600
_CUT, _CUT_LATER = 0.35, 0.1
_DOUBLED = 0.25
_IMPATIENT = 0.15
_REPEATED = 0.3


@dataclass
class Story:
    """What became of one order. `perhaps_heard`: an answer may have come when nobody listened any more.
    `promised`: an answer came before the account was there."""

    order: Order
    heard: list[tuple[str, Told]] = field(default_factory=list)
    errors: list[Told] = field(default_factory=list)
    sends: int = 0
    cuts: int = 0
    perhaps_heard: bool = False
    promised: bool = False
    ended: bool = False

    @property
    def answers(self) -> int:
        """How often it was told something that is no reason to send again."""
        return len(self.heard) + sum(not told.again for told in self.errors)

    @property
    def bad(self) -> list[Told]:
        """What no billing system could make sense of."""
        allowed = self.order.key is None and (self.heard or self.perhaps_heard)
        return [told for told in self.errors if not told.again and not (told.said == "TAKEN" and allowed)]


class Buyer:
    """Sends orders to servers. `addresses` are where they listen; `served` counts the orders that ended."""

    def __init__(self, addresses: Sequence[tuple[str, int]], homes: Path, apikey: str, seed: int) -> None:
        self._homes = homes
        self._addresses = addresses
        self._apikey = apikey
        self._seed = seed
        self._lock = threading.Lock()
        self.served = 0

    def buy_all(self, orders: Sequence[Order]) -> list[Story]:
        with ThreadPoolExecutor(_CLIENTS) as pool:
            return list(pool.map(self.buy, orders))

    def buy(self, order: Order) -> Story:
        """Until there is an answer, or one that has to do."""
        chance = random.Random(f"{self._seed} {order.number}")
        story = Story(order)
        gives_up = time.monotonic() + _GIVES_UP
        tries = 0
        while not story.ended and time.monotonic() < gives_up:
            tries += 1
            likely = _CUT if tries <= 3 else _CUT_LATER
            times = 2 if chance.random() < _DOUBLED else 1
            self._at_once([self._sending(story, chance, likely) for _ in range(times)])
            if not story.ended:
                time.sleep(chance.uniform(0.02, 0.3) * min(tries, 5))
        with self._lock:
            self.served += 1
        if chance.random() < _REPEATED:
            self.repeat(story, chance)
        return story

    def repeat(self, story: Story, chance: random.Random) -> None:
        """Once more, though it was answered, as somebody who pressed the button twice."""
        gives_up = time.monotonic() + _GIVES_UP
        while time.monotonic() < gives_up:
            before = story.answers
            self._sending(story, chance, 0)()
            if story.answers > before:
                return
            time.sleep(0.1)

    def _at_once(self, sendings: Sequence[Callable[[], None]]) -> None:
        threads = [threading.Thread(target=sending) for sending in sendings[1:]]
        for thread in threads:
            thread.start()
        sendings[0]()
        for thread in threads:
            thread.join()

    def _sending(self, story: Story, chance: random.Random, cut_likely: float) -> Callable[[], None]:
        """One sending, with what befalls it."""
        order = story.order
        wire, at = chance.choice(order.wires), chance.choice(self._addresses)
        cut = chance.choice(CUTS) if chance.random() < cut_likely else None
        options = {"idempotency_key": order.key} if order.key else {}
        if chance.random() < _IMPATIENT:
            options["wait_seconds"] = chance.choice("01")
        sent = request(wire, self._apikey, order.inputs, options, headers=chance.random() < 0.5)
        own = random.Random(chance.random())

        def do() -> None:
            story.sends += 1
            try:
                told = read(wire, *send(at, sent, cut, own))
            except Cut as what:
                story.cuts += 1
                story.perhaps_heard |= what.perhaps_heard
                return
            if told.said == "ok":
                story.heard.append((wire, told))
                if name := told.members.get("uniqname"):
                    page = self._homes / name / order.domain / "html" / "index.html"
                    story.promised |= not page.exists()
            else:
                story.errors.append(told)
            story.ended |= not told.again

        return do
