"""`/siteworx/dns`: the zones of an account and their records.

The SOA and NS records of a zone come from the server's settings: they are neither listed nor changed.
"""
