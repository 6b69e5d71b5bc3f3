"""All stores of one open vault, made together and handed to commands as `store`."""

from supervise.storage.cards import CardStore
from supervise.storage.case_roles import CaseRoleStore
from supervise.storage.codebooks import CodebookStore
from supervise.storage.consents import ConsentStore
from supervise.storage.copies import CopyStore
from supervise.storage.history import HistoryStore
from supervise.storage.interviews import InterviewStore
from supervise.storage.jobs import JobStore
from supervise.storage.media import MediaStore
from supervise.storage.moments import MomentStore
from supervise.storage.protocols import ProtocolStore
from supervise.storage.rating import RatingStore
from supervise.storage.recall_marks import RecallMarkStore
from supervise.storage.recall_transcripts import RecallTranscriptStore
from supervise.storage.recalls import RecallStore
from supervise.storage.recordings import RecordingStore
from supervise.storage.removed import RemovedSpanStore
from supervise.storage.retention import RetentionStore
from supervise.storage.search import SearchStore
from supervise.storage.sessions import SessionStore
from supervise.storage.transcripts import TranscriptStore
from supervise.storage.vault import Vault
from supervise.storage.withdrawals import WithdrawalStore
from supervise.storage.write_ups import WriteUpStore


class Store:
    """The tables of one vault; each store reads `vault.db`, so a locked vault refuses them all."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self.search = SearchStore(vault)
        self.sessions = SessionStore(vault)
        self.consents = ConsentStore(vault)
        self.case_roles = CaseRoleStore(vault)
        self.withdrawals = WithdrawalStore(vault)
        self.copies = CopyStore(vault)
        self.removed = RemovedSpanStore(vault)
        self.retention = RetentionStore(vault)
        self.transcripts = TranscriptStore(vault, self.search)
        self.moments = MomentStore(vault, self.search)
        self.codebooks = CodebookStore(vault)
        self.jobs = JobStore(vault)
        self.history = HistoryStore(vault)
        self.media = MediaStore(vault)
        self.recordings = RecordingStore(vault)
        self.recalls = RecallStore(vault)
        self.cards = CardStore(vault)
        self.recall_transcripts = RecallTranscriptStore(vault)
        self.recall_marks = RecallMarkStore(vault)
        self.write_ups = WriteUpStore(vault)
        self.protocols = ProtocolStore(vault)
        self.interviews = InterviewStore(vault)
        self.ratings = RatingStore(vault)
