"""`/nodeworx/reseller`: who sells accounts of this server. Its parts: their life, and lists of them."""
