"""What is remembered: the turn and the writer, and one file for each subject."""
