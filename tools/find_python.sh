#!/bin/sh
# Prints the first interpreter that the project supports, or one line that says what to do.
#
#   tools/find_python.sh            looks at $PYTHON if it is set, else along PATH
#   tools/find_python.sh 3.12 3.13  looks for these versions, on PATH and then among pyenv's
#
# Supported is what has a file of tested versions: constraints/python-X.Y.txt.

root=$(dirname "$0")/..
supported=$(ls "$root/constraints" | sed -n 's/^python-\(.*\)\.txt$/\1/p' | sort -t. -k2n | tr '\n' ' ')

listed=$(echo "${supported% }" | sed 's/ /, /g')

version_of() { # the version X.Y of an interpreter; nothing where it does not run
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' </dev/null 2>/dev/null
}

can_make_environments() {
    "$1" -c 'import venv, ensurepip' </dev/null >/dev/null 2>&1
}

is_one_of() { # is_one_of 3.12 "3.11 3.12 "
    case " $2 " in *" $1 "*) [ -n "$1" ] ;; *) return 1 ;; esac
}

if [ $# -gt 0 ]; then
    for wanted in "$@"; do
        for candidate in "python$wanted" \
            "${PYENV_ROOT:-$HOME/.pyenv}/versions/$wanted"/bin/python \
            "${PYENV_ROOT:-$HOME/.pyenv}/versions/$wanted".*/bin/python; do
            if [ "$(version_of "$candidate")" = "$wanted" ] && can_make_environments "$candidate"; then
                echo "$candidate"
                exit 0
            fi
        done
    done
    exit 1
fi

if [ -n "$PYTHON" ]; then
    version=$(version_of "$PYTHON")
    if is_one_of "$version" "$supported"; then
        echo "$PYTHON"
        exit 0
    fi
    if [ -z "$version" ]; then
        echo "PYTHON=$PYTHON does not run. Supported: Python $listed. Give the path of one, as in: make PYTHON=python3.12 test" >&2
    else
        echo "PYTHON=$PYTHON is Python $version. Supported: Python $listed. Give one of these, as in: make PYTHON=python3.12 test" >&2
    fi
    exit 1
fi

seen=""
without_venv=""
for candidate in python3 python3.13 python3.12 python3.11 python; do
    version=$(version_of "$candidate")
    if is_one_of "$version" "$supported"; then
        if can_make_environments "$candidate"; then
            echo "$candidate"
            exit 0
        fi
        without_venv=${without_venv:-$candidate}
    elif [ -n "$version" ]; then
        seen="$seen, $candidate is $version"
    fi
done

if [ -n "$without_venv" ]; then
    echo "$without_venv" # tools/set_up.py says what it lacks
    exit 0
fi
echo "No supported Python found (${seen#, }${seen:+; }supported: $listed). Install one, for example with: sudo apt install python3.12 python3.12-venv, or name one with PYTHON=" >&2
exit 1
