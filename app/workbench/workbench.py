"""The workbench: all operations in one object."""

from __future__ import annotations

from app.workbench.aligning import Aligning
from app.workbench.annotating import Annotating
from app.workbench.clocking import Clocking
from app.workbench.combining import Combining
from app.workbench.comparing import Comparing
from app.workbench.exporting import Exporting
from app.workbench.fusing import Fusing
from app.workbench.grouping import Grouping
from app.workbench.guarding import Guarding
from app.workbench.intake import Intake
from app.workbench.issuing import Issuing
from app.workbench.ledgering import Ledgering
from app.workbench.linking import Linking
from app.workbench.people import People
from app.workbench.recording import Recording
from app.workbench.relieving import Relieving
from app.workbench.reviewing import Reviewing
from app.workbench.rights import RIGHTS, guarded
from app.workbench.sharing import Sharing
from app.workbench.tracing import Tracing
from app.workbench.verifying import Verifying


@guarded(RIGHTS)
class Workbench(
    Intake,
    Exporting,
    Annotating,
    Combining,
    Relieving,
    Comparing,
    Aligning,
    Fusing,
    Reviewing,
    Sharing,
    Recording,
    Grouping,
    Ledgering,
    Verifying,
    Clocking,
    Linking,
    Tracing,
    Issuing,
    Guarding,
    People,
):
    """What an examiner can do with one casebook, one small method per operation.

    Every method may be called from any thread, works on the calling thread, and either returns
    its value or raises CaseheadError with a sentence for the user. What an operation changed is
    not returned but broadcast: once it is committed, every subscriber is called, on the thread
    that worked, with a Changes value naming what to look at again; so a view refreshes itself in
    the same way whoever made the change, itself, another view or a search in the background.

    The groups of operations: Registering (cases to marks), Guiding (protocols), Intake (evidence
    labels, the next case), Pictures (capture, import, scale, region, surfaces), Instruments (checks
    with a reference case), Searching (searches, candidates), Reviewing, Fusing (several marks
    together), Comparing (pairs, conclusions), Aligning (one picture on the other), Lights (of
    images), Relieving (relief from lights), Combining (frames into pictures), Annotating (what is
    drawn, saved views), Telling (what scores mean), Sharing (exchange, check), People (sign-in,
    roles), Recording (fields, corrections, custody), Grouping (gun groups), Leading (reviews,
    leads, hits, notices), Verifying, Clocking (board, metrics), Linking (chart, timeline, map),
    Tracing, Issuing (reports, packages) and Guarding (journal, backups).
    ``close`` must be called at the end.
    """
