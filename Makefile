# apisig: `make demo` shows the documented examples of all vendors, `make test` runs everything. Both install what is missing.

.PHONY: all demo test deps clean

all:
	cargo build --release

demo: deps all
	@tests/demo/run.sh

test: deps
	@tests/run.sh

deps:
	@tests/deps.sh

clean:
	rm -rf target .venv bindings/php/vendor
