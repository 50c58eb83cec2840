"""What the sandbox's packages grant."""

from __future__ import annotations

NOTHING = dict.fromkeys(
    ("OPT_EMAIL_ALIASES", "OPT_EMAIL_AUTORESPONDERS", "OPT_EMAIL_BOXES", "OPT_EMAIL_GROUPS",
     "OPT_FTP_ACCOUNTS", "OPT_MYSQL_DBS", "OPT_MYSQL_DB_USERS", "OPT_POINTER_DOMAINS", "OPT_SLAVE_DOMAINS",
     "OPT_SUBDOMAINS"), 0
) | dict.fromkeys(
    ("OPT_BACKUP", "OPT_CGI_ACCESS", "OPT_CRONTAB", "OPT_DNS_RECORDS", "OPT_SSL", "OPT_BURSTABLE",
     "OPT_SAVE_XFER_LOGS"), False
)  # fmt: skip
"""Of a package that names the two sizes only: what is not named is not granted."""

BASIC = NOTHING | {
    "OPT_STORAGE": 1000, "OPT_BANDWIDTH": 10, "OPT_EMAIL_BOXES": 10, "OPT_FTP_ACCOUNTS": 1,
    "OPT_MYSQL_DBS": 1, "OPT_MYSQL_DB_USERS": 1,
}  # fmt: skip
PRO = NOTHING | {
    "OPT_STORAGE": 5000, "OPT_BANDWIDTH": 100, "OPT_EMAIL_BOXES": 100, "OPT_FTP_ACCOUNTS": 10,
    "OPT_MYSQL_DBS": 10, "OPT_MYSQL_DB_USERS": 10, "OPT_SUBDOMAINS": 10, "OPT_POINTER_DOMAINS": 10,
    "OPT_BACKUP": True, "OPT_CRONTAB": True, "OPT_DNS_RECORDS": True, "OPT_SSL": True,
}  # fmt: skip
