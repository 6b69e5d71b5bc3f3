"""Prints the recovery key on paper; a file is not offered, since a key on the disk protects nothing."""

from PySide6.QtGui import QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from supervise.ui.failures import show_notice

NO_PRINTER = "No printer is set up on this machine. Write the key on paper by hand."


def print_key(parent: QWidget, key: str) -> QPrintDialog | None:
    """Open a print dialog for the key; returns None, after saying so, where there is no printer."""
    if not QPrinterInfo.availablePrinterNames():
        show_notice(parent, "No printer", NO_PRINTER)
        return None
    printer = QPrinter()
    dialog = QPrintDialog(printer, parent)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintToFile, False)

    def print_now() -> None:
        document = QTextDocument()
        document.setPlainText(f"Recovery key of a supervise vault\n\n{key}\n\nKeep it away from the machine.")
        document.print_(printer)

    dialog.accepted.connect(print_now)
    dialog.show()
    return dialog
