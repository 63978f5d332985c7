# apisig: `make demo` shows the documented examples of all vendors, `make test` runs every test, `make trust`
# what tests the guarantees of SECURITY.md. They install what they need and is missing: see tests/lib/deps.sh.

.PHONY: all cli page platforms demo test trust trust-selftest fuzz mutants release-abi bench install dist dist-all site notices clean

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR ?= $(PREFIX)/share/man

# A program that is linked with the shared library asks for it by its SONAME.
all:
	cargo build --locked --release
	@ln -sfn libapisig.so target/release/libapisig.so.0
	@bindings/python/call.sh

# The command, by itself: what it asks of its crates must not be asked of the library's. It has the page in it where that can be
# made. Its manual pages are what an install copies to share/man/man1.
cli:
	@[ ! -d "$$(rustc --print target-libdir --target wasm32-unknown-unknown)" ] || $(MAKE) -s page
	APISIG_PAGE=$$(realpath -qe target/page/apisig.html) cargo build --locked --profile cli -p apisig-cli
	target/cli/apisig man target/cli/man/man1

# The page that says why a request was refused, in one file: it can be opened from the disk.
page:
	cargo build --locked --profile page -p apisig-page --target wasm32-unknown-unknown
	python3 page/make.py target/wasm32-unknown-unknown/page/apisig_page.wasm target/page/apisig.html

# Both for every platform, in target/platforms: see bindings/platforms.sh.
platforms: deps-platforms
	@bindings/platforms.sh

demo: deps-demo all
	@tests/packages/demo/run.sh

test: deps-test
	@tests/run.sh

# Tests the guarantees of SECURITY.md: see tests/trust/run.sh.
trust: deps-trust deps-site
	@tests/trust/run.sh

# Shows that it would be seen if it did not: defects are planted, and each must be reported.
trust-selftest: deps-test deps-trust
	@tests/trust/selftest.sh

# Part of `make trust`: FUZZ_RUNS and FUZZ_SECONDS make it longer.
fuzz: deps-fuzz
	@fuzz/run.sh

mutants:
	@tests/trust/mutants.sh

# At a release: keeps the header, with which programs are compiled from now on.
release-abi: all
	mkdir -p tests/trust/abi/released
	cp include/apisig.h tests/trust/abi/released/apisig.h

bench: deps-bench all
	@benches/run.sh

deps-%:
	@tests/lib/deps.sh $*

# For C, and the command. After `make` and `make cli`, so that it can run as root without cargo.
install:
	@PREFIX=$(PREFIX) BINDIR=$(BINDIR) LIBDIR=$(LIBDIR) INCLUDEDIR=$(INCLUDEDIR) MANDIR=$(MANDIR) DESTDIR=$(DESTDIR) bindings/c/install.sh

dist: deps-dist all
	@bindings/dist.sh

# The packages of every platform.
dist-all: deps-dist platforms
	@bindings/dist.sh all

# README, docs/ and the reference of C, PHP and Python, in target/site/html.
site: deps-site
	@site/build.sh

# After a change of Cargo.lock: the licenses of what is linked.
notices:
	python3 tests/lib/notices.py >THIRD-PARTY

clean:
	rm -rf target dist .venv bindings/php/vendor bindings/python/apisig/_call.abi3.so
