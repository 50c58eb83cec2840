"""HTTP: listeners, the API's endpoints, and the administrator's pages."""
