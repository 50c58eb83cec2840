"""`/siteworx/ftp`: FTP accounts, and below it who is logged in."""
