"""``casehead search``: queries against a folder of files, or against the casebook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from app.cli.compare import names_file
from app.cli.marks import Marks
from app.cli.options import light_of
from app.cli.pictures import (
    Picture,
    Units,
    mark_place,
    picture_files,
    prepare_file,
    prepare_mark,
    score_facts,
    single_threaded_opencv,
)
from app.cli.voice import Voice, table
from app.domain import Candidate, CaseheadError, Light, Provenance, Score
from app.matching.cluster import Cluster, ClusterError
from app.matching.engine import Engine, Here, Query
from app.matching.matcher import Finished, SoFar
from app.matching.scores import score_of
from correlation.errors import CorrelationError
from correlation.surface import Kind

WORKERS = 2
LIVE = 3
LIVE_EVERY_S = 1.0
Task = TypeVar("Task")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """One candidate of one query; ``place`` has the fields that name the candidate.

    Its rank is among the ``surveyed`` references of that query.
    """

    query: str
    reference: str
    place: dict[str, Any]
    kind: Kind
    score: Score
    digest: str
    warnings: tuple[str, ...] = ()
    rank: int = 0
    surveyed: int = 0

    @property
    def document(self) -> dict[str, Any]:
        """What ``--json`` prints of it."""
        return {
            "query": self.query,
            "rank": self.rank,
            "surveyed": self.surveyed,
            **self.place,
            "kind": self.kind,
            **score_facts(self.score),
            "warnings": list(self.warnings),
        }


class Searching:
    """One run of the command: prepares what can be, says what cannot, ranks the rest."""

    def __init__(self, voice: Voice, units: Units, engine: Engine) -> None:
        self._voice = voice
        self._units = units
        self.engine = engine

    def note(self, words: str) -> None:
        """Say something beside the result, unless it is nothing."""
        if words:
            self._voice.note(words)

    def queries_from_files(self, texts: Sequence[str]) -> list[Picture]:
        """The queries that can be used; a sentence for each of the others.

        Raises CaseheadError when none can.
        """
        pictures = self.prepare([Path(t) for t in texts], self._file, "Query")
        if not pictures:
            raise CaseheadError("None of the queries can be searched; see the sentences above.")
        return pictures

    def files_of(self, folder: Path) -> list[Path]:
        """Images and scans under ``folder``; a sentence for what is neither.

        Raises CaseheadError when there is no such folder or nothing in it.
        """
        files, refused = picture_files(folder)
        for sentence in refused:
            self._voice.note(sentence)
        if not files:
            raise CaseheadError(f"{folder} holds no images or scans.")
        return files

    def against_files(self, queries: list[Picture], files: list[Path]) -> list[Hit]:
        """Rank files for each query; queries that are among them serve as references too."""
        own = {query.file.resolve(): query for query in queries if query.file is not None}
        others = [path for path in files if path.resolve() not in own]
        references = self.prepare(others, self._file, "Preparing")
        references += [
            replace(own[path.resolve()], file=path) for path in files if path.resolve() in own
        ]
        return self.rank(queries, references)

    def against_marks(self, queries: list[Picture], marks: Marks, light: Light) -> list[Hit]:
        """Rank the breech-face pictures of the casebook for each query."""
        hits: list[Hit] = []
        for query in queries:
            finished, others = marks.search_file(
                query.prepared, query.digest, light, self._voice.job, _Live(self._voice, marks)
            )
            self._tell_other_kinds(others)
            hits += self._found(_query_name(query), finished, marks)
        return hits

    def rank(self, queries: list[Picture], references: list[Picture]) -> list[Hit]:
        """All candidates, queries in their order, best first within each."""
        pairs = [(q, r) for q in queries for r in references if not _same(q, r)]
        self._tell_other_kinds(len({id(r) for q, r in pairs if q.kind != r.kind}))
        pairs = [(q, r) for q, r in pairs if q.kind == r.kind]
        sought = {id(query): Query(query.prepared) for query in queries}

        def hit(pair: tuple[Picture, Picture]) -> Hit:
            return self._hit(*pair, sought[id(pair[0])])

        hits = self._work(pairs, hit, "Comparing", _name)
        return [hit for query in queries for hit in _ranked(_query_name(query), hits)]

    def mark_against_marks(self, query: Provenance, marks: Marks) -> list[Hit]:
        """Rank the casebook for one of its own pictures, by the rules of the workstation."""
        finished = marks.search(query, self._voice.job, _Live(self._voice, marks))
        return self._found(query.name, finished, marks)

    def _found(self, query: str, finished: Finished, marks: Marks) -> list[Hit]:
        search = finished.search
        if search.message:
            self._voice.note(search.message)
        held = marks.places_of(finished.candidates)
        return [_found(query, held[c.acquired_id], c, search.surveyed) for c in finished.candidates]

    def _hit(self, query: Picture, reference: Picture, sought: Query) -> Hit:
        try:
            score = score_of(self.engine.compare(sought, reference.prepared))
        except CorrelationError as error:
            raise CaseheadError(f"{query.name} and {reference.name}: {error}") from error
        return Hit(
            _query_name(query),
            reference.name,
            reference.place,
            reference.kind,
            score,
            reference.digest,
            reference.warnings,
        )

    def prepare(
        self, tasks: Sequence[Task], make: Callable[[Task], Picture], what: str
    ) -> list[Picture]:
        """What can be prepared, in order; a sentence for each that cannot."""
        return self._work(tasks, make, what, lambda task: getattr(task, "name", str(task)))

    def _file(self, path: Path) -> Picture:
        return prepare_file(path, self._units)

    def _work(
        self,
        tasks: Sequence[Task],
        make: Callable[[Task], Value],
        what: str,
        name: Callable[[Task], str],
    ) -> list[Value]:
        """``make`` for each task on the workers; in order, without those that were refused."""
        done: dict[int, Value] = {}
        with single_threaded_opencv(), ThreadPoolExecutor(WORKERS + 2 * self.engine.slots) as pool:
            futures = {pool.submit(make, task): i for i, task in enumerate(tasks)}
            try:
                self._collect(futures, done, lambda i: f"{what} {name(tasks[i])}")
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        return [done[i] for i in sorted(done)]

    def _collect(
        self, futures: dict[Future[Value], int], done: dict[int, Value], words: Callable[[int], str]
    ) -> None:
        for count, future in enumerate(as_completed(futures), start=1):
            index = futures[future]
            try:
                done[index] = future.result()
            except ClusterError:
                raise
            except CaseheadError as error:
                self._voice.note(str(error))
            self._voice.job.report(count, len(futures), words(index))

    def _tell_other_kinds(self, count: int) -> None:
        if count:
            self._voice.note(
                f"{count} passed over: images are compared with images, scans with scans."
            )


class _Live:
    """Tells the best candidates as they come, where somebody watches."""

    def __init__(self, voice: Voice, marks: Marks) -> None:
        self._voice, self._marks = voice, marks
        self._told: set[str] = set()
        self._at = monotonic()

    def __call__(self, so_far: SoFar) -> None:
        if not self._voice.watched or monotonic() - self._at < LIVE_EVERY_S:
            return
        self._at = monotonic()
        fresh = [
            candidate
            for candidate in so_far.told().candidates[:LIVE]
            if candidate.acquired_id not in self._told
        ]
        held = self._marks.places_of(fresh)
        for one in fresh:
            self._told.add(one.acquired_id)
            place = f"{one.score.score:.3f}  {held[one.acquired_id].name}"
            self._voice.note(f"  {so_far.surveyed} of {so_far.planned} searched: {place}")


def hit_lines(hits: Sequence[Hit]) -> list[str]:
    """The candidates for people, a table for each query."""
    lines: list[str] = []
    for query in dict.fromkeys(hit.query for hit in hits):
        lines += [f"Candidates for {query}, best first (aids for the examiner, no conclusion):"]
        rows = [_row(hit) for hit in hits if hit.query == query]
        lines += [*table(("rank", "candidate", "score", "ccf", "cells", "turn"), rows), ""]
    return lines or ["Nothing could be ranked."]


def search_command(
    voice: Voice,
    queries: Sequence[str],
    against: Path | None,
    casebook: Path,
    units: Units,
    light_name: Any = "unknown",
    scheduler: str = "",
) -> list[Hit]:
    """Do what the command says and return the candidates; see ``casehead search --help``."""
    if not scheduler:
        return _searched(Searching(voice, units, Here()), queries, against, casebook, light_name)
    with Cluster(scheduler) as cluster:
        searching = Searching(voice, units, cluster)
        return _searched(searching, queries, against, casebook, light_name)


def _searched(
    searching: Searching,
    queries: Sequence[str],
    against: Path | None,
    casebook: Path,
    light_name: Any,
) -> list[Hit]:
    files = None if against is None else searching.files_of(against)
    if files is not None and all(map(names_file, queries)):
        return searching.against_files(searching.queries_from_files(queries), files)
    with Marks(casebook, WORKERS, searching.engine) as marks:
        if files is not None:
            return searching.against_files(_prepared(searching, marks, queries), files)
        searching.note(marks.outside_words())
        hits: list[Hit] = []
        for text in queries:
            hits += _against_casebook(searching, marks, text, light_of(light_name))
        return hits


def _prepared(searching: Searching, marks: Marks, texts: Sequence[str]) -> list[Picture]:
    found: list[Picture] = []
    for text in texts:
        if names_file(text):
            found += searching.queries_from_files([text])
        else:
            found.append(prepare_mark(marks, marks.find(text)))
    return found


def _against_casebook(searching: Searching, marks: Marks, text: str, light: Light) -> list[Hit]:
    if names_file(text):
        return searching.against_marks(searching.queries_from_files([text]), marks, light)
    return searching.mark_against_marks(marks.find(text), marks)


def _same(query: Picture, reference: Picture) -> bool:
    """Whether the reference is the query itself, or of the same cartridge case."""
    if query.digest == reference.digest:
        return True
    if query.mark is not None and reference.mark is not None:
        return query.mark.cartridge_case.id == reference.mark.cartridge_case.id
    if query.file is not None and reference.file is not None:
        return query.file.resolve() == reference.file.resolve()
    return False


def _row(hit: Hit) -> tuple[object, ...]:
    score = hit.score
    return (
        hit.rank,
        hit.reference,
        f"{score.score:.3f}",
        f"{score.ccf:.3f}",
        f"{score.congruent_cells}/{score.cells}",
        f"{score.alignment.rotation_deg:.1f}",
    )


def _found(query: str, reference: Provenance, candidate: Candidate, surveyed: int) -> Hit:
    acquired = reference.acquired
    return Hit(
        query,
        reference.name,
        mark_place(reference),
        acquired.kind,
        candidate.score,
        acquired.digest,
        acquired.warnings,
        candidate.rank,
        surveyed,
    )


def _query_name(query: Picture) -> str:
    return query.name if query.mark else str(query.file)


def _ranked(query: str, hits: list[Hit]) -> list[Hit]:
    own = [hit for hit in hits if hit.query == query]
    own.sort(key=lambda h: (-h.score.score, -h.score.ccf, h.reference, h.digest))
    return [replace(hit, rank=rank, surveyed=len(own)) for rank, hit in enumerate(own, start=1)]


def _name(pair: tuple[Picture, Picture]) -> str:
    return f"{pair[0].name} with {pair[1].name}"
