"""Drivers: each makes one service of a machine equal to what is wanted, any number of times."""
