"""Kept command: the textconv whose output git may keep, and the shell script that it runs.

Git keeps whatever a textconv prints, for as long as the command is the same to the letter; only
one that fails is not kept, and ends git. So this one prints a whole masked text. Where
sessionctl cannot make one, the cache is turned off first: its name is in the command, and the
next cache has another. Then the file is shown as it is, as it would be without a cache; but for
one that came through a filter of git, whose content git must not store.

Git writes the command into the message of the cache, so most of it is in a file of its own.
"""

from __future__ import annotations

from sessionctl.services.git.shell.warm_call import ASK_WARM, WARM_VARIABLE

FILE = "sessionctl-textconv"
"""The name of the file that turns the cache on, beside git's ``config``."""
REF = "refs/notes/textconv/sessionctl"
"""Where git keeps the texts."""
SCRIPT = f"{FILE}.sh"
OFF = "# off"
"""What the file says otherwise."""
_COMMAND = (
    ": texts that sessionctl masked, git uninstall removes them; n=NAME; g=${GIT_DIR:-.git};"
    f' test -r "$g/{SCRIPT}" || g=$(git rev-parse --git-common-dir); . "$g/{SCRIPT}"; f'
)
# A lock that another shell holds leaves "set -C" behind: hence ">|".
SCRIPT_TEXT = f"""\
{ASK_WARM}
f() {{
  if w kept "$n" "$1" && test -r "$d/text.$$"; then exec cat "$d/text.$$"; fi
  # Of a file of the work tree git does not look for the text of the same content itself.
  case "$1" in *git-blob-*) ;; *)
    # Git wrote this command into the message of what it kept; few texts are in no folders.
    o=$(git hash-object --no-filters -- "$1") && r=${{o#??}} && c="{REF}^{{/ n=$n;}}" &&
      {{ git cat-file blob "$c:${{o%"$r"}}/$r" || git cat-file blob "$c:$o"; }} 2>/dev/null && exit
    ;;
  esac
  t=$(mktemp) || exit 1
  trap 'rm -f "$t"; exit 1' HUP INT TERM
  if command -v sessionctl >/dev/null 2>&1 &&
    {WARM_VARIABLE} sessionctl git textconv --kept="$n" -- "$1" >|"$t"; then
    cat "$t"; c=$?; rm -f "$t"; exit $c
  fi
  rm -f "$t"
  g=$(git rev-parse --git-common-dir) || exit 1
  # A repository that cannot be written to keeps nothing.
  ! grep -qsF -e "$n" "$g/{FILE}" || echo '{OFF}' >|"$g/{FILE}" || test ! -w "$g" || exit 1
  # What git stores as it is came through no filter; nor did a file of the work tree without one.
  git cat-file -e "$(git hash-object --no-filters -- "$1")" 2>/dev/null || case "$1" in
    *git-blob-*) exit 1 ;;
    *) case "$(git check-attr filter -- "$1")" in
      *': unspecified' | *': unset') ;; *) exit 1 ;;
    esac ;;
  esac
  exec cat -- "$1"
}}
"""
_BEFORE_NAME = " n="


def kept_command(name: str) -> str:
    """Return the command for the cache of that name."""
    return _COMMAND.replace("NAME", name)


def name_in(command: str) -> str:
    """Return the name of the cache that ``command`` is for; "" where it is no such command."""
    name = command.partition(_BEFORE_NAME)[2].partition(";")[0]
    return name if name and command == kept_command(name) else ""
