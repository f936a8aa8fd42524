PREFIX ?= /usr/local
DESTDIR ?=
NODE ?= h100-mig-mixed

EXECUTABLE := .build/release/gpu-sessions
TEXTFILE := /var/lib/node_exporter/textfile_collector/gpu_sessions.prom
SIZE_LIMIT := 15000000
SWIFT_FILES := Sources Tests Package.swift

.DEFAULT_GOAL := help
.PHONY: help build install demo known-node test lint format golden coverage size clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build the static release executable
	swift build -c release

install: ## Copy the release executable to $(DESTDIR)$(PREFIX)/bin; run `make build` first
	@test -x $(EXECUTABLE) || { echo "make install: $(EXECUTABLE) is missing: run 'make build' first" >&2; exit 1; }
	install -D -m 0755 $(EXECUTABLE) "$(DESTDIR)$(PREFIX)/bin/gpu-sessions"

demo: known-node build ## Run it against a recorded node, no GPU needed; NODE=NAME picks one
	@rm -rf .build/demo && mkdir -p .build/demo
	@status=0; \
	GPU_SESSIONS_FIXTURE=Fixtures/nodes/$(NODE) $(EXECUTABLE) \
	  --nvidia-smi Fixtures/bin/nvidia-smi --host-root Fixtures/nodes/$(NODE)/root \
	  --output .build/demo/gpu_sessions.prom || status=$$?; \
	if [ -f .build/demo/gpu_sessions.prom ]; then cat .build/demo/gpu_sessions.prom; fi; \
	echo; \
	if [ $$status -gt 1 ]; then echo "gpu-sessions failed with exit status $$status"; exit $$status; fi; \
	echo "This is what gpu-sessions publishes on the node $(NODE), with exit status $$status."; \
	echo "On a node of your own it goes to $(TEXTFILE)"

known-node:
	@test -d "Fixtures/nodes/$(NODE)" && test -n "$(NODE)" || { \
	  echo "make demo: there is no node '$(NODE)'; these are there:" >&2; \
	  ls Fixtures/nodes | sed 's/^/  /' >&2; exit 1; }

test: ## Run all tests, after installing the tools they need
	Tests/Tools/setup.sh
	swift build -c release
	swift test
	python3 Tests/Tools/derive_mig_xml.py --check
	python3 Tests/Tools/fixtures.py
	python3 Tests/Tools/show_agrees.py
	python3 Tests/Tools/node_exporter.py
	python3 Tests/Tools/scale.py

lint: ## Check format, imports, sizes and the house rules
	Tests/Tools/lint.sh

format: ## Format the Swift code in place
	swift format --in-place --recursive --parallel $(SWIFT_FILES)

golden: ## Regenerate Fixtures/nodes/*/expected.* and the excerpts in the README
	Tests/Tools/setup.sh
	swift build
	python3 Tests/Tools/fixtures.py --write
	python3 Tests/Tools/readme_excerpt.py --write

coverage: ## Report line coverage of Sources by the Swift tests
	swift test --enable-code-coverage
	@beside="$$(dirname "$$(readlink -f "$$(command -v swift)")")/llvm-cov"; \
	test -x "$$beside" || beside=llvm-cov; \
	"$$beside" report --ignore-filename-regex='(Tests|\.build)/' \
	  --instr-profile=.build/debug/codecov/default.profdata \
	  .build/debug/gpu-sessionsPackageTests.xctest > .build/coverage.txt; \
	cat .build/coverage.txt; \
	awk '$$1 == "TOTAL" { print "Line coverage: " $$10 }' .build/coverage.txt

size: build ## Fail if the stripped release executable is too large or not static
	@strip -o .build/gpu-sessions.stripped $(EXECUTABLE)
	@bytes=$$(stat -c %s .build/gpu-sessions.stripped); \
	echo "$$bytes bytes stripped, limit $(SIZE_LIMIT)"; \
	test "$$bytes" -le $(SIZE_LIMIT) || { echo "make size: $(EXECUTABLE) is too large" >&2; exit 1; }
	@headers=$$(LC_ALL=C readelf -lW $(EXECUTABLE)) || exit 1; \
	case "$$headers" in *INTERP*) echo "make size: $(EXECUTABLE) is dynamically linked" >&2; exit 1 ;; esac

clean: ## Remove everything built
	rm -rf .build
