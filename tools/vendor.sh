#!/usr/bin/env bash
# Fetches the chart library that the report page carries and compares it with what is kept; needs npm. With --update it takes the kept
# version's files anew. For another version, change vendored.toml first.
set -euo pipefail
cd "$(dirname "$0")/../perfxl/reportpage/vendor"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 - "$scratch" "${1:-}" <<'PYTHON'
import base64, hashlib, shutil, subprocess, sys, tarfile, tomllib
from pathlib import Path

scratch, option = Path(sys.argv[1]), sys.argv[2]
for name, entry in tomllib.loads(Path("vendored.toml").read_text(encoding="utf-8")).items():
    subprocess.run(["npm", "pack", "--silent", f"{name}@{entry['version']}"], cwd=scratch, check=True, stdout=subprocess.DEVNULL)
    archive = scratch / f"{name}-{entry['version']}.tgz"
    digest = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != entry["integrity"]:
        sys.exit(f"{name}: the package is {digest}")
    with tarfile.open(archive) as package:
        package.extractall(scratch, filter="data")
    for file, kept in entry["files"].items():
        fetched, here = scratch / "package" / kept["from"], Path(name, file)
        if option == "--update":
            here.parent.mkdir(exist_ok=True)
            shutil.copyfile(fetched, here)
        elif fetched.read_bytes() != here.read_bytes():
            sys.exit(f"{here} is not what the package holds")
    print(f"{name} {entry['version']}: {len(entry['files'])} files as in the package")
PYTHON
