"""Programs in other languages that tell one story, each with a library that nobody here wrote."""
