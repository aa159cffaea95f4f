"""The workbench: all operations in one object."""

from __future__ import annotations

from app.workbench.aligning import Aligning
from app.workbench.annotating import Annotating
from app.workbench.combining import Combining
from app.workbench.comparing import Comparing
from app.workbench.exporting import Exporting
from app.workbench.fusing import Fusing
from app.workbench.intake import Intake
from app.workbench.relieving import Relieving
from app.workbench.reviewing import Reviewing
from app.workbench.sharing import Sharing


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
    drawn, saved views), Telling (what scores mean) and Sharing (exchange, check).
    ``close`` must be called at the end.
    """
