"""The storm: creates from a careless network to processes that die, told apart in parts of their own."""
