"""What people and continuous integration read of a run: one HTML page, Markdown, JUnit."""
