# apisig: `make demo` shows the documented examples of all vendors, `make test` runs everything. Both install what is missing.

.PHONY: all cli demo test bench deps install dist clean

PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR ?= $(PREFIX)/share/man

# A program that is linked with the shared library asks for it by its SONAME.
all:
	cargo build --release
	@ln -sfn libapisig.so target/release/libapisig.so.0

# The command, by itself: what it asks of its crates must not be asked of the library's.
cli:
	cargo build --profile cli -p apisig-cli

demo: deps all
	@tests/demo/run.sh

test: deps
	@tests/run.sh

bench: deps all
	@benches/run.sh

deps:
	@tests/deps.sh

# For C. After `make`, so that it can run as root without cargo.
install:
	@PREFIX=$(PREFIX) LIBDIR=$(LIBDIR) INCLUDEDIR=$(INCLUDEDIR) MANDIR=$(MANDIR) DESTDIR=$(DESTDIR) bindings/c/install.sh

dist: deps all
	@bindings/dist.sh

clean:
	rm -rf target dist .venv bindings/php/vendor
