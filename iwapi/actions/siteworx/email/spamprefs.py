"""`/siteworx/email/spamprefs`: spam preferences. This server has no mail service, so there are none."""

from __future__ import annotations

from iwapi.action import Route, action
from iwapi.actions._members import Entry, members
from iwapi.call import Call
from iwapi.core.nothing import Nothing
from iwapi.errors import AccountNotFound


@action(scope="email:read", raises=(AccountNotFound,), route=Route("listPreferences", members, "objects"))
def list_preferences(call: Call, _: Nothing) -> tuple[Entry, ...]:
    """The account's own spam preferences."""
    call.site()
    return ()


@action(
    scope="email:read", raises=(AccountNotFound,), route=Route("listSpamPreferenceIds", members, "objects")
)
def list_spam_preference_ids(call: Call, _: Nothing) -> tuple[Entry, ...]:
    """The ids of the account's spam preferences."""
    call.site()
    return ()


@action(
    scope="email:read", raises=(AccountNotFound,), route=Route("listGlobalPreferences", members, "objects")
)
def list_global_preferences(call: Call, _: Nothing) -> tuple[Entry, ...]:
    """The spam preferences of the whole account."""
    call.site()
    return ()
