#!/bin/sh
# Runs a command with variables whose values are in files, so that a program
# which reads only its environment can be given secrets.
#
#   DOCKER_SECRETS_ENV="NAME=FILE ..." sh THIS COMMAND [ARGUMENT]...
#
# Values are the files' exact bytes. A file that cannot be read ends it with
# status 126 before COMMAND starts. It needs cat, and env for a NAME that is no
# shell identifier. From docker secrets.

_ds_fail() {
	echo "docker-secrets: $1" >&2
	exit 126
}

[ $# -gt 0 ] || _ds_fail 'no command to run'
set -f
IFS=' '
_ds_env=
for _ds_entry in $DOCKER_SECRETS_ENV; do
	_ds_name=${_ds_entry%%=*}
	_ds_file=${_ds_entry#*=}
	# The dot keeps the line ends that $( ) would cut off.
	_ds_value=$(cat "$_ds_file" 2>/dev/null && echo .) || _ds_fail "$_ds_name: cannot read $_ds_file"
	_ds_value=${_ds_value%.}
	case $_ds_name in
	'' | [!A-Za-z_]* | *[!A-Za-z0-9_]*)
		set -- "$_ds_name=$_ds_value" "$@"
		_ds_env='env'
		;;
	*) export "$_ds_name=$_ds_value" ;;
	esac
done
unset IFS
exec $_ds_env "$@"
