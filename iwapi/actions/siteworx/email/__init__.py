"""`/siteworx/email`: mail of an account."""
