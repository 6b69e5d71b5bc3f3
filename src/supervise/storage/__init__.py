"""Everything that stands on disk: the vault folder, its database, sealed media, inbox and log."""

import sys

import sqlcipher3.dbapi2

# sqlite-utils catches the exceptions of the module it finds under these names when it is first imported, and
# every import of it in this program comes after this one.
sys.modules.setdefault("pysqlite3", sqlcipher3.dbapi2)
sys.modules.setdefault("pysqlite3.dbapi2", sqlcipher3.dbapi2)
