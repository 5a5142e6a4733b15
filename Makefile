# `make` lists the targets. Each does its own set-up.

CARGO ?= cargo
PYTHON ?= python3
# One profile for everything, so that wasmtime is compiled once.
RELEASE := --release

.DEFAULT_GOAL := help
.PHONY: help setup demo test schemas graph c c-sanitize c-random c-valgrind tools packages miri policy-headers install python \
	python-free-threaded fmt fmt-check lint doc bench bench-smoke bench-c bench-languages bench-python fuzz fuzz-tools nightly \
	coverage policies policy-tools cli deny clean

# Policies that are packages of their own, outside the workspace.
LANGUAGES := plugins/stock/rego plugins/stock/cedar

GRAPH_VENV := target/graph-venv
PYTHON_VENV := target/python-venv
POLICY_TOOLS := target/policy-tools

# The stock policies that `admit new` writes for rules, in the program from its second build on: they are built by it.
export ADMIT_STOCK ?= $(CURDIR)/tests/corpus/components

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | \
		awk 'BEGIN { FS = ":.*## " } { printf "  make %-12s %s\n", $$1, $$2 }'

# Auto-install of toolchains may be off; without arguments this reads rust-toolchain.toml.
setup:
	@command -v rustup >/dev/null || { \
		echo "rustup is missing: https://rustup.rs says how to install it" >&2; exit 1; }
	@command -v cc >/dev/null || { echo "a C compiler is missing (cc)" >&2; exit 1; }
	@rustup toolchain install >/dev/null 2>&1 || rustup toolchain install

demo: policies ## evaluate a real callout with real policies and show the answer
	@tests/demo.sh

test: setup $(GRAPH_VENV)/installed policy-tools policies fmt-check lint ## run every check and every test
	$(CARGO) test $(RELEASE) --workspace --locked
	for policy in $(LANGUAGES); do $(CARGO) test $(RELEASE) --locked --manifest-path $$policy/Cargo.toml || exit; done
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc $(RELEASE) --workspace --locked --no-deps --quiet
	@$(MAKE) --no-print-directory graph
	@$(MAKE) --no-print-directory policy-headers
	@$(MAKE) --no-print-directory c
	@$(MAKE) --no-print-directory python

schemas: setup ## write the JSON schemas into docs/schemas
	BLESS=1 $(CARGO) test $(RELEASE) --locked -p admit-tests --test schemas -- committed

graph: $(GRAPH_VENV)/installed policies ## read and post every body with Graph's own client
	$(GRAPH_VENV)/bin/python -W ignore::DeprecationWarning -m unittest discover --start-directory tests/graph

# Not compiled, here and below: of 18,000 modules of Graph's client some 700 are used.
$(GRAPH_VENV)/installed: tests/graph/requirements.txt
	$(call venv,$(GRAPH_VENV),--no-compile)

# The header is made by a package of its own: the generator would change the features of what wasmtime stands on.
c: setup tools ## build the C library, hold its headers against the source, install it, test it in C and C++
	$(CARGO) run --quiet $(RELEASE) --locked --manifest-path bindings/c/header/Cargo.toml --target-dir target
	$(C_TEST)

C_TEST = PYTHON="$(PYTHON)" $(CARGO) test $(RELEASE) --locked -p admit-c --lib --test allocations --test c --

# Not what refuses or measures memory, since the sanitizer needs its own, nor what is built in other ways.
c-sanitize: setup tools ## run the C library's programs, the corpus among them, under address and undefined sanitizer
	ADMIT_SANITIZE=address,undefined $(C_TEST) --skip programs::refused --skip programs::repeat \
		--skip sanitized:: --skip header:: --skip cpp:: --skip install:: --skip readme::links

c-random: setup tools ## call the C library 10,000 times as nobody would, with ADMIT_SEED=2, under sanitizers
	$(C_TEST) --ignored random::

c-valgrind: setup tools ## run programs of the C library under Valgrind
	$(call needs,valgrind,valgrind)
	$(C_TEST) --ignored valgrind::

miri: nightly ## watch the C library's handling of pointers with Miri (compiles for some minutes the first time)
	@rustup component add miri rust-src --toolchain $(NIGHTLY) 2>/dev/null
	MIRIFLAGS=-Zmiri-strict-provenance rustup run $(NIGHTLY) cargo miri test --locked -p admit-c --lib --target-dir target/miri

# What tests need beside Rust, and where Debian has it: those of the C library, and policies in JavaScript.
PACKAGES := gcc g++ clang cmake pkg-config binutils python3 nodejs npm

tools:
	$(call needs,gcc g++ clang clang++ cmake pkg-config nm objcopy readelf $(PYTHON) node npm,$(PACKAGES))

packages:
	@echo $(PACKAGES)

# Stops where tools are missing: their names, and the packages that have them.
define needs
	@missing=$$(for tool in $(1); do command -v $$tool >/dev/null || printf ' %s' $$tool; done); [ -z "$$missing" ] || { \
		echo "missing:$$missing; Debian: apt-get install -y $(2)" >&2; exit 1; }
endef

# Like the C library's, a package of its own.
policy-headers: setup ## hold the header of policies in C against the contract; BLESS=1 writes it
	$(CARGO) run --quiet $(RELEASE) --locked --manifest-path plugins/languages/c-header/Cargo.toml --target-dir target

PREFIX ?= /usr/local

install: setup ## install the C library and its headers under PREFIX=/usr/local, with DESTDIR= before it
	$(call needs,nm ld objcopy strip ar,binutils)
	CARGO="$(CARGO)" bindings/c/install/install.sh "$(DESTDIR)$(abspath $(PREFIX))"

python: $(PYTHON_VENV)/built policies ## build the Python package, test it, and hold its stubs against it
	cd bindings/python && $(CURDIR)/$(PYTHON_VENV)/bin/python -m pytest
	cd bindings/python && $(CURDIR)/$(PYTHON_VENV)/bin/python -m mypy
	cd bindings/python && $(CURDIR)/$(PYTHON_VENV)/bin/python -m mypy.stubtest admit --allowlist tests/stubtest.txt
	cd bindings/python && $(CURDIR)/$(PYTHON_VENV)/bin/python -m pyright --pythonpath $(CURDIR)/$(PYTHON_VENV)/bin/python

FREE_THREADED ?= python3.14t

python-free-threaded: ## the same for a Python without interpreter lock: FREE_THREADED=python3.14t
	@$(MAKE) --no-print-directory python PYTHON=$(FREE_THREADED) PYTHON_VENV=target/python-free-threaded-venv

$(PYTHON_VENV)/installed: bindings/python/requirements.txt
	$(call venv,$(PYTHON_VENV),--no-compile)

# The wheel as users get it. What it is made of: the package, the engine, and what they stand on.
WHEEL_OF = Cargo.toml Cargo.lock $(shell find $(addprefix bindings/python/,Cargo.toml pyproject.toml README.md src python) \
	core plugins/wit -type f -not -path '*/tests/*' -not -path '*/__pycache__/*')
$(PYTHON_VENV)/built: $(PYTHON_VENV)/installed $(WHEEL_OF)
	rm -rf $(PYTHON_VENV)/wheels
	$(PYTHON_VENV)/bin/maturin build $(RELEASE) --locked --manifest-path bindings/python/Cargo.toml \
		--interpreter $(CURDIR)/$(PYTHON_VENV)/bin/python --out $(PYTHON_VENV)/wheels
	$(PYTHON_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-index \
		--force-reinstall $(PYTHON_VENV)/wheels/*.whl
	@touch $@

# A virtual environment with exactly what stands in the requirements: its folder, options of pip.
define venv
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || { \
		echo "Python 3.10 or later with venv is missing ($(PYTHON)); Debian: python3-venv" >&2; exit 1; }
	rm -rf $(1)
	$(PYTHON) -m venv $(1)
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check $(2) \
		--require-hashes --only-binary :all: --requirement $<
	@touch $@
endef

# Packages outside of the workspace: what they depend on is not for what is built here.
APART := tests/fuzz benches/peers benches/peers/guests/extism benches/peers/guests/plain bindings/c/header \
	plugins/languages/c-header $(LANGUAGES)

fmt: setup ## format the code
	$(CARGO) fmt --all
	for package in $(APART); do $(CARGO) fmt --manifest-path $$package/Cargo.toml || exit; done

fmt-check: setup
	$(CARGO) fmt --all -- --check
	for package in $(APART); do $(CARGO) fmt --manifest-path $$package/Cargo.toml -- --check || exit; done

lint: setup ## look for what the compiler and clippy warn of
	$(CARGO) clippy $(RELEASE) --workspace --all-targets --locked -- -D warnings
	for policy in $(LANGUAGES); do \
		$(CARGO) clippy $(RELEASE) --manifest-path $$policy/Cargo.toml --all-targets --locked -- -D warnings || exit; \
	done
	@# The model builds for bare WebAssembly: no clock, no I/O.
	$(CARGO) check $(RELEASE) --locked -p admit-model --target wasm32-unknown-unknown

doc: setup ## build the documentation into target/doc
	$(CARGO) doc $(RELEASE) --workspace --locked --no-deps

bench: setup ## time everything, with the native function and the peers in the same run
	$(CARGO) bench --workspace --locked
	$(BENCH_PEERS)

bench-smoke: setup ## run every bench once
	$(CARGO) bench --workspace --locked -- --test
	$(BENCH_PEERS) -- --test

BENCH_PEERS = CRITERION_HOME=$(CURDIR)/target/criterion $(CARGO) bench --locked --manifest-path benches/peers/Cargo.toml --target-dir target

BENCH_VENV := target/bench-venv
GUESTS := target/wasm32-unknown-unknown/release

bench-python: $(BENCH_VENV)/installed $(PYTHON_VENV)/built policies ## time the Python package, with Rust and the peers in the same run
	$(CARGO) build $(RELEASE) --locked -p admit-benches --example rounds
	for guest in plain extism; do \
		$(CARGO) build $(RELEASE) --locked --manifest-path benches/peers/guests/$$guest/Cargo.toml \
			--target wasm32-unknown-unknown --target-dir target || exit; \
	done
	$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-index \
		--force-reinstall $(PYTHON_VENV)/wheels/*.whl
	$(BENCH_VENV)/bin/python bindings/python/bench/bench.py --rust target/release/examples/rounds --guests $(GUESTS)

$(BENCH_VENV)/installed: bindings/python/bench/requirements.txt
	$(call venv,$(BENCH_VENV))

bench-languages: policies policy-tools ## time the same policy in every language, with the native function in the same run
	$(CARGO) run $(RELEASE) --locked -p admit-benches --example languages

bench-c: policies ## time the C library against Rust in the same run, and say what makes it large
	@$(MAKE) --no-print-directory install PREFIX=target/bench-c
	$(CARGO) build $(RELEASE) --locked -p admit-benches --example rounds
	cc -std=c11 -D_POSIX_C_SOURCE=200809L -O2 -Wall -Wextra -Werror bindings/c/bench/rounds.c -o target/bench-c/rounds \
		-Itarget/bench-c/include -Ltarget/bench-c/lib -ladmit
	$(PYTHON) bindings/c/bench/bench.py --c target/bench-c/rounds --rust target/release/examples/rounds \
		--prefix target/bench-c --symbols target/release/libadmit_c.so

# The compiler that fuzzing and Miri need, and fuzzing's tool: pinned, and used for nothing else.
NIGHTLY := nightly-2026-05-20
CARGO_FUZZ := 0.13.2
FUZZ_SECONDS := 60

fuzz: fuzz-tools ## fuzz what reads input, each target for FUZZ_SECONDS=60
	$(call fuzz-target,callout,tests/corpus/callouts,-max_len=8192)
	$(call fuzz-target,resume,tests/corpus/seed-examples,-max_len=8192)
	$(call fuzz-target,extension,tests/graph/extensions tests/corpus/seed-examples,-max_len=8192)
	@# The sanitizer would watch wasmtime's compiler at work; the engine's own `unsafe` is one call.
	$(call fuzz-target,set_file,tests/corpus/sets,-max_len=8192,--sanitizer none --features engine)
	$(call fuzz-target,facts,,-max_len=4096,--sanitizer none --features engine)

# One target: its name, seeds beside its own, options of libFuzzer, options of cargo-fuzz. What it
# finds worth keeping goes to target/fuzz/corpus, what fails to tests/fuzz/artifacts.
define fuzz-target
	@mkdir -p target/fuzz/corpus/$(1)
	rustup run $(NIGHTLY) target/tools/bin/cargo-fuzz run --fuzz-dir tests/fuzz \
		--target-dir target/fuzz $(4) $(1) \
		target/fuzz/corpus/$(1) tests/fuzz/seeds/$(1) $(2) -- \
		-dict=tests/fuzz/$(1).dict $(3) -timeout=10 -max_total_time=$(FUZZ_SECONDS) \
		-verbosity=0 -print_final_stats=1
endef

fuzz-tools: nightly
	@command -v c++ >/dev/null || { echo "a C++ compiler is missing (c++)" >&2; exit 1; }
	@$(CARGO) install --quiet --locked --root target/tools cargo-fuzz@$(CARGO_FUZZ)

nightly: setup
	@rustup toolchain list | grep -q '^$(NIGHTLY)' || \
		rustup toolchain install $(NIGHTLY) --profile minimal --no-self-update

coverage: setup ## show how many lines of core/model its tests and the corpus run
	@rustup component add llvm-tools 2>/dev/null
	@tests/coverage.sh

policies: setup ## build the policies of the corpus into tests/corpus/components
	@# Of the whole workspace, so that features are those of the tests, and wasmtime is compiled once.
	$(CARGO) build $(RELEASE) --locked --workspace --bin admit
	@mkdir -p tests/corpus/components
	@for policy in plugins/stock/* tests/guests/mail-needed tests/guests/ask tests/guests/say; do \
		name=$$(sed -n 's/^name = "\(.*\)"/\1/p' $$policy/policy.toml | tr - _); \
		target/release/admit build $$policy --output tests/corpus/components/$$name.wasm || exit; \
	done

# What compiles policies in other languages than Rust, as an author installs it.
policy-tools: $(addprefix $(POLICY_TOOLS)/,javascript/installed c/installed python/installed) ## install what compiles policies in other languages than Rust

# The example in TypeScript needs what the one in JavaScript does, and the compiler that checks types.
$(POLICY_TOOLS)/javascript/installed: $(addprefix plugins/examples/typescript/,package.json package-lock.json)
	$(call needs,node npm,nodejs npm)
	rm -rf $(@D)
	mkdir -p $(@D)
	cp $^ $(@D)
	npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(POLICY_TOOLS)/c/installed: plugins/examples/c/requirements.txt
	$(call venv,$(POLICY_TOOLS)/c,--no-compile)

$(POLICY_TOOLS)/python/installed: plugins/examples/python/requirements.txt
	$(call venv,$(POLICY_TOOLS)/python,--no-compile)

cli: policies ## build target/release/admit with the interpreters of Rego and Cedar in it
	$(CARGO) build $(RELEASE) --locked --workspace --bin admit

deny: setup ## check licences and advisories of dependencies (compiles cargo-deny once)
	@command -v cargo-deny >/dev/null || $(CARGO) install --locked cargo-deny
	$(CARGO) deny --all-features check
	for policy in $(LANGUAGES); do $(CARGO) deny --manifest-path $$policy/Cargo.toml check --config deny.toml || exit; done

clean: ## remove what was built
	$(CARGO) clean
	rm -rf tests/corpus/components $(addsuffix /target,$(LANGUAGES))
