"""Actions of `/nodeworx/...`: what an administrator or a reseller does."""
