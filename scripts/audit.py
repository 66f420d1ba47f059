"""Ask the index of known vulnerabilities about every package of this environment: `python -m scripts.audit`.

A known vulnerability ends it with exit code 1, after a line for each. Where the index cannot be reached it says so
in one line and ends with 0: a check on a machine without a network is still a check.
"""

import json
import subprocess
import sys

UNREACHABLE = ("ConnectionError", "ConnectTimeout", "ReadTimeout", "Failed to resolve", "HTTPError")
"""What it says where the network, and not itself, fails."""
SECONDS = 120
"""How long the index may take for all packages."""


def main() -> int:
    """Print what is known, a line each."""
    command = [sys.executable, "-m", "pip_audit", "--local", "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        said, answer = done.stderr, json.loads(done.stdout or '{"dependencies": []}')["dependencies"]
    except subprocess.TimeoutExpired:
        said, answer = UNREACHABLE[0], []
    packages = [package for package in answer if "skip_reason" not in package]
    if not packages and not answer and not any(words in said for words in UNREACHABLE):
        print(f"pip-audit: {said.strip()}", file=sys.stderr)
        return 1
    if not packages:
        print("pip-audit: the index of vulnerabilities cannot be reached; nothing was checked.")
        return 0
    known = [(package, each) for package in packages for each in package["vulns"]]
    for package, each in known:
        mended = ", ".join(each["fix_versions"]) or "no version yet"
        print(f"pip-audit: {package['name']} {package['version']}: {each['id']}, mended in {mended}")
    print(f"pip-audit: {len(packages)} of {len(answer)} packages checked, {len(known)} known vulnerabilities.")
    return int(bool(known))


if __name__ == "__main__":
    sys.exit(main())
