"""Warm call: how a shell that git starts asks the process that stays, without a program.

``w`` is a function of the shell: its words are the question, and it ends with the exit code
of a driver, or with 1 where there is no answer and a driver has to be started. What it reads
is this user's alone (``sessionctl/system/git/warm_place.py``). The lock lets one ask at a
time; the pipes are opened for both directions first, because that never waits, and the one
that is read then ends when the other process ends.
"""

from __future__ import annotations

_PLACE = '"${XDG_RUNTIME_DIR:-${XDG_CACHE_HOME:-${HOME:-/}/.cache}}/sessionctl/git-$PPID"'
ASK_WARM = (
    f"w() {{ d={_PLACE};"
    ' for i in "$d" "$d/ask" "$d/answer"; do test -O "$i" || return 1; done;'
    ' test -p "$d/ask" && test -p "$d/answer" || return 1;'
    ' set -C; { true; } 2>/dev/null >"$d/lock" || return 1; set +C;'
    " { { exec 5>&-;"
    " printf '%s\\t' $$ \"$@\" >&6; echo >&6;"
    ' read -r i c n <&4 && test "$i" = $$ || return 1;'
    ' while test "$n" -gt 0; do IFS= read -r i <&4 || return 1;'
    ' printf \'%s\\n\' "$i" >&2; n=$((n - 1)); done; return "$c";'
    ' } 4<"$d/answer"; } 5<>"$d/answer" 6<>"$d/ask"; }'
)
WARM_VARIABLE = "SESSIONCTL_WARM=${SESSIONCTL_WARM:-$PPID}"
