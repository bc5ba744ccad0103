"""`huwen eval`: the commands that measure how good answers are."""
