"""Actions inside a SiteWorx account."""
