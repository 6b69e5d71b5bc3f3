"""Keys and sealed bytes: what makes a vault unreadable without its passphrase."""
