# Shared by the scripts that install another Debian into a folder. Needs root. Sourced after lib.sh.
[ "$(id -u)" = 0 ] || { missing 'another Debian: only root can install it'; [ "$failures" = 0 ]; exit; }
needs mmdebstrap
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | head -n 1)
