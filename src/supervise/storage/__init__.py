"""Everything that stands on disk: the vault folder, its database, sealed media, inbox and log."""
