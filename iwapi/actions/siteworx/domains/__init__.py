"""`/siteworx/domains`: the names of an account beside its main domain."""
