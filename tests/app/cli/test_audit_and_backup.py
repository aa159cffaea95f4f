"""Verifying, backing up and restoring from the command line."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.store.signing import FOLDER_VARIABLE, Keys
from tests.app.cli.cli_parts import casehead


def test_a_sound_casebook_holds(imported: Path) -> None:
    said = casehead("audit", "verify", "--casebook", imported, "--json")
    assert said.code == 0, said.out
    assert said.document["holds"] is True
    assert said.document["signed"] == said.document["lines"] > 0
    assert [key["known"] for key in said.document["keys"]] == [True]


def test_a_changed_line_is_named(casebook: Path) -> None:
    with closing(sqlite3.connect(casebook / "casebook.sqlite")) as raw:
        raw.execute("DROP TRIGGER journal_never_changed")
        raw.execute("UPDATE journal SET examiner = 'Somebody Else' WHERE seq = 3")
        raw.commit()
    said = casehead("audit", "verify", "--casebook", casebook)
    assert said.code == 1
    assert "broken at line 3" in said.out and "It does NOT hold." in said.out


def test_another_computer_has_to_trust_the_key(
    imported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = casehead("audit", "key", "--json").document["public"]
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "elsewhere"))
    said = casehead("audit", "verify", "--casebook", imported, "--json")
    assert said.code == 1 and said.document["breaks"] == []
    assert not list((tmp_path).glob("elsewhere/station.pem"))  # looking makes no key
    assert casehead("audit", "trust", "abc").code == 3
    assert casehead("audit", "trust", public).code == 0
    assert casehead("audit", "verify", "--casebook", imported).code == 0


def test_the_printed_program_verifies(imported: Path, tmp_path: Path) -> None:
    program = tmp_path / "verify_journal.py"
    program.write_text(casehead("audit", "script").out, encoding="utf-8")
    asked = [sys.executable, "-I", str(program), str(imported / "casebook.sqlite")]
    told = subprocess.run(
        [*asked, Keys().public.hex()], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr


def test_a_backup_is_made_listed_restored_and_thinned(casebook: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    made = casehead("backup", "make", disk, "--casebook", casebook, "--json")
    assert made.code == 0 and made.document["pictures"] > 0
    assert casehead("backup", "make", disk, "--casebook", casebook).code == 0
    listed = casehead("backup", "list", disk, "--json").document
    assert len(listed) == 2 and listed[0]["snapshot"] == made.document["snapshot"]
    restored = tmp_path / "restored"
    said = casehead("backup", "restore", disk, "--to", restored, "--at", listed[0]["at"], "--json")
    assert said.code == 0, said.out
    assert casehead("audit", "verify", "--casebook", restored).code == 0
    again = casehead("backup", "restore", disk, "--to", restored)
    assert again.code == 3 and "There is a casebook" in again.err
    assert casehead("backup", "thin", disk, "--json").document["deleted"] != []
    assert casehead("backup", "restore", tmp_path / "none", "--to", tmp_path / "x").code == 3
