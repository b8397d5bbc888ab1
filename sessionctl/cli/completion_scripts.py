"""The scripts that teach bash and fish to complete, where click's own do not suffice."""

from __future__ import annotations

# click's own (8.1) inserts words unquoted, and expands what looks like a pattern. Here each is
# quoted as the word was begun: within its quotes, or with backslashes. bash breaks words at = and
# :, so that click would get the pieces of windows[name=editor]; it is given the line instead, and
# of each word only what comes behind the last break is inserted.
BASH = r"""
%(complete_func)s() {
    local IFS=$'\n' response line value home before breaks at
    local typed=${COMP_WORDS[COMP_CWORD]} words=${COMP_LINE:0:COMP_POINT}

    before=$words
    while [[ $before =~ ^([^[:space:]\\]|\\.)*[[:space:]]+(.*)$ ]]; do
        before=${BASH_REMATCH[2]}
    done
    [[ $typed == [=:@] ]] || before=${before%%"$typed"}
    breaks=${before//[^=:@]/}
    [[ -n $typed ]] || words+=" ''"

    response=$(env COMP_WORDS="$words" COMP_CWORD=-1 %(complete_var)s=bash_complete $1)

    while read -r line; do
        value=${line#*,}
        if [[ $line == dir,* ]]; then
            COMPREPLY=()
            compopt -o dirnames
        elif [[ $line == file,* ]]; then
            COMPREPLY=()
            compopt -o default
        elif [[ $line == plain,* ]]; then
            if [[ $typed == \"* ]]; then
                value=${value//\\/\\\\}
                value=${value//\"/\\\"}
                value=${value//\$/\\\$}
                value=${value//\`/\\\`}
            elif [[ $typed == \'* ]]; then
                value=${value//\'/\'\\\'\'}
            elif [[ -n $value ]]; then
                home=
                [[ $typed == '~'*/* && $value == '~'*/?* ]] && home=${value%%%%/*}/
                printf -v value '%%s%%q' "$home" "${value#"$home"}"
            fi
            for ((at = 0; at < ${#breaks}; at++)); do
                value=${value#*[=:@]}
            done
            COMPREPLY+=("$value")
        fi
    done <<< "$response"

    return 0
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""

# click's own (8.5) cuts a description at its first comma, and takes what stands behind the cursor
# for typed.
FISH = r"""
function %(complete_func)s;
    set -l response (env %(complete_var)s=fish_complete COMP_WORDS=(commandline -cp) \
        COMP_CWORD=(commandline -ct) %(prog_name)s);

    for completion in $response;
        set -l metadata (string split -m 1 "," -- $completion);

        if test $metadata[1] = "dir";
            __fish_complete_directories $metadata[2];
        else if test $metadata[1] = "file";
            __fish_complete_path $metadata[2];
        else if test $metadata[1] = "plain";
            echo $metadata[2];
        end;
    end;
end;

complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)";
"""
