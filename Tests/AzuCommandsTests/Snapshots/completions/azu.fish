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
