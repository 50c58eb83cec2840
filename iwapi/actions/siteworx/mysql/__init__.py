"""`/siteworx/mysql`: databases of an account."""
