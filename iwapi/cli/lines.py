"""Four lines to paste into a shell: a key, an account, its site, the key's end. They need curl and grep."""

from __future__ import annotations

from xml.sax.saxutils import escape

from iwapi.cli.urls import base, host_port
from iwapi.core.bound import Addresses

_ENVELOPE = (
    '<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/">'
    '<Header><Auth xmlns="{namespace}">{auth}</Auth></Header><Body>{body}</Body></Envelope>'
)
_XML = "-H 'Content-Type: text/xml'"


def four_lines(at: Addresses, email: str, password: str) -> tuple[str, str, str, str]:
    """The lines for this server and its administrator; the password holds nothing that a shell would read."""
    admin = f"curl -s {base(at.admin[0], at.admin_tls)}/soap/admin {_XML}"
    if at.admin_tls:
        admin += f" --cacert '{at.certificate}'"
    log_in = f"<email>{escape(email)}</email><password>{escape(password)}</password>"
    generate, delete = (
        _ENVELOPE.format(
            namespace="urn:iwapi:admin:1", auth=log_in, body=f'<{name} xmlns="urn:iwapi:admin:1"/>'
        )
        for name in ("generateApiKey", "deleteApiKey")
    )
    account = (
        "<master_domain>example.com</master_domain><email>me@example.com</email>"
        "<password>Correct-horse7</password><packagetemplate>basic</packagetemplate>"
    )
    body = f'<createSiteWorxAccount xmlns="urn:iwapi:billing:1">{account}</createSiteWorxAccount>'
    create = _ENVELOPE.format(namespace="urn:iwapi:billing:1", auth="<apikey>'$KEY'</apikey>", body=body)
    return (
        f"KEY=$({admin} -d '{generate}' | grep -o 'IWAPI1[0-9A-Za-z]*')",
        f"curl -s {base(at.api[0])}/soap/billing {_XML} -d '{create}'; echo",
        f"curl -s -H 'Host: example.com' http://{host_port(at.sites[0])}/",
        f"{admin} -d '{delete}'; echo",
    )
