"""Views: pages that call actions, written as if each call returned at once.

A view is a generator: it yields calls, is sent their answers or has their errors raised in it, and returns
the response. It waits for nothing and knows no thread.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from iwapi.action import Action, Catalogue
from iwapi.asked import Asked, Credentials, Dispatch, Outcome
from iwapi.kinds import Raw
from iwapi.web.http import Answer, Request, Response


@dataclass(frozen=True)
class Wish:
    """A call that a view makes: the path of an action, who asks, and the inputs."""

    path: str
    credentials: Credentials
    raw: Mapping[str, Raw] = field(default_factory=dict)


View: TypeAlias = Generator[Wish, Any, Response]


class Runner:
    """Runs views against dispatch."""

    def __init__(self, dispatch: Dispatch, catalogue: Catalogue) -> None:
        self._actions: dict[str, Action] = {action.path: action for action in catalogue.actions}
        self._dispatch = dispatch

    def run(self, view: View, request: Request, answer: Answer) -> None:
        """Answer with what the view returns. It must not raise."""

        def go_on(outcome: Outcome) -> None:
            try:
                wish = view.throw(outcome.error) if outcome.error else view.send(outcome.answer)
            except StopIteration as end:
                answer(end.value)
            else:
                self._dispatch(self._asked(wish, request), go_on)

        go_on(Outcome())

    def _asked(self, wish: Wish, request: Request) -> Asked:
        sent = dataclasses.replace(wish.credentials, address=request.address, client=request.client)
        return Asked(self._actions[wish.path], wish.raw, sent, "page", request.id)
