"""Verify a casebook's journal with Python alone: verify_journal.py casebook.sqlite PUBLIC_KEY

PUBLIC_KEY: 64 hexadecimal digits, asked of the station itself ("casehead audit key"). Every line
must carry the SHA-256 of its facts and of the line before; the newest line signed with that key
must bear its signature (Ed25519, RFC 8032), which through the chain vouches for all before it.
"""

import hashlib
import json
import sqlite3
import sys
from pathlib import Path

P = 2**255 - 19
D = -121665 * pow(121666, P - 2, P) % P


def point(data):
    y = int.from_bytes(data, "little") & (2**255 - 1)
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x - u) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (v * x * x - u) % P:
        sys.exit("That is no key or no signature.")
    return (P - x if x & 1 != data[31] >> 7 else x, y)


def add(a, b):
    k = D * a[0] * b[0] * a[1] * b[1] % P
    x = (a[0] * b[1] + b[0] * a[1]) * pow(1 + k, P - 2, P) % P
    return x, (a[1] * b[1] + a[0] * b[0]) * pow(1 - k, P - 2, P) % P


def times(n, p):
    found = (0, 1)
    while n:
        found, p, n = add(found, p) if n & 1 else found, add(p, p), n >> 1
    return found


def signed(public, text, signature):
    h = hashlib.sha512(signature[:32] + public + text).digest()
    base = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    left = times(int.from_bytes(signature[32:], "little"), base)
    right = times(int.from_bytes(h, "little"), point(public))
    return left == add(point(signature[:32]), right)


if len(sys.argv) != 3 or len(sys.argv[2]) != 64 or not Path(sys.argv[1]).is_file():
    sys.exit(__doc__)
path, public = Path(sys.argv[1]).resolve().as_uri(), bytes.fromhex(sys.argv[2])
name = hashlib.sha256(public).hexdigest()[:32]
columns = 'seq, at, agency, station, examiner, ori, "action", subject, detail, previous, digest'
rows = sqlite3.connect(f"{path}?mode=ro", uri=True).execute(
    f"SELECT {columns}, signed_by, signature FROM journal ORDER BY seq"
)
previous, last = "0" * 64, None
for count, row in enumerate(rows, 1):
    facts = json.dumps(row[:9], separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(f"{row[9]}\n{facts}".encode()).hexdigest()
    if (row[0], row[9], row[10]) != (count, previous, digest):
        sys.exit(f"The journal is broken at line {count}.")
    previous, last = digest, (row if row[11] == name else last)
if last is None or not signed(public, last[10].encode(), bytes.fromhex(last[12])):
    sys.exit("The newest line of that key does not bear its signature.")
sys.stdout.write(f"Lines 1 to {last[0]} of {count} are as they were signed with {name}.\n")
