# What a command prints, and its exit status. Sourced behind lib.sh.

prints() { # status, expected, command
    local printed status
    printed=$("${@:3}" 2>&1)
    status=$?
    [ "$status" = "$1" ] && [ "$printed" = "$2" ] || { printf '%s\nstatus %s\n' "$printed" "$status"; false; }
}

says() { # status, words, command
    local printed status
    printed=$("${@:3}" 2>&1)
    status=$?
    [ "$status" = "$1" ] && [[ $printed == *"$2"* ]] || { printf '%s\nstatus %s\n' "$printed" "$status"; false; }
}
