/** What each shell needs to ask `relais` for completions. */

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The first word of a question that a shell asks; the words so far follow. */
export const COMPLETE_WORD: string = '__complete';

/** Bash splits words at colons, which addresses have: so the line is split anew, and put together. */
const bash = `# relais completion bash > /etc/bash_completion.d/relais, or: source <(relais completion bash)
_relais() {
  local line="\${COMP_LINE:0:COMP_POINT}" typed="" word rest
  local -a words
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  typed="\${words[-1]}"
  COMPREPLY=()
  while IFS=$'\\t' read -r word rest; do
    COMPREPLY+=("$word")
  done < <("\${words[0]}" ${COMPLETE_WORD} "\${words[@]:1}" 2>/dev/null)
  if [[ $typed == *:* && $COMP_WORDBREAKS == *:* ]]; then
    local before="\${typed%"\${typed##*:}"}"
    COMPREPLY=("\${COMPREPLY[@]#"$before"}")
  fi
}
complete -o default -F _relais relais
`;

const zsh = `#compdef relais
# relais completion zsh > "\${fpath[1]}/_relais", or: source <(relais completion zsh)
_relais() {
  local -a candidates
  local line
  for line in "\${(@f)$("\${words[1]}" ${COMPLETE_WORD} "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#candidates} )); then
    _describe 'relais' candidates
  else
    _files
  fi
}
if [[ $funcstack[1] == _relais ]]; then
  _relais "$@"
else
  compdef _relais relais
fi
`;

const fish = `# relais completion fish > ~/.config/fish/completions/relais.fish
function __relais_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l found ($words[1] ${COMPLETE_WORD} $words[2..-1] 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c relais -f -a '(__relais_complete)'
`;

export const SCRIPTS: Readonly<Record<Shell, string>> = { bash, zsh, fish };
