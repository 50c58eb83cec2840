"""The embedded host: this process serves the accounts' web sites and zones itself, from the store's rows."""
