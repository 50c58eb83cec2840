"""`/siteworx/users`: who logs in to an account. Its own log-in is the account itself; further users may do a
part of what it may, and nobody gives what it has not."""
