"""The terminal: the same use cases as the window, one JSON object a command."""
