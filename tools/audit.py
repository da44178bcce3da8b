"""Known vulnerabilities of the locked packages, by pip-audit, and an honest word where it could look nothing up.

    make audit        runs it in an environment of its own

pip-audit says "No known vulnerabilities found" and exits with 0 when its list knows none of the packages, which is what
happens behind a mirror of the package index that carries no list. Exit codes here: 0 every package was looked up and
none is known to be vulnerable, 1 some are, 2 the list could not be reached or did not know all packages.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements/base.lock", "requirements/browser.lock")
COMMAND = ("-m", "pip_audit", "--disable-pip", "--no-deps", "--progress-spinner", "off", "--format", "json")


def main() -> int:
    """Print a line for each finding and one at the end."""
    locks = [part for name in LOCKS for part in ("-r", str(ROOT / name))]
    done = subprocess.run([sys.executable, *COMMAND, *locks], capture_output=True, text=True)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        last = done.stderr.strip().splitlines()[-1:] or ["no answer"]
        print(f"audit: the list of vulnerabilities could not be reached ({last[0][:200]}); nothing was checked")
        return 2
    unknown = sorted({package["name"] for package in packages if "skip_reason" in package})
    found = [(package, flaw) for package in packages for flaw in package.get("vulns", [])]
    for package, flaw in found:
        fixed = ", ".join(flaw["fix_versions"]) or "no version yet"
        print(f"audit: {package['name']} {package['version']}: {flaw['id']}; fixed in {fixed}")
    checked = len({package["name"] for package in packages}) - len(unknown)
    print(f"audit: {checked} packages looked up, {len(found)} known vulnerabilities")
    if unknown:
        print(f"audit: {len(unknown)} packages are not on the list that was reached: {', '.join(unknown[:5])}, …")
    return 1 if found else 2 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
