"""The terminal's one entrance: the group of commands, and errors turned into sentences and exit codes."""

import sys
from collections.abc import Sequence

import click

from supervise import __version__
from supervise.cli.consent_commands import consent, role
from supervise.cli.demo_command import demo
from supervise.cli.interview_commands import interview
from supervise.cli.model_commands import models
from supervise.cli.moment_commands import change, comment, mark, redo, undo, unmark
from supervise.cli.options import Terminal
from supervise.cli.output import complain
from supervise.cli.portion_command import delete_portion_
from supervise.cli.protocol_commands import protocol_
from supervise.cli.rating_commands import rating
from supervise.cli.recall_commands import recall
from supervise.cli.record_commands import devices, record, recover
from supervise.cli.retention_commands import retention
from supervise.cli.session_commands import export, import_, list_, search, show, speakers, transcribe
from supervise.cli.study_commands import study
from supervise.cli.subject_access_command import subject_access
from supervise.cli.vault_commands import (
    backup,
    codebook,
    init,
    log,
    passphrase,
    profile,
    recovery_key,
    restore,
    verify,
)
from supervise.cli.withdrawal_commands import copies
from supervise.domain.errors import CancelledError, NoSpaceError, SuperviseError, UsageError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="supervise")
def commands() -> None:
    """Record, transcribe, mark and replay therapy sessions on your own machine, sealed.

    `supervise VAULT` opens the window on a vault; `supervise` alone opens the window.
    """


for _command in (
    init,
    profile,
    passphrase,
    recovery_key,
    consent,
    role,
    copies,
    delete_portion_,
    retention,
    subject_access,
    import_,
    devices,
    record,
    recover,
    recall,
    rating,
    protocol_,
    study,
    interview,
    transcribe,
    list_,
    show,
    speakers,
    mark,
    change,
    unmark,
    comment,
    undo,
    redo,
    search,
    export,
    codebook,
    log,
    verify,
    backup,
    restore,
    models,
    demo,
):
    commands.add_command(_command)


def run(arguments: Sequence[str], terminal: Terminal) -> int:
    """Run one command and return its exit code."""
    as_json = "--json" in arguments
    try:
        commands.main(
            list(arguments),
            prog_name="supervise",
            standalone_mode=False,
            obj=terminal,
        )
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        return _usage(error, as_json=as_json)
    except (KeyboardInterrupt, click.Abort):
        return _fail(CancelledError("Stopped. What was finished is kept."), as_json=as_json)
    except SuperviseError as error:
        return _fail(error, as_json=as_json)
    except OSError as error:
        return _fail(_from_os(error), as_json=as_json)
    return 0


def _usage(error: click.ClickException, *, as_json: bool) -> int:
    if as_json:
        return _fail(UsageError(error.format_message()), as_json=True)
    error.show(sys.stderr)
    return UsageError.exit_code


def _fail(error: SuperviseError, *, as_json: bool) -> int:
    complain(error, as_json=as_json)
    return error.exit_code


def _from_os(error: OSError) -> SuperviseError:
    import errno

    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return NoSpaceError("The disk is full. Make room and try again; what was stored before is safe.")
    reason = error.strerror or type(error).__name__
    return SuperviseError(f"The computer refused a file operation: {reason}. Check the folder and try again.")
