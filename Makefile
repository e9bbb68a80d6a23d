# `make run` and `make test` are all that most people need; `make help` tells the rest.

PREFIX     = /usr/local
# Below one's home, what is read there; else the machine's.
own        = $(filter $(HOME)/%,$(PREFIX))
SYSCONFDIR = $(if $(own),$(or $(XDG_CONFIG_HOME),$(HOME)/.config),/etc)
# Where littlectr looks for images that are neither beside it nor beside its stages.conf.
IMAGES     = $(or $(XDG_DATA_HOME),$(HOME)/.local/share)/littlectr/images
DESTDIR    =
SWIFT      = swift
# One static file. Metadata of generic types is made by functions instead of from mangled names, which the runtime would
# take apart at each start: a fifth of all instructions before the child exists. And what a run executes stands side by
# side in the file (scripts/order-functions), which saves fifty page faults.
RELEASE    = -c release -Xswiftc -static-executable \
             -Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors \
             -Xswiftc -use-ld=lld -Xlinker --symbol-ordering-file=scripts/functions.order \
             -Xlinker --no-warn-symbol-ordering
# What `make run` runs, as a shell in the container understands it; bash, or sh in an image without it.
CMD        =
# It goes there as it is, through the environment: no shell of the host's reads it, and make doesn't expand it.
unexport CMD
export RUN_CMD := $(value CMD)

# Directories too: they change when a file goes away.
sources := Package.swift $(shell find Sources 2>/dev/null)
at      = $(DESTDIR)$(PREFIX)

.PHONY: help build run test hostile fuzz lint docs bench bench-check install uninstall clean

help: ## prints this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

build: littlectr ## the static release binary, ./littlectr

# SwiftPM doesn't know of functions.order, and links nothing anew for it: so what was linked before is removed.
littlectr: Makefile scripts/functions.order $(sources)
	rm -f "$$($(SWIFT) build $(RELEASE) --show-bin-path)/littlectr"
	$(SWIFT) build $(RELEASE) --product littlectr
	strip -o .build/littlectr.new "$$($(SWIFT) build $(RELEASE) --show-bin-path)/littlectr"
	mv -f .build/littlectr.new littlectr

run: ## sets up, then runs CMD in a container: make run CMD='cat /etc/os-release'
	@./setup
	@if [ -n "$$RUN_CMD" ]; then ./littlectr run sh -c "$$RUN_CMD"; \
	else ./littlectr run "$$(test -e images/default/bin/bash && echo bash || echo sh)"; fi

test: ## sets up, then runs every test
	@scripts/test

fuzz: ## feeds what reads text with inputs that libFuzzer makes up: FUZZ_SECONDS=120 a target, FUZZ_TARGET=NAME for one
	@./setup --no-image --no-build
	@scripts/fuzz

hostile: build ## attacks the default container; make hostile RUNNER=bwrap compares it with bubblewrap
	@./setup --no-image --no-build --tests
	@RUNNER='$(RUNNER)' scripts/hostile

lint: ## checks format and scripts, then builds and checks the manual pages
	@./setup --no-image --no-build --tests
	@scripts/lint

docs: ## the three libraries and a tutorial as web pages, in .build/docs; needs the Swift toolchain's docc, and no plugin
	@./setup --no-image --no-build
	@scripts/docs

bench: build ## measures littlectr against its floor and other runners
	@./setup --no-image --bench
	Benchmarks/run

bench-check: build ## fails if littlectr has become too slow
	@./setup --no-image --bench
	Benchmarks/run --check

install: build ## installs below PREFIX (/usr/local) and DESTDIR; what is in /etc stays as it is
	install -D -m 755 littlectr $(at)/bin/littlectr
	install -D -m 644 LICENSE $(at)/share/doc/littlectr/LICENSE
	install -d $(at)/share/man/man1 $(at)/share/man/man5 $(DESTDIR)$(SYSCONFDIR)/littlectr \
	  $(at)/share/bash-completion/completions $(at)/share/zsh/site-functions $(at)/share/fish/vendor_completions.d
	umask 022; ./littlectr manual littlectr > $(at)/share/man/man1/littlectr.1
	umask 022; ./littlectr manual stages.conf > $(at)/share/man/man5/stages.conf.5
	umask 022; ./littlectr completion bash > $(at)/share/bash-completion/completions/littlectr
	umask 022; ./littlectr completion zsh > $(at)/share/zsh/site-functions/_littlectr
	umask 022; ./littlectr completion fish > $(at)/share/fish/vendor_completions.d/littlectr.fish
	for file in stages.conf hardened.conf agent.conf; do \
	  test -e $(DESTDIR)$(SYSCONFDIR)/littlectr/$$file || \
	    install -m 644 $$file $(DESTDIR)$(SYSCONFDIR)/littlectr/$$file || exit; \
	done
	@$(if $(DESTDIR),true,scripts/install-images $(if $(own),link,say) '$(IMAGES)')

uninstall: ## removes what install brought, but not /etc/littlectr
	rm -f $(at)/bin/littlectr $(at)/share/man/man1/littlectr.1 $(at)/share/man/man5/stages.conf.5 \
	  $(at)/share/bash-completion/completions/littlectr $(at)/share/zsh/site-functions/_littlectr \
	  $(at)/share/fish/vendor_completions.d/littlectr.fish $(at)/share/doc/littlectr/LICENSE
	-rmdir $(at)/share/doc/littlectr
	@$(if $(DESTDIR),true,scripts/install-images unlink '$(IMAGES)')

clean: ## removes what build made; images stay
	rm -rf .build littlectr Examples/*/.build Fuzz/.build
