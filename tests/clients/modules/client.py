"""In the manner of the Python client: XML-RPC on any certificate, the key alone or with a domain.

It reads and prints the same JSON as the other programs.
"""

import json
import ssl
import sys
import xmlrpc.client
from typing import Any


def main() -> None:
    told = json.load(sys.stdin)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    server = xmlrpc.client.ServerProxy(f"{told['server']}/xmlrpc", context=context)
    what = told["params"]
    domain = what.get("siteworx_domain")
    key = {"apikey": told["key"], "domain": domain} if domain else told["key"]
    answer: Any = server.iworx.route(key, what["controller"], what["action"], what.get("input", {}))
    ended_well = answer["status"] == 0
    result = answer["payload"] if ended_well else ["error", answer["status"], answer["payload"]]
    print(json.dumps({"result": result, "steps": [f"{what['controller']} {what['action']}"], "wrong": []}))


main()
