import ArgumentParser

/// A shell that can complete the command line.
enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish

    /// What the shell must read once a session.
    ///
    /// Each asks `azu ---complete` with the words up to the cursor, see ``Completion/lines``.
    var script: String {
        switch self {
        case .bash: Self.bashScript
        case .zsh: Self.zshScript
        case .fish: Self.fishScript
        }
    }

    /// The word by which scripts ask: no command begins so.
    static let question = "---complete"

    /// The words of the command line are put together again: readline takes commands apart at their colons.
    ///
    /// Works without the package bash-completion, and with bash 3.2.
    private static let bashScript = #"""
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

        """#

    private static let zshScript = #"""
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

        """#

    private static let fishScript = #"""
        # Completions of azu for fish.
        function __azu_complete
            set -l words (commandline -opc)
            set -l current (commandline -ct)
            for line in ($words[1] ---complete $words[2..-1] "$current" 2>/dev/null)
                switch $line
                    case ':none'
                    case ':files' ':folders'
                        set -l option (string match -r -- '^--[a-z-]+=' $current)
                        set -l path (string replace -r -- '^--[a-z-]+=' '' $current)
                        for found in (complete -C"cd_or_file $path")
                            set found (string split -f 1 \t -- $found)
                            if test $line = ':files'; or string match -q '*/' -- $found
                                echo "$option$found"
                            end
                        end
                    case '*'
                        echo $line
                end
            end
        end
        complete -c azu -e
        complete -c azu -f -a '(__azu_complete)'

        """#
}
