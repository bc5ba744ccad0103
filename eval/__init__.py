"""Question sets, metrics, runs and their comparison."""
