"""`/siteworx/backup`: backups of an account. This server makes none yet."""
