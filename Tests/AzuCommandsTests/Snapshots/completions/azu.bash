# Completions of azu for bash.
_azu() {
    local rest="${COMP_LINE:0:COMP_POINT}" words=() word blanks index
    for ((index = 0; index <= COMP_CWORD; index++)); do
        blanks="${rest%%[![:space:]]*}"
        rest="${rest#"$blanks"}"
        word="${COMP_WORDS[index]}"
        [[ "$rest" == "$word"* ]] || word="$rest"
        rest="${rest#"$word"}"
        if [[ -n "$blanks" || $index -eq 0 ]]; then
            words+=("$word")
        else
            words[${#words[@]} - 1]+="$word"
        fi
    done
    local current="${words[${#words[@]} - 1]}" head="" line paths="none"
    # What readline takes for the word begins behind the last of these.
    if [[ "$COMP_WORDBREAKS" == *:* && "$current" == *:* ]]; then head="${current%"${current##*:}"}"; fi
    if [[ "$COMP_WORDBREAKS" == *=* && "${current#"$head"}" == *=* ]]; then
        head="${current%"${current##*=}"}"
    fi
    COMPREPLY=()
    while IFS= read -r line; do
        case "$line" in
        :*) paths="${line#:}" ;;
        *)
            line="${line%%$'\t'*}"
            COMPREPLY+=("${line#"$head"}")
            ;;
        esac
    done < <("${words[0]/#\~/$HOME}" ---complete "${words[@]:1}" 2>/dev/null)
    if [[ "$paths" != none ]]; then
        word="$current"
        if [[ "$word" == --*=* ]]; then word="${word#*=}"; fi
        compopt -o filenames 2>/dev/null
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
            if [[ "$paths" == folders ]]; then compgen -d -- "$word"; else compgen -f -- "$word"; fi
        )
    elif [[ ${#COMPREPLY[@]} -eq 1 && "${COMPREPLY[0]}" == *= ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -F _azu azu
