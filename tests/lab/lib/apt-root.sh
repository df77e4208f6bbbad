# SPDX-License-Identifier: GPL-2.0-only
# A private apt root for one Debian suite, made from this machine's own apt configuration. Sourced by bash.
# Sets: suite, root, source_type.

# machine_sources - print "URI SUITE SIGNED-BY" of every binary source of this machine, both file formats.
# An inline key block becomes a file below build/cache/apt/keys and is named by its path; '-' where none is given.
machine_sources() {
	local list= parts= file
	eval "$(apt-config shell list Dir::Etc::sourcelist/f parts Dir::Etc::sourceparts/d)"
	for file in "$list" "$parts"*.list; do
		[ -r "$file" ] && one_line_sources "$file"
	done
	for file in "$parts"*.sources; do
		[ -r "$file" ] && deb822_sources "$file"
	done
	return 0
}

# deb [signed-by=FILE ...] URI SUITE COMPONENT...
one_line_sources() {
	awk '$1 == "deb" {
		key = "-"
		if (match($0, /\[[^]]*\]/)) {
			n = split(substr($0, RSTART + 1, RLENGTH - 2), option, " ")
			for (i = 1; i <= n; i++)
				if (option[i] ~ /^signed-by=/) key = substr(option[i], 11)
			sub(/\[[^]]*\]/, "")
			$0 = $0
		}
		print $2, $3, key
	}' "$1"
}

deb822_sources() {
	mkdir -p "$cache/apt/keys"
	awk -v keys="$cache/apt/keys/${1##*/}" '
	function flush_stanza(  i, j, nu, ns, uri, name) {
		if (("types" in f) && f["types"] ~ /(^| )deb( |$)/ && f["enabled"] !~ /^ *(no|false)/) {
			key = f["signed-by"]
			if (key ~ /BEGIN PGP/) { file = keys "." ++count ".asc"; printf "%s", key > file; close(file); key = file }
			gsub(/^ +| +$/, "", key); gsub(/ +/, ",", key)
			nu = split(f["uris"], uri, " "); ns = split(f["suites"], name, " ")
			for (i = 1; i <= nu; i++) for (j = 1; j <= ns; j++) print uri[i], name[j], key == "" ? "-" : key
		}
		delete f; last = ""
	}
	/^#/ { next }
	/^[ \t]*$/ { flush_stanza(); next }
	/^[ \t]/ { line = $0; sub(/^[ \t]+/, "", line); if (line == ".") line = ""
		f[last] = f[last] (last == "signed-by" ? line "\n" : " " line); next }
	{ last = tolower(substr($0, 1, index($0, ":") - 1)); value = substr($0, index($0, ":") + 1)
		sub(/^[ \t]+/, "", value); f[last] = value }
	END { flush_stanza() }' "$1"
}

# suite_of KIND - the name of the wanted suite's base, updates or security archive; sid has only the first
suite_of() {
	case $1/$suite in
	base/*) printf '%s' "$suite" ;;
	*/sid) return 1 ;;
	*) printf '%s-%s' "$suite" "$1" ;;
	esac
}

# write_sources KIND... - the private sources.list: this machine's mirrors, the wanted suite
write_sources() {
	local codename uri name key kind
	codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
	machine_sources | while read -r uri name key; do
		case $name in
		"$codename" | stable | oldstable | oldoldstable) kind=base ;;
		"$codename-updates" | *stable-updates) kind=updates ;;
		"$codename-security" | *stable-security) kind=security ;;
		*) continue ;;
		esac
		[[ " $* " = *" $kind "* ]] && name=$(suite_of "$kind") || continue
		if [ "$key" = - ]; then key=; else key=" [signed-by=$key]"; fi
		printf '%s%s %s %s main\n' "$source_type" "$key" "$uri" "$name"
	done | sort -u >"$root/sources.list"
	[ -s "$root/sources.list" ] || die "this machine's apt configuration names no Debian archive of its own suite ($codename)"
}

write_conf() {
	cat >"$root/apt.conf" <<-END
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		Dir::State "$root/state";
		Dir::State::status "/dev/null";
		Dir::Cache "$root/cache";
		Dir::Cache::pkgcache "pkgcache.bin";
		Dir::Cache::srcpkgcache "srcpkgcache.bin";
		Dir::Etc::sourcelist "$root/sources.list";
		Dir::Etc::sourceparts "$root/none";
		Dir::Etc::preferences "$root/none.pref";
		Dir::Etc::preferencesparts "$root/none";
		APT::Architecture "amd64";
		APT::Architectures { "amd64"; };
		APT::Get::AllowUnauthenticated "false";
		Acquire::AllowInsecureRepositories "false";
		Acquire::AllowWeakRepositories "false";
		APT::Update::Error-Mode "any";
		Acquire::Languages "none";
		Acquire::Retries "2";
		$([ "$(id -u)" != 0 ] || echo 'APT::Sandbox::User "root";')
	END
}

# apt_run PROGRAM ARG... - an apt program on the private root
apt_run() { "$1" -c "$root/apt.conf" "${@:2}"; }

# apt_root_open SUITE [deb-src] - set suite and root, and hold the root's lock; sources have a root of their own
apt_root_open() {
	suite=$1 source_type=${2:-deb}
	case $suite in *[!a-z]* | '') die "'$suite' is not the name of a suite" ;; esac
	root=$cache/apt/$suite
	[ "$source_type" = deb ] || root+=-src
	mkdir -p "$root"/{state/lists/partial,cache/archives/partial,none,debs}
	lock_take "$root/lock"
	write_conf
}

try_update() {
	write_sources "$@"
	apt_run apt-get -q update >"$root/update.log" 2>&1
}

# apt_root_update - fetch the signed index; a suite without updates and security archives is fine
apt_root_update() {
	say "$suite: fetching the package index"
	rm -f "$root/updated"
	if ! try_update base updates security && ! try_update base security && ! try_update base; then
		grep -E '^(E|W|Err)' "$root/update.log" | head -n 4 >&2 || true
		grep -qE '404|does not have a Release file|no longer has a Release' "$root/update.log" &&
			skip "the mirror has no suite $suite"
		die "$suite: no verified package index (see ${root#"$top"/}/update.log)"
	fi
	touch "$root/updated"
}

apt_root_update_once() { [ -e "$root/updated" ] || apt_root_update; }
