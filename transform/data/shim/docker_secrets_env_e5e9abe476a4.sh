#!/bin/sh
# Runs a command with the variables that are in /run/secrets/env, so that a program
# which reads only its environment can be given secrets.
#
#   sh THIS COMMAND [ARGUMENT]...
#
# A file is a variable and has its name, or is several that have one value, with
# commas between their names. Values are the files' exact bytes. If the folder has no
# file, or one that cannot be read, it ends with status 126 before COMMAND starts. It
# needs cat, and env for a name that is no shell identifier. From docker secrets.

_ds_fail() {
	echo "docker-secrets: $1" >&2
	exit 126
}

[ $# -gt 0 ] || _ds_fail 'no command to run'
set +f
_ds_env=
_ds_file=
for _ds_file in /run/secrets/env/*; do
	_ds_names=${_ds_file##*/}
	[ -e "$_ds_file" ] || _ds_fail 'no secret is mounted in /run/secrets/env, or this user cannot see it'
	# The dot keeps the line ends that $( ) would cut off.
	_ds_value=$(cat "$_ds_file" 2>/dev/null && echo .) || _ds_fail "$_ds_names: cannot read $_ds_file"
	_ds_value=${_ds_value%.}
	while [ -n "$_ds_names" ]; do
		_ds_name=${_ds_names%%,*}
		_ds_names=${_ds_names#"$_ds_name"}
		_ds_names=${_ds_names#,}
		case $_ds_name in
		[!A-Za-z_]* | *[!A-Za-z0-9_]*)
			set -- "$_ds_name=$_ds_value" "$@"
			_ds_env='env'
			;;
		*) export "$_ds_name=$_ds_value" ;;
		esac
	done
done
[ -n "$_ds_file" ] || _ds_fail 'no secret is mounted in /run/secrets/env'
exec $_ds_env "$@"
