"""Flat and dark references: taken, in force for captures, and told in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.capture import Frame, Pixels, encode_png
from app.capture.shading import (
    SHADING,
    VERSION,
    ReferenceKind,
    Shading,
    check_reference,
    mean_frame,
)
from app.domain import Acquired, CaseheadError, Changes, Light, Optics
from app.store.shading_references import ShadingReference
from app.workbench.calibrating import Calibrating

SHADING_SETTING = "shading"
"""Whether captures are read with the references in force; a setting of the station."""
_WORDS = {"flat": "flat field", "dark": "dark"}


@dataclass(frozen=True, slots=True)
class References:
    """What is in force for a camera, its optics, a light and a size of picture."""

    flat: ShadingReference | None = None
    dark: ShadingReference | None = None
    sentence: str = ""

    @property
    def any(self) -> bool:
        """Whether a picture would be read with one."""
        return self.flat is not None or self.dark is not None

    @property
    def digests(self) -> dict[str, str]:
        """The stored references by kind."""
        both = {"flat": self.flat, "dark": self.dark}
        return {kind: one.digest for kind, one in both.items() if one is not None}


class ShadingWork(Calibrating):
    """Operations on flat and dark references; every one of them stays on the record."""

    def keep_reference(
        self,
        kind: ReferenceKind,
        optics: Optics,
        frames: Sequence[Frame],
        light: Light = Light.UNKNOWN,
        note: str = "",
    ) -> ShadingReference:
        """Keep the mean of frames as the flat or dark reference in force from now on.

        Kept lossless; pictures captured before stay as they are read. Raises CaseheadError for
        frames that cannot be one, each with what to do, and where no camera is named.
        """
        self._need_writable()
        if not optics.camera.strip():
            raise CaseheadError("Say which camera the reference is of; start it first.")
        mean = mean_frame([frame.pixels for frame in frames])
        check_reference(kind, mean)
        kept = ShadingReference(
            *(kind, optics, self._casebook.keep_pixels(encode_png(mean), ".png")),
            *(Light.UNKNOWN if kind == "dark" else light, mean.shape[1], mean.shape[0]),
            *(len(frames), dict(frames[0].settings), note),
        )
        return self._told_reference(self._casebook.add_shading_reference(kept))

    def withdraw_reference(
        self, kind: ReferenceKind, optics: Optics, light: Light = Light.UNKNOWN, note: str = ""
    ) -> None:
        """From now on none of that kind, optics and light is in force; it stays on the record."""
        self._need_writable()
        gone = ShadingReference(kind, optics, light=light, note=note)
        self._told_reference(self._casebook.add_shading_reference(gone))

    def references(self, camera: str = "") -> tuple[ShadingReference, ...]:
        """Every reference there ever was, newest first, of one camera when it is named."""
        wanted = Optics(camera).key[0]
        found = reversed(self._casebook.shading_references())
        return tuple(one for one in found if not camera or one.optics.key[0] == wanted)

    def references_for(
        self, optics: Optics, light: Light, size: tuple[int, int] | None = None
    ) -> References:
        """What is in force; a flat of that very light before one that holds for all.

        ``size`` is width and height of the picture; a reference of another size is not used, and
        the sentence says so.
        """
        own = [one for one in self.references(optics.camera) if one.optics.key == optics.key]
        dark = _newest(own, "dark", Light.UNKNOWN)
        flat = _newest(own, "flat", light) or _newest(own, "flat", Light.UNKNOWN)
        wrong = [one for one in (flat, dark) if one is not None and not _fits(one, size)]
        if not wrong:
            return References(flat, dark)
        told = f"{wrong[0].width} x {wrong[0].height} pixels"
        return References(
            flat if flat not in wrong else None,
            dark if dark not in wrong else None,
            f"The {wrong[0].kind} reference is of {told} and is not used; take it again as the "
            "camera is set now.",
        )

    @property
    def shading_used(self) -> bool:
        """Whether captures from now on are read with the references in force."""
        return bool(self.setting(SHADING_SETTING, True))

    def use_shading(self, used: bool) -> None:
        """Switch it for the captures to come; those kept before are read as they were."""
        self.set_setting(SHADING_SETTING, used)
        self._publish(Changes(calibrations=True))

    def shading_for(self, optics: Optics, light: Light, pixels: Pixels) -> Shading | None:
        """What frames of that optics and light are combined with; None when nothing is in force.

        Raises CaseheadError when a stored reference is missing or damaged.
        """
        found = self._in_force(optics, light, pixels)
        return self._reader.shading(found.digests) if found.any else None

    def _in_force(self, optics: Optics, light: Light, pixels: Pixels) -> References:
        if not self.shading_used or not optics.camera.strip():
            return References()
        return self.references_for(optics, light, (pixels.shape[1], pixels.shape[0]))

    def _shading_record(
        self, optics: Optics, light: Light, frame: Frame
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """What a capture record keeps of the references, and how its picture is to be read."""
        found = self._in_force(optics, light, frame.pixels)
        if not found.any:
            return {}, {}
        both = [one for one in (found.flat, found.dark) if one is not None]
        told = {
            one.kind: {"id": one.id, "digest": one.digest, "made_at": one.made_at} for one in both
        }
        return {SHADING: {"version": VERSION, **told}}, {"shading": VERSION, **found.digests}

    def _told_reference(self, reference: ShadingReference) -> ShadingReference:
        self._publish(Changes(calibrations=True))
        return reference


def shading_words(acquired: Acquired) -> str:
    """The recipe a picture is read with, or its frames were; "" when it is read as captured."""
    combined = acquired.record.settings.get("combined")
    if isinstance(combined, dict) and combined.get("shading"):
        kinds = " and ".join(_WORDS[kind] for kind in _WORDS if kind in combined["shading"])
        return f"uneven light taken out of its frames ({kinds})"
    told = acquired.record.settings.get(SHADING)
    if not isinstance(told, dict) or not any(kind in acquired.units for kind in _WORDS):
        return ""
    parts = []
    for kind, words in _WORDS.items():
        one = told.get(kind)
        if isinstance(one, dict):
            parts.append(f"{words} of {str(one.get('made_at', ''))[:10]}")
    return f"uneven light taken out ({', '.join(parts)})" if parts else ""


def _newest(
    references: Sequence[ShadingReference], kind: ReferenceKind, light: Light
) -> ShadingReference | None:
    """The newest of a kind and light, None where that one was a withdrawal."""
    found = next((one for one in references if (one.kind, one.light) == (kind, light)), None)
    return found if found is not None and found.digest else None


def _fits(reference: ShadingReference, size: tuple[int, int] | None) -> bool:
    return size is None or (reference.width, reference.height) == size
