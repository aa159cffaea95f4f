"""Pictures of the casebook prepared for comparison, with the sketches that searches go by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

from app.domain import Acquired, CaseheadError, Circle, MarkKind, Region
from app.matching.cache import Cache
from app.matching.keys import digest_of, prepared_key
from app.store import Casebook, Pack
from correlation.errors import CorrelationError
from correlation.prepare import Prepared, prepare
from correlation.region import Disc, find_region
from correlation.sketch import tag
from correlation.surface import Mark, Surface
from correlation.survey import ORDER_BYTES, SKETCH_BYTES, sketch

PREPARED_BYTES = 512 * 2**20


class Preparing:
    """Regions, prepared marks and their sketches; safe from any thread.

    ``read`` decodes the stored bytes of a picture. Whatever is made is kept in the casebook where
    that can be written. What cannot be prepared is remembered with its sentence.
    """

    def __init__(self, casebook: Casebook, read: Callable[[Acquired], Surface]) -> None:
        self._casebook = casebook
        self._read = read
        self._prepared: Cache[Prepared] = Cache(PREPARED_BYTES)
        self._regions: Cache[Region] = Cache(2**20)
        self._refused: dict[str, str] = {}

    def region(self, acquired: Acquired) -> Region:
        """The region in force: the examiner's, the stored one, or else found now and stored.

        Raises CaseheadError for a picture without scale, CorrelationError when none is found.
        """
        _need_scale(acquired)
        return self._region(acquired, self._mark_of(acquired))

    def prepared(self, acquired: Acquired) -> Prepared:
        """The picture ready to be compared, from memory, from the casebook's cache or anew.

        Raises CaseheadError for a picture without scale or whose file is missing or damaged,
        CorrelationError when it cannot be prepared.
        """
        return self._made(acquired)[1]

    def record(self, acquired: Acquired) -> bytes:
        """Its sketch, which is in the pack from now on; raises as ``prepared`` does."""
        digest, prepared = self._made(acquired)
        pack = self.pack(prepared)
        rows = pack.find([digest])
        if rows[0] >= 0:
            found, sound = pack.records(rows)
            if sound[0]:
                return bytes(found[0])
        made = sketch(prepared)
        pack.add([(digest, made)])
        return made

    def pack(self, prepared: Prepared) -> Pack:
        """The sketches that can be compared with that mark's."""
        return self._casebook.sketches(tag(prepared).hex(), SKETCH_BYTES, ORDER_BYTES)

    def _made(self, acquired: Acquired) -> tuple[bytes, Prepared]:
        _need_scale(acquired)
        mark = self._mark_of(acquired)
        region = self._region(acquired, mark)
        digest = digest_of(acquired, region, mark)
        key = prepared_key(digest)
        self._check_refused(key)
        return digest, self._prepared.get(key, lambda: self._load(digest, acquired, region, mark))

    def _mark_of(self, acquired: Acquired) -> MarkKind:
        return self._casebook.mark(acquired.mark_id).kind

    def _region(self, acquired: Acquired, mark: MarkKind) -> Region:
        stored = self._casebook.region_of(acquired.id)
        if stored is not None:
            return stored
        self._check_refused(acquired.id)
        return self._regions.get(acquired.id, lambda: (self._find(acquired, mark), 500))

    def _find(self, acquired: Acquired, mark: MarkKind) -> Region:
        with self._remembering(acquired.id):
            found = find_region(self._read(acquired), cast(Mark, str(mark)))
        region = Region(
            acquired.id,
            _circle(found.outer),
            None if found.inner is None else _circle(found.inner),
            float(found.confidence),
        )
        if not self._casebook.read_only and self._casebook.author is not None:
            self._casebook.add_region(region)
        return region

    def _load(
        self, digest: bytes, acquired: Acquired, region: Region, mark: MarkKind
    ) -> tuple[Prepared, int]:
        key = prepared_key(digest)
        kept = self._kept(key)
        if kept is not None:
            return kept
        with self._remembering(key):
            inner = None if region.inner is None else _disc(region.inner)
            outer, kind = _disc(region.outer), cast(Mark, str(mark))
            made = prepare(self._read(acquired), outer, inner, mark=kind)
            drawn = sketch(made)
        data = made.to_bytes()
        self._casebook.keep_prepared(key, data)
        self.pack(made).add([(digest, drawn)])
        return made, len(data)

    def _kept(self, key: str) -> tuple[Prepared, int] | None:
        data = self._casebook.prepared(key)
        if data is None:
            return None
        try:
            return Prepared.from_bytes(data), len(data)
        except (CorrelationError, ValueError, KeyError, OSError, EOFError):
            return None  # a damaged cache file is only a reason to prepare again

    @contextmanager
    def _remembering(self, key: str) -> Iterator[None]:
        # a picture nothing can be done with would otherwise be tried again in every search
        try:
            yield
        except CorrelationError as error:
            self._refused[key] = str(error)
            raise

    def _check_refused(self, key: str) -> None:
        if key in self._refused:
            raise CorrelationError(self._refused[key])


def _need_scale(acquired: Acquired) -> None:
    if acquired.pixel_um is None:
        raise CaseheadError(
            f"The scale of {acquired.file_name or 'this picture'} is not known, so it cannot be "
            "compared; settle its pixel size (micrometres per pixel) first."
        )


def _circle(disc: Disc) -> Circle:
    return Circle(float(disc.x_um), float(disc.y_um), float(disc.radius_um))


def _disc(circle: Circle) -> Disc:
    return Disc(circle.x_um, circle.y_um, circle.radius_um)
