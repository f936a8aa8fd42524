PREFIX ?= /usr/local
DESTDIR ?=
NODE ?= h100-mig-mixed

VERSION := $(shell sed -n 's/^package let version = "\(.*\)"/\1/p' Sources/GPUSessions/Version.swift)
IMAGE ?= gpu-sessions:$(VERSION)
CONTAINER_TOOL ?= docker
PLATFORMS ?=
# More options of `CONTAINER_TOOL build`, such as --build-arg SWIFT_IMAGE=….
BUILD_OPTIONS ?=
# podman and buildah make one image of several platforms only where a manifest list is asked for.
NAMED = $(if $(PLATFORMS),$(if $(filter podman buildah,$(notdir $(CONTAINER_TOOL))),--manifest,--tag),--tag)
# The commit, with -dirty where the tree differs from it.
DESCRIBE := git describe --always --exclude '*' --abbrev=40 --dirty

EXECUTABLE := .build/release/gpu-sessions
TEXTFILE_DIRECTORY ?= /var/lib/node_exporter/textfile_collector
UNITS ?= /etc/systemd/system
BINARY = $(PREFIX)/bin/gpu-sessions
# What the executable prints about itself, and where below share it is installed.
DOCUMENTS := man=man/man1/gpu-sessions.1 bash=bash-completion/completions/gpu-sessions \
  zsh=zsh/site-functions/_gpu-sessions fish=fish/vendor_completions.d/gpu-sessions.fish
PLACES = -e "s|@EXECUTABLE@|$(BINARY)|" -e "s|@DIRECTORY@|$(TEXTFILE_DIRECTORY)|" \
  -e "s|@OUTPUT@|$(TEXTFILE_DIRECTORY)/gpu_sessions.prom|"
# In bytes, of the stripped executable. make bench reads it here.
SIZE_LIMIT := 9000000
# Of each fuzz target, and which of them; empty: all.
FUZZ_SECONDS ?= 10
FUZZ_TARGETS ?=
# Of make bench; python3 Tests/Bench/bench.py --help lists them.
BENCH_OPTIONS ?=
SWIFT_FILES := Sources Tests Package.swift

.DEFAULT_GOAL := help
.PHONY: help version build install install-cron install-systemd install-systemd-units install-package-files uninstall known-executable package release release-check image demo known-node check test faults bench bench-smoke lint format golden coverage fuzz sanitize e2e bare-metal hardware-check size clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

version: ## Print the version, as Sources/GPUSessions/Version.swift says it
	@echo $(VERSION)

build: ## Build the static release executable
	swift build -c release

install: known-executable ## Install executable, manual page and completions below $(DESTDIR)$(PREFIX)
	install -D -m 0755 $(EXECUTABLE) "$(DESTDIR)$(BINARY)"
	@strip "$(DESTDIR)$(BINARY)"
	@for file in $(DOCUMENTS); do \
	  install -d "$(DESTDIR)$(PREFIX)/share/$$(dirname "$${file#*=}")" && \
	  $(EXECUTABLE) help --format "$${file%%=*}" >"$(DESTDIR)$(PREFIX)/share/$${file#*=}" && \
	  chmod 0644 "$(DESTDIR)$(PREFIX)/share/$${file#*=}" || exit 1; done

install-cron: install ## Run it every minute by cron; TEXTFILE_DIRECTORY is what node_exporter reads
	install -d "$(DESTDIR)$(TEXTFILE_DIRECTORY)" "$(DESTDIR)/etc/cron.d"
	sed $(PLACES) packaging/cron/gpu-sessions >"$(DESTDIR)/etc/cron.d/gpu-sessions"
	chmod 0644 "$(DESTDIR)/etc/cron.d/gpu-sessions"

install-systemd-units:
	install -d "$(DESTDIR)$(UNITS)"
	for unit in gpu-sessions.service gpu-sessions.timer; do \
	  sed $(PLACES) packaging/systemd/$$unit >"$(DESTDIR)$(UNITS)/$$unit" && chmod 0644 "$(DESTDIR)$(UNITS)/$$unit" || exit 1; done

install-package-files:
	install -d "$(DESTDIR)$(TEXTFILE_DIRECTORY)" "$(DESTDIR)/DEBIAN"
	for script in postinst prerm postrm; do \
	  sed $(PLACES) packaging/deb/$$script >"$(DESTDIR)/DEBIAN/$$script" && chmod 0755 "$(DESTDIR)/DEBIAN/$$script" || exit 1; done
	sed $(PLACES) packaging/rpm/gpu-sessions.spec >"$(SPEC)"

install-systemd: install install-systemd-units ## Run it every minute by a systemd timer
	install -d "$(DESTDIR)$(TEXTFILE_DIRECTORY)"
	if [ -z "$(DESTDIR)" ] && [ -d /run/systemd/system ]; then \
	  systemctl daemon-reload && systemctl enable --now gpu-sessions.timer; fi

uninstall: ## Remove what the install targets have installed, and the published file
	if [ -z "$(DESTDIR)" ] && [ -d /run/systemd/system ] && [ -e "$(UNITS)/gpu-sessions.timer" ]; then \
	  systemctl disable --now gpu-sessions.timer; fi
	rm -f "$(DESTDIR)/etc/cron.d/gpu-sessions" "$(DESTDIR)$(UNITS)/gpu-sessions.service" "$(DESTDIR)$(UNITS)/gpu-sessions.timer"
	if [ -x "$(DESTDIR)$(BINARY)" ]; then \
	  "$(DESTDIR)$(BINARY)" remove --output "$(DESTDIR)$(TEXTFILE_DIRECTORY)/gpu_sessions.prom"; fi
	rm -f "$(DESTDIR)$(BINARY)" $(foreach file,$(DOCUMENTS),"$(DESTDIR)$(PREFIX)/share/$(lastword $(subst =, ,$(file)))")
	if [ -z "$(DESTDIR)" ] && [ -d /run/systemd/system ]; then systemctl daemon-reload; fi

known-executable:
	@test -x $(EXECUTABLE) || { echo "make install: $(EXECUTABLE) is missing: run 'make build' first" >&2; exit 1; }

package: build ## Build a .deb, and a tarball with its .spec for rpmbuild, in .build/packages
	packaging/package.sh $(VERSION)

release: ## Build what is published of a version in .build/dist: executable, packages, chart, SBOM and checksums
	Tests/Tools/setup.sh release
	packaging/release.sh $(VERSION)

release-check: ## Build the release in two different places and compare every byte
	Tests/Tools/setup.sh release
	cd Tests/Release && ../../.build/tools/bin/python -m unittest -v test_release

image: ## Build the container image IMAGE, with CONTAINER_TOOL; PLATFORMS=linux/amd64,linux/arm64 for both
	$(CONTAINER_TOOL) build $(if $(PLATFORMS),--platform $(PLATFORMS)) $(NAMED) $(IMAGE) $(BUILD_OPTIONS) \
	  --build-arg VERSION=$(VERSION) --build-arg REVISION=$$($(DESCRIBE) 2>/dev/null || echo unknown) .

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
	echo "On a node of your own it goes to $(TEXTFILE_DIRECTORY)/gpu_sessions.prom"; \
	[ $$status -eq 0 ] || exit 0; \
	printf 'This is what gpu-sessions show --from FILE makes of it:\n\n'; \
	$(EXECUTABLE) show --from .build/demo/gpu_sessions.prom

known-node:
	@test -d "Fixtures/nodes/$(NODE)" && test -n "$(NODE)" || { \
	  echo "make demo: there is no node '$(NODE)'; these are there:" >&2; \
	  ls Fixtures/nodes | sed 's/^/  /' >&2; exit 1; }

check: lint ## Lint, Swift tests and every recorded node, in three minutes at most; installs nothing
	swift test
	python3 Tests/Tools/fixtures.py --executable .build/debug/gpu-sessions
	python3 Tests/Tools/show_agrees.py --executable .build/debug/gpu-sessions
	python3 Tests/Tools/show_from.py --executable .build/debug/gpu-sessions

test: ## Run all tests, after installing the tools they need
	Tests/Tools/setup.sh
	swift build -c release
	swift test
	python3 Tests/Tools/fixtures.py --executable .build/release/gpu-sessions
	python3 Tests/Tools/show_agrees.py
	python3 Tests/Tools/show_from.py --executable .build/release/gpu-sessions
	python3 Tests/Tools/show_from.py --executable .build/release/gpu-sessions --scale
	python3 Tests/Tools/node_exporter.py
	python3 Tests/Tools/readme_excerpt.py --executable .build/release/gpu-sessions
	python3 Tests/Tools/real_containerd.py
	.build/tools/bin/python Tests/Tools/modules.py Tests/Packaging Tests/EndToEnd Tests/Chart Tests/Bench
	python3 Tests/Tools/scale.py
	python3 -m unittest discover --start-directory Tests/Faults --pattern test_publishing.py

faults: build ## Kill it before every system call, fail each of them, and whatever else a node may do to it
	Tests/Tools/setup.sh
	python3 -m unittest discover --start-directory Tests/Faults

bench: build ## Measure it beside a C floor, a shell collector and what users run instead; BENCH_OPTIONS="--nodes 64"
	Tests/Tools/setup.sh bench peers
	python3 Tests/Bench/bench.py $(BENCH_OPTIONS)

bench-smoke: build ## Fail if it makes more system calls or takes more instructions than Tests/Bench/recorded.json says
	Tests/Tools/setup.sh bench
	python3 Tests/Bench/smoke.py

e2e: build ## As root: the chart's pod in a real containerd, read by a real node_exporter and Prometheus
	Tests/Tools/setup.sh end-to-end
	.build/tools/bin/python Tests/EndToEnd/end_to_end.py

bare-metal: build ## As root: install, run, upgrade and remove the packages on a Debian with systemd, in systemd-nspawn
	Tests/Tools/setup.sh machine
	python3 Tests/EndToEnd/bare_metal.py

hardware-check: build ## On a machine with a GPU: compare what is published with nvidia-smi's own tables, and capture them
	python3 Tests/EndToEnd/hardware_check.py --executable $(EXECUTABLE)

lint: ## Check format, imports, sizes and the house rules
	Tests/Tools/lint.sh

format: ## Format the Swift code in place
	swift format --in-place --recursive --parallel $(SWIFT_FILES)

golden: ## Regenerate Fixtures/nodes/*/expected.*, what is generated in the READMEs, chart/dashboards and packaging/prometheus
	Tests/Tools/setup.sh
	swift build
	python3 Tests/Tools/fixtures.py --write
	python3 Tests/Tools/readme_excerpt.py --write --executable .build/debug/gpu-sessions
	python3 Tests/Tools/dashboards --write
	.build/tools/bin/python Tests/Chart/values_table.py --write
	.build/tools/bin/python Tests/Chart/plain_rules.py --write

coverage: ## Report line coverage of Sources by the Swift tests
	swift test --enable-code-coverage
	@beside="$$(dirname "$$(readlink -f "$$(command -v swift)")")/llvm-cov"; \
	test -x "$$beside" || beside=llvm-cov; \
	"$$beside" report --ignore-filename-regex='(Tests|\.build)/' \
	  --instr-profile=.build/debug/codecov/default.profdata \
	  .build/debug/gpu-sessionsPackageTests.xctest > .build/coverage.txt; \
	cat .build/coverage.txt; \
	awk '$$1 == "TOTAL" { print "Line coverage: " $$10 }' .build/coverage.txt

fuzz: ## Fuzz every parser and the whole program, FUZZ_SECONDS each; FUZZ_TARGETS="table pmon" for some
	Tests/Fuzz/fuzz.sh $(FUZZ_SECONDS) $(FUZZ_TARGETS)

# Skipped: a limit on the size of files, which the one test needs, breaks the thread sanitizer's own memory, a mapped file;
# what the other one frees goes to the sanitizer's own heap.
sanitize: ## Run the Swift tests under the address sanitizer, then under the thread sanitizer
	swift test --disable-xctest --sanitize=address --scratch-path .build/asan --skip whatIsFreeIsGivenBackWhileWaiting
	swift test --disable-xctest --sanitize=thread --scratch-path .build/tsan --skip whatAKilledRunLeavesIsCleared --skip whatIsFreeIsGivenBackWhileWaiting

size: build ## Fail if the stripped release executable is too large or not static
	@strip -o .build/gpu-sessions.stripped $(EXECUTABLE)
	@bytes=$$(stat -c %s .build/gpu-sessions.stripped); \
	echo "$$bytes bytes stripped, limit $(SIZE_LIMIT)"; \
	test "$$bytes" -le $(SIZE_LIMIT) || { echo "make size: $(EXECUTABLE) is too large" >&2; exit 1; }
	@headers=$$(LC_ALL=C readelf -lW $(EXECUTABLE)) || exit 1; \
	case "$$headers" in *INTERP*) echo "make size: $(EXECUTABLE) is dynamically linked" >&2; exit 1 ;; esac

clean: ## Remove everything built
	rm -rf .build
