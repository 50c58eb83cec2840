"""Actions of the admin service that InterWorx has no controller for."""
