# apisig: `make demo` shows the documented examples of all vendors, `make test` runs everything. Both install what is missing.

.PHONY: all demo test bench deps clean

# A program that is linked with the shared library asks for it by its SONAME.
all:
	cargo build --release
	@ln -sfn libapisig.so target/release/libapisig.so.0

demo: deps all
	@tests/demo/run.sh

test: deps
	@tests/run.sh

bench: deps all
	@benches/run.sh

deps:
	@tests/deps.sh

clean:
	rm -rf target .venv bindings/php/vendor
