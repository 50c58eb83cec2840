"""`/nodeworx/siteworx`: hosting accounts. Its parts: the life of an account, and reports."""
