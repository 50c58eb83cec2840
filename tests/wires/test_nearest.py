"""The nearest action that is offered: of the same controller, else of the same name, else of like names."""

import pytest

from iwapi.wires.nearest import Named, nearest

OFFERED = [
    ("/nodeworx/siteworx", "add"), ("/nodeworx/siteworx", "suspend"), ("/nodeworx/siteworx", "listAccounts"),
    ("/nodeworx/packages", "add"), ("/nodeworx/packages", "listPackages"), ("/siteworx/dns", "listZones"),
    ("/siteworx/ftp", "listFtpAccounts"), ("/siteworx/ftp", "list"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        (("/nodeworx/siteworx", "bulkdeactivate"), ("/nodeworx/siteworx", "suspend")),
        (("/nodeworx/siteworx", "suspendd"), ("/nodeworx/siteworx", "suspend")),
        (("/nodeworx/siteworx", "listACCOUNTS"), ("/nodeworx/siteworx", "listAccounts")),
        (("/nodeworx/siteworx", "querySuspend"), ("/nodeworx/siteworx", "listAccounts")),
        (("/siteworx/ftp", "add"), ("/siteworx/ftp", "listFtpAccounts")),
        (("/nodeworx/dns/zone", "listZones"), ("/siteworx/dns", "listZones")),
        (("/nodeworx/package", "add"), ("/nodeworx/packages", "add")),
        (("/siteworx/fpt", "listFtpAccount"), ("/siteworx/ftp", "listFtpAccounts")),
        (("", ""), OFFERED[0]),
    ],
)
def test_it_is_of_the_same_controller_or_else_of_the_same_name(asked: Named, near: Named) -> None:
    assert nearest(asked, OFFERED) == near


def test_where_nothing_is_offered_nothing_is_near() -> None:
    assert nearest(("/nodeworx/siteworx", "add"), []) is None
