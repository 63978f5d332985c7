# What makes a newer Debian in a folder of its own, by root. Sourced after lib.sh.
[ "$(id -u)" = 0 ] || { missing 'newer Debians: only root can make them'; [ "$failures" = 0 ]; exit; }
needs mmdebstrap
needs composer
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | head -n 1)
