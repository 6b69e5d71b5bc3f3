"""Draw the screens on which a recall is read and written up, in light and dark, at 1x and 2x.

The session is the fictional demo; what was recalled of it is made up here. The vault lies in a temporary
folder. Two and a half minutes of recall with nine stops, in two recalls.

    scripts/pictures_recall_reading.py [FOLDER]
"""

import io
import sys
import tempfile
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QApplication, QDialog

from supervise.app.demo import CLIENT, import_demo
from supervise.app.recall_marks import MarkRecall
from supervise.app.workspace import Workspace
from supervise.app.write_ups import WriteUpRecall
from supervise.audio.encoder import FlacWriter
from supervise.audio.fake_output import FakeOutput
from supervise.bootstrap import Services
from supervise.crypto.keys import KdfParams
