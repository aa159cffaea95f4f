"""``casehead search``: queries against a folder of files, or against the casebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
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
    score_pair,
    single_threaded_opencv,
)
from app.cli.voice import Voice, table
from app.domain import Candidate, CaseheadError, Light, MarkKind, Provenance, Score
from correlation.surface import Kind

WORKERS = 2
Task = TypeVar("Task")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """One candidate of one query; ``place`` has the fields that name the candidate."""

    query: str
    reference: str
    place: dict[str, Any]
    kind: Kind
    score: Score
    digest: str
    warnings: tuple[str, ...] = ()
    rank: int = 0

    @property
    def document(self) -> dict[str, Any]:
        """What ``--json`` prints of it."""
        return {
            "query": self.query,
            "rank": self.rank,
            **self.place,
            "kind": self.kind,
            **score_facts(self.score),
            "warnings": list(self.warnings),
        }


class Searching:
    """One run of the command: prepares what can be, says what cannot, ranks the rest."""

    def __init__(self, voice: Voice, units: Units) -> None:
        self._voice = voice
        self._units = units

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
        chosen = [p for p in marks.all() if _comparable(p, light)]
        pictures = self.prepare(chosen, lambda p: prepare_mark(marks, p), "Preparing")
        return self.rank(queries, pictures)

    def rank(self, queries: list[Picture], references: list[Picture]) -> list[Hit]:
        """All candidates, queries in their order, best first within each."""
        pairs = [(q, r) for q in queries for r in references if not _same(q, r)]
        self._tell_other_kinds(pairs)
        pairs = [(q, r) for q, r in pairs if q.kind == r.kind]
        hits = self._work(pairs, lambda pair: _hit(*pair), "Comparing", _name)
        return [hit for query in queries for hit in _ranked(_query_name(query), hits)]

    def mark_against_marks(self, query: Provenance, marks: Marks) -> list[Hit]:
        """Rank the casebook for one of its own pictures, by the rules of the workstation."""
        held = {p.acquired.id: p for p in marks.all()}
        finished = marks.search(query, self._voice.job)
        if finished.search.message:
            self._voice.note(finished.search.message)
        return [_found(query, held[c.acquired_id], c) for c in finished.candidates]

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
        with single_threaded_opencv(), ThreadPoolExecutor(WORKERS) as pool:
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
            except CaseheadError as error:
                self._voice.note(str(error))
            self._voice.job.report(count, len(futures), words(index))

    def _tell_other_kinds(self, pairs: Iterable[tuple[Picture, Picture]]) -> None:
        other = {id(r): r for q, r in pairs if q.kind != r.kind}
        if other:
            self._voice.note(
                f"{len(other)} passed over: images are compared with images, scans with scans."
            )


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
) -> list[Hit]:
    """Do what the command says and return the candidates; see ``casehead search --help``."""
    searching = Searching(voice, units)
    files = None if against is None else searching.files_of(against)
    if files is not None and all(map(names_file, queries)):
        return searching.against_files(searching.queries_from_files(queries), files)
    with Marks(casebook) as marks:
        if files is not None:
            return searching.against_files(_prepared(searching, marks, queries), files)
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


def _comparable(picture: Provenance, light: Light) -> bool:
    """Searchable breech faces whose light does not contradict ``light``."""
    own = picture.acquired.record.light
    return (
        picture.acquired.searchable
        and picture.mark.kind is MarkKind.BREECH_FACE
        and (Light.UNKNOWN in (own, light) or own is light)
    )


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


def _hit(query: Picture, reference: Picture) -> Hit:
    return Hit(
        _query_name(query),
        reference.name,
        reference.place,
        reference.kind,
        score_pair(query, reference),
        reference.digest,
        reference.warnings,
    )


def _found(query: Provenance, reference: Provenance, candidate: Candidate) -> Hit:
    acquired = reference.acquired
    return Hit(
        query.name,
        reference.name,
        mark_place(reference),
        acquired.kind,
        candidate.score,
        acquired.digest,
        acquired.warnings,
        candidate.rank,
    )


def _query_name(query: Picture) -> str:
    return query.name if query.mark else str(query.file)


def _ranked(query: str, hits: list[Hit]) -> list[Hit]:
    own = [hit for hit in hits if hit.query == query]
    own.sort(key=lambda h: (-h.score.score, -h.score.ccf, h.reference, h.digest))
    return [replace(hit, rank=rank) for rank, hit in enumerate(own, start=1)]


def _name(pair: tuple[Picture, Picture]) -> str:
    return f"{pair[0].name} with {pair[1].name}"
