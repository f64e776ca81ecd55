#compdef azu
# Completions of azu for zsh.
_azu() {
    local -a lines items
    local line value paths=none
    lines=("${(@f)$("${words[1]/#\~/$HOME}" ---complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    for line in "${lines[@]}"; do
        case "$line" in
        '') ;;
        :*) paths="${line#:}" ;;
        *)
            value="${line%%$'\t'*}"
            items+=("${value//:/\\:}${${line#"$value"}/$'\t'/:}")
            ;;
        esac
    done
    if [[ "$paths" != none ]]; then
        compset -P '--[a-z-]##='
        if [[ "$paths" == folders ]]; then _files -/; else _files; fi
    elif [[ ${#items} -eq 1 && "$value" == *= ]]; then
        compadd -S '' -- "$value"
    elif (( ${#items} )); then
        _describe -V azu items
    else
        return 1
    fi
}
if [[ "${funcstack[1]}" == _azu ]]; then _azu "$@"; else compdef _azu azu; fi
