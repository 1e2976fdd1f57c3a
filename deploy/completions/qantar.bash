# bash completion for qantar(1)

_qantar() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]-} words=
	COMPREPLY=()
	case $previous in
	--lang)
		mapfile -t COMPREPLY < <(compgen -W 'en ru kk' -- "$current")
		return
		;;
	--part)
		mapfile -t COMPREPLY < <(compgen -W 'tune report' -- "$current")
		return
		;;
	--knowledge | --cache)
		mapfile -t COMPREPLY < <(compgen -d -- "$current")
		return
		;;
	--config)
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		return
		;;
	esac
	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W 'chat run healthcheck ask explain check train eval --help --version' -- "$current")
		return
	fi
	case $command in
	ask) words='--json --batch --lang --knowledge --help' ;;
	chat) words='--lang --knowledge --config --help' ;;
	explain) words='--json --knowledge --help' ;;
	check) words='--json --strict --knowledge --help' ;;
	train) words='--knowledge --cache --help' ;;
	eval) words='--json --misses --part --knowledge --help' ;;
	run) words='--config --knowledge --help-settings --help' ;;
	healthcheck) words='--config --help' ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
	case $command in
	check | train) mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -d -- "$current") ;;
	eval) mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current") ;;
	esac
}

complete -o filenames -F _qantar qantar
