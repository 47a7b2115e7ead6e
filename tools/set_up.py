"""Makes the virtual environment of a checkout.

`make` calls this with the interpreter that `tools/find_python.sh` chose. It uses the standard
library alone, and is written so that a Python that is too old, even Python 2, can still read it
and be turned away with one clear line. A second call with nothing changed returns at once: a stamp
in the environment records what was installed, from which versions, for which folder.
"""

from __future__ import print_function

import argparse
import glob
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time

CHECKOUT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# The one dependency that is published as source alone. It is pure Python and needs no compiler.
PUBLISHED_AS_SOURCE = "antlr4-python3-runtime"

STAMP = "set_up.json"
LOG = "set_up.log"

SIGNS_OF_NO_NETWORK = (
    "Connection refused",
    "ConnectTimeoutError",
    "Failed to establish a new connection",
    "NameResolutionError",
    "Network is unreachable",
    "NewConnectionError",
    "ProxyError",
    "ReadTimeoutError",
    "Temporary failure in name resolution",
    "is not a trusted or secure host",
)


class CannotSetUp(Exception):
    """One line: what is wrong and the way out."""


def constraint_file(version):
    """The file of tested versions for a Python such as "3.12"."""
    return os.path.join(CHECKOUT, "constraints", "python-%s.txt" % version)


def supported_versions():
    """The Pythons for which tested versions are kept, oldest first."""
    found = [re.search(r"(\d+)\.(\d+)\.txt$", name) for name in glob.glob(constraint_file("*"))]
    return ["%d.%d" % pair for pair in sorted((int(m.group(1)), int(m.group(2))) for m in found)]


def another_python():
    """The way out that is open to nearly everybody."""
    return "name another Python with PYTHON= (supported: %s)" % ", ".join(supported_versions())


def check_interpreter():
    """The version of this Python; turned away if it is not supported or lacks `venv`."""
    version = "%d.%d" % sys.version_info[:2]
    if version not in supported_versions():
        raise CannotSetUp(
            "%s is Python %s; %s, as in: make PYTHON=python3.12 test"
            % (sys.executable, version, another_python())
        )
    missing = ""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as error:
        missing = str(error)
    if missing:
        raise CannotSetUp(
            "%s cannot make a virtual environment (%s). On Debian and Ubuntu: sudo apt install "
            "python%s-venv; elsewhere %s" % (sys.executable, missing, version, another_python())
        )
    return version


def version_in(folder):
    """The Python of an environment, as "3.12", or None where it does not run or has no pip."""
    question = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [os.path.join(folder, "bin", "python"), "-c", question],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return None
    return answer.stdout.decode().strip() if answer.returncode == 0 else None


def up_to_date_stamp(version, extras):
    """What an environment that needs nothing more has recorded."""
    digest = hashlib.sha256()
    for name in (os.path.join(CHECKOUT, "pyproject.toml"), constraint_file(version)):
        with open(name, "rb") as file:
            digest.update(file.read())
    return {"checkout": CHECKOUT, "python": version, "extras": extras, "inputs": digest.hexdigest()}


def read_stamp(folder):
    """What was installed here, or an empty record."""
    try:
        with open(os.path.join(folder, STAMP)) as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def write_stamp(folder, stamp):
    """Record what was installed here."""
    with open(os.path.join(folder, STAMP), "w") as file:
        json.dump(stamp, file, indent=1)


def make_environment(folder, version, insist):
    """Make the environment, or keep one that serves; the version of its Python.

    An environment that this tool did not make is never removed.
    """
    shown = os.path.relpath(folder, CHECKOUT)
    found = version_in(folder)
    if found in supported_versions() and (found == version or not insist):
        return found
    held = "Python %s" % found if found else "no working Python with pip"
    if os.path.isdir(folder) and os.listdir(folder):
        if not os.path.exists(os.path.join(folder, STAMP)):
            raise CannotSetUp(
                "%s was made by something else and holds %s, where Python %s is wanted. Remove it, "
                "as in: rm -r %s, and call make again" % (shown, held, version, shown)
            )
        print("Removing %s: it holds %s." % (shown, held))
        shutil.rmtree(folder)
    print("Making a virtual environment in %s with Python %s." % (shown, version), flush=True)
    os.makedirs(folder, exist_ok=True)
    write_stamp(folder, {})  # so that an interrupted set-up can be told from somebody's own folder
    made = subprocess.run(
        [sys.executable, "-m", "venv", folder],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if made.returncode != 0 or version_in(folder) != version:
        said = made.stdout.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
        raise CannotSetUp(
            "%s could not make a virtual environment (%s). On Debian and Ubuntu: sudo apt install "
            "python%s-venv; elsewhere %s"
            % (sys.executable, said[0].rstrip("."), version, another_python())
        )
    return version


def has_compiler():
    """Whether a C compiler can be called."""
    named = os.environ.get("CC", "cc").split()[:1]
    return any(shutil.which(name) for name in named + ["cc", "gcc", "clang"])  # noqa: RUF005


def diagnosis(pip_output, version):
    """One line that says why pip failed, and the way out."""
    text = "\n".join(pip_output)
    if "No space left on device" in text:
        return "the disk is full. Set-up takes about 1 GB: make room and call make again"
    if any(sign in text for sign in SIGNS_OF_NO_NETWORK):
        return (
            "the package index cannot be reached. Set-up needs the network once: connect (or set "
            "PIP_INDEX_URL for a mirror, PIP_PROXY for a proxy) and call make again"
        )
    missing = re.search(r"No matching distribution found for ([^\s;(]+)", text)
    if "ResolutionImpossible" in text:
        missing = missing or re.search(r"\(constraint\) ([\w.-]+==\S+)", text)
    if missing and not has_compiler():
        return (
            "there is no ready-made build of %s for this machine and Python %s, and no C compiler "
            "to make one. Install a compiler, on Debian and Ubuntu: sudo apt install "
            "build-essential; or %s" % (missing.group(1), version, another_python())
        )
    if missing:
        return "the package index does not offer %s for Python %s; %s" % (
            missing.group(1),
            version,
            another_python(),
        )
    failed = re.search(r"Failed (?:building wheel for|to build) '?([A-Za-z0-9][\w.-]*)", text)
    if failed:
        return (
            "%s has no ready-made build for this machine and Python %s, and could not be compiled; "
            "%s" % (failed.group(1), version, another_python())
        )
    errors = [line.strip() for line in pip_output if line.startswith("ERROR")] or pip_output
    return errors[-1] if errors else "pip gave no reason"


def install(folder, version, extras):
    """Install the checkout, editable, with its tested versions; pip's own words go to a log."""
    command = [os.path.join(folder, "bin", "python"), "-m", "pip", "install"]
    command += ["--progress-bar", "off", "--disable-pip-version-check"]
    command += ["--constraint", constraint_file(version)]
    command += ["--editable", CHECKOUT + ("[%s]" % extras if extras else "")]
    if not has_compiler():
        # Without this, pip would try for minutes to compile what this machine cannot compile.
        command += ["--only-binary", ":all:", "--no-binary", PUBLISHED_AS_SOURCE]
    print("Installing the program and its libraries: one to three minutes, about 1 GB of disk.")
    sys.stdout.flush()
    log_name = os.path.join(folder, LOG)
    output = []
    n_found = 0
    with open(log_name, "w") as log:
        pip = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for raw in pip.stdout:
            line = raw.decode(errors="replace").rstrip()
            output.append(line)
            log.write(line + "\n")
            if line.startswith("Collecting "):
                n_found += 1
                if n_found % 10 == 0:
                    print("  found %d packages" % n_found, flush=True)
            elif line.startswith("Installing collected packages"):
                print("  writing %d packages to disk" % (line.count(",") + 1), flush=True)
        pip.wait()
    if pip.returncode != 0:
        raise CannotSetUp(
            "%s. (What pip said: %s)"
            % (diagnosis(output, version), os.path.relpath(log_name, CHECKOUT))
        )


def covers(installed, wanted):
    """Whether an environment with these extras has what is wanted (`dev` holds `test`)."""
    return wanted in ("", installed) or (installed, wanted) == ("dev", "test")


def main():
    """Set up, and say in one line why not."""
    parser = argparse.ArgumentParser(description="Make the virtual environment of a checkout.")
    parser.add_argument("--folder", default=".venv", help="where to make it (default: .venv)")
    parser.add_argument("--extras", default="", help="what to add: test, dev or notebooks")
    parser.add_argument(
        "--insist", action="store_true", help="replace an environment that holds another Python"
    )
    options = parser.parse_args()
    folder = os.path.join(CHECKOUT, options.folder)
    began = time.time()
    try:
        version = make_environment(folder, check_interpreter(), options.insist)
        stamp = read_stamp(folder)
        installed = stamp.get("extras", "")
        extras = installed if covers(installed, options.extras) else options.extras
        if stamp == up_to_date_stamp(version, extras):
            return 0
        install(folder, version, extras)
        write_stamp(folder, up_to_date_stamp(version, extras))
    except CannotSetUp as problem:
        sys.stderr.write("Cannot set up: %s.\n" % str(problem).rstrip("."))
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted. Call make again to go on.\n")
        return 130
    shown = os.path.relpath(folder, CHECKOUT)
    print("Ready after %.0f s: %s" % (time.time() - began, shown), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
