"""Verify a defence package with Python alone: verify_package.py PACKAGE [PUBLIC_KEY ...]

PACKAGE is the zip, or the folder it was unpacked to. Looks at four things: every file against
SHA256SUMS; every journal line in it against its own SHA-256, and where two lines follow each other
the later one against the earlier; the signature (Ed25519, RFC 8032) of every line that no later
one vouches for; every record against the SHA-256 that its newest line tells. PUBLIC_KEY: 64
hexadecimal digits, asked of the station itself; without one the keys in the package are used,
which shows only that the package agrees with itself. Exit code 0 when all of it holds.
"""

import hashlib
import json
import sys
import zipfile
from pathlib import Path

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
FACTS = ("seq", "at", "agency", "station", "examiner", "ori", "action", "subject", "detail")
# a point is x, y, z and x*y/z, all of them over z


def add(a, b):
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * D * a[3] * b[3] % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    found = (0, 1, 1, 0)
    while n:
        found, p, n = add(found, p) if n & 1 else found, add(p, p), n >> 1
    return found


def point(data):
    y = int.from_bytes(data, "little") & (2**255 - 1)
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x - u) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if len(data) != 32 or y >= P or (v * x * x - u) % P:
        return None
    x = P - x if x & 1 != data[31] >> 7 else x
    return x, y, 1, x * y % P


def signed(public, text, signature):
    key, told = point(public), point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or told is None or len(signature) != 64 or scalar >= L:
        return False
    base = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % L
    one, other = times(scalar, base), add(told, times(h, key))
    return all((one[i] * other[2] - other[i] * one[2]) % P == 0 for i in (0, 1))


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Package:
    def __init__(self, path):
        self.zip = zipfile.ZipFile(path) if path.is_file() else None
        self.path = path

    def names(self):
        if self.zip:
            return sorted(self.zip.namelist())
        files = (p for p in self.path.rglob("*") if p.is_file())
        return sorted(p.relative_to(self.path).as_posix() for p in files)

    def read(self, name):
        return self.zip.read(name) if self.zip else (self.path / name).read_bytes()


def files(package):
    told = {}
    for line in package.read("SHA256SUMS").decode().splitlines():
        digest, name = line.split("  ", 1)
        told[name] = digest
    for name in sorted({*told, *package.names()} - {"SHA256SUMS"}):
        if name not in told:
            yield f"{name} is not among the files of the package"
        elif name not in package.names():
            yield f"{name} is missing"
        elif hashlib.sha256(package.read(name)).hexdigest() != told[name]:
            yield f"{name} was changed"


def journal(lines, keys):
    for at, line in enumerate(lines):
        facts = canonical([line[name] for name in FACTS])
        digest = hashlib.sha256(f"{line['previous']}\n{facts}".encode()).hexdigest()
        if digest != line["digest"]:
            yield f"journal line {line['seq']} was changed"
        after = lines[at + 1] if at + 1 < len(lines) else None
        if after is not None and after["seq"] <= line["seq"]:
            yield f"journal line {after['seq']} is out of order"
        follows = after is not None and after["seq"] == line["seq"] + 1
        if follows and after["previous"] != line["digest"]:
            yield f"journal line {after['seq']} does not follow the line before it"
        vouched = follows and after["previous"] == line["digest"]
        if not vouched:
            yield from signature_of(line, keys)


def signature_of(line, keys):
    public = keys.get(line["signed_by"])
    if public is None:
        yield f"journal line {line['seq']} is not signed with a key that is known"
    elif not signed(public, line["digest"].encode(), bytes.fromhex(line["signature"])):
        yield f"journal line {line['seq']} does not bear the signature of its station"


def records(package, lines):
    newest = {}
    for line in lines:
        content = json.loads(line["detail"]).get("content")
        if content:
            newest[line["action"].rsplit(" ", 1)[0], line["subject"]] = content
    for name in package.names():
        if name.startswith("records/"):
            for one in json.loads(package.read(name)):
                digest = hashlib.sha256(canonical(one["content"]).encode()).hexdigest()
                if one["content"] and newest.get((one["words"], one["id"])) != digest:
                    yield f"{name}: {one['id']} is not what the journal says was stored"


def main(arguments):
    if not arguments:
        sys.stdout.write(__doc__)
        return 1
    try:
        return verified(arguments)
    except (OSError, ValueError, LookupError, TypeError, zipfile.BadZipFile) as error:
        told = f"{type(error).__name__}: {error}"
        sys.stdout.write(f"This is no whole package, or no key ({told}); nothing of it holds.\n")
        return 1


def verified(arguments):
    package = Package(Path(arguments[0]))
    known = [bytes.fromhex(text) for text in arguments[1:]]
    if not known:
        told = json.loads(package.read("journal/keys.json"))
        known = [bytes.fromhex(one["public"]) for one in told]
        sys.stdout.write("No key was given: the keys in the package are used. Ask the station.\n")
    keys = {hashlib.sha256(public).hexdigest()[:32]: public for public in known}
    lines = json.loads(package.read("journal/lines.json"))
    wrong = [*files(package), *journal(lines, keys), *records(package, lines)]
    sys.stdout.write("".join(f"{one}.\n" for one in wrong))
    count = f"{len(package.names())} files, {len(lines)} journal lines"
    sys.stdout.write(f"{count}: {'all of it holds' if not wrong else f'{len(wrong)} wrong'}.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
