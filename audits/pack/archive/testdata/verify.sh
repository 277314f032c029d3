#!/usr/bin/env bash
# verify.sh PACK.zip [OLDER.zip] checks an audit pack with standard tools alone: bash, unzip, jq, sha256sum,
# openssl, basenc. It was written from the description of the format, shares nothing with the program that
# makes packs, and says in one line what is wrong first.
set -euo pipefail
export LC_ALL=C.UTF-8

refuse() {
	echo "refused: $*"
	exit 1
}

# Hashes are hexadecimal here, in capitals as basenc wants them.
sha() { sha256sum | cut -c1-64 | tr a-f A-F; }
leaf() { { printf '\0'; cat; } | sha; }                              # RFC 6962, section 2.1
node() { printf '01%s%s' "$1" "$2" | basenc --base16 -d | sha; }
hex() { printf '%s' "$1" | base64 -d | basenc --base16 -w0; }        # of base64

# included SIZE ROOT INDEX LEAF HASH... checks that a leaf is in a tree (RFC 9162, section 2.1.3.2).
included() {
	local size=$1 root=$2 fn=$3 sn=$(($1 - 1)) r=$4
	shift 4
	[ "$fn" -lt "$size" ] || return 1
	local p
	for p in "$@"; do
		[ "$sn" -ne 0 ] || return 1
		if ((fn & 1)) || ((fn == sn)); then
			r=$(node "$p" "$r")
			while ! ((fn & 1)) && ((fn != 0)); do fn=$((fn >> 1)) sn=$((sn >> 1)); done
		else
			r=$(node "$r" "$p")
		fi
		fn=$((fn >> 1)) sn=$((sn >> 1))
	done
	[ "$sn" -eq 0 ] && [ "$r" = "$root" ]
}

# continued OLD OLDROOT NEW NEWROOT HASH... checks that a tree begins with another (RFC 9162, section 2.1.4.2).
continued() {
	local first=$1 first_root=$2 second=$3 second_root=$4
	shift 4
	if [ "$first" -eq "$second" ]; then
		[ $# -eq 0 ] && [ "$first_root" = "$second_root" ]
		return
	fi
	[ "$first" -gt 0 ] && [ "$first" -lt "$second" ] || return 1
	local path=("$@")
	((first & (first - 1))) || path=("$first_root" "$@")
	[ ${#path[@]} -gt 0 ] || return 1
	local fn=$((first - 1)) sn=$((second - 1))
	while ((fn & 1)); do fn=$((fn >> 1)) sn=$((sn >> 1)); done
	local fr=${path[0]} sr=${path[0]} c
	for c in "${path[@]:1}"; do
		[ "$sn" -ne 0 ] || return 1
		if ((fn & 1)) || ((fn == sn)); then
			fr=$(node "$c" "$fr") sr=$(node "$c" "$sr")
			while ! ((fn & 1)) && ((fn != 0)); do fn=$((fn >> 1)) sn=$((sn >> 1)); done
		else
			sr=$(node "$sr" "$c")
		fi
		fn=$((fn >> 1)) sn=$((sn >> 1))
	done
	[ "$sn" -eq 0 ] && [ "$fr" = "$first_root" ] && [ "$sr" = "$second_root" ]
}

# text NOTE writes what a note signs: all but its last two lines, an empty one and the signature.
text() { head -n -2 "$1"; }

# signed NOTE KEY checks the one signature of a note: Ed25519 over its text, by the key of the line in KEY.
signed() {
	local line key name
	key=$(cat "$2")
	name=${key%%+*}
	line=$(tail -n 1 "$1")
	[ "$(tail -n 2 "$1" | head -n 1)" = "" ] && [ "${line% *}" = "— $name" ] || return 1
	local public signature
	public=$(hex "${key#*+*+}")
	signature=$(hex "${line##* }")
	[ ${#public} -eq 66 ] && [ "${public:0:2}" = 01 ] && [ ${#signature} -eq 136 ] || return 1
	printf '302A300506032B6570032100%s' "${public:2}" | basenc --base16 -d >"$work/public"
	printf '%s' "${signature:8}" | basenc --base16 -d >"$work/signature"
	text "$1" >"$work/text"
	openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/public" -rawin -in "$work/text" -sigfile "$work/signature" >/dev/null 2>&1
}

# names holds the entries of an archive to those of its manifest, which it and its signature lead.
names() {
	[ "$(unzip -Z1 "$1")" = "$(printf 'manifest.json\nmanifest.sig\n'; jq -r '.files[].name' "$2/manifest.json")" ]
}

# facts checks that each fact is in the trail: its change in the act, the act in the log. A list of hashes
# begins with a dot, since read takes nothing between two tabs for no field at all.
facts() {
	local dir=$1 size=$2 root=$3 log=$4 n=0 index changes act_root seq change_proof entry_proof change entry
	[ -z "$(tail -c 1 "$dir/facts.jsonl")" ] || refuse "the facts do not end"
	: >"$work/changes"
	: >"$work/places"
	while IFS=$'\t' read -r index changes act_root seq in_log change entry change_proof entry_proof; do
		n=$((n + 1))
		[ "$in_log" = "$log" ] || refuse "fact $n is of another trail"
		printf '%s' "$change" | base64 -d >"$work/change"
		# shellcheck disable=SC2046,SC2086 # proofs are lists of words
		included "$changes" "$(hex "$act_root")" "$index" "$(leaf <"$work/change")" $(for h in ${change_proof#.}; do hex "$h"; echo; done) ||
			refuse "fact $n is not in its act"
		# shellcheck disable=SC2046,SC2086
		included "$size" "$root" "$seq" "$(printf '%s' "$entry" | base64 -d | leaf)" $(for h in ${entry_proof#.}; do hex "$h"; echo; done) ||
			refuse "fact $n is not in the trail"
		grep -qx "$seq $index" "$work/places" && refuse "fact $n stands there twice"
		echo "$seq $index" >>"$work/places"
		cat "$work/change" >>"$work/changes"
	done < <(jq -r '(.entry | fromjson) as $e | [.index, $e.changes, $e.root, $e.seq, $e.log, (.change | @base64), (.entry | @base64),
		([".", (.change_proof // [])[]] | join(" ")), ([".", (.entry_proof // [])[]] | join(" "))] | @tsv' "$dir/facts.jsonl")
	[ "$n" = "$(jq .facts "$dir/manifest.json")" ] || refuse "the manifest states another number of facts than $n"
}

# nothing_beside holds the size of an archive to that of its files and of the headers around them, as they
# are for entries that are not compressed. Beyond four gigabytes headers are longer, and unzip sees to it.
nothing_beside() {
	local total=22 sum=0 name size
	while IFS= read -r name; do
		size=$(stat -c %s "$2/$name")
		sum=$((sum + size))
		total=$((total + size + 76 + 2 * $(printf '%s' "$name" | wc -c)))
	done < <(printf 'manifest.json\nmanifest.sig\n'; jq -r '.files[].name' "$2/manifest.json")
	[ "$(stat -c %s "$1")" -gt 4000000000 ] && return
	[ "$(stat -c %s "$1")" -eq "$total" ] && unzip -Zt "$1" | grep -q " $sum bytes uncompressed, $sum bytes compressed"
}

# verify PACK FOLDER checks one pack, unpacked into the folder.
verify() {
	local pack=$1 dir=$2
	unzip -tqq "$pack" >/dev/null 2>&1 || refuse "$pack is no whole archive"
	unzip -Z1 "$pack" | grep -qE '(^/|(^|/)\.\.(/|$)|\\|^[A-Za-z]:)' && refuse "a name leads out of the folder"
	mkdir "$dir"
	unzip -qq -n "$pack" -d "$dir" </dev/null
	signed "$dir/checkpoint.txt" "$dir/key.txt" || refuse "the signature of checkpoint.txt is not that of key.txt"
	signed "$dir/manifest.sig" "$dir/key.txt" || refuse "the signature of manifest.sig is not that of key.txt"
	[ "$(text "$dir/manifest.sig")" = "$(printf 'maillon pack manifest\nsha256 %s\n' "$(sha256sum <"$dir/manifest.json" | cut -c1-64)"; text "$dir/checkpoint.txt")" ] ||
		refuse "manifest.json is not the one that was signed"
	case $(jq -r .format "$dir/manifest.json") in maillon-pack/[123]) ;; *) refuse "the manifest is of an unknown format" ;; esac
	names "$pack" "$dir" || refuse "the files are not those of the manifest"
	nothing_beside "$pack" "$dir" || refuse "there are bytes beside the files"
	local name digest bytes
	while IFS=$'\t' read -r name digest bytes; do
		[ "$(sha256sum <"$dir/$name" | cut -c1-64)" = "$digest" ] && [ "$(stat -c %s "$dir/$name")" = "$bytes" ] || refuse "$name was altered"
	done < <(jq -r '.files[] | [.name, .sha256, .size] | @tsv' "$dir/manifest.json")
	local origin size root
	{ read -r origin; read -r size; read -r root; } < <(text "$dir/checkpoint.txt")
	[ "$(jq -r '.checkpoint | .origin, .size, .root' "$dir/manifest.json")" = "$(printf '%s\n%s\n%s' "$origin" "$size" "$root")" ] ||
		refuse "the manifest states another checkpoint"
	root=$(hex "$root")
	local number of before before_root proof
	while IFS=$'\t' read -r number of before before_root proof; do
		# shellcheck disable=SC2046,SC2086
		[ "$of" = "$origin" ] || refuse "$number is of another trail"
		continued "$before" "$(hex "$before_root")" "$size" "$root" $(for h in $proof; do hex "$h"; echo; done) ||
			refuse "the trail does not continue that of $number"
	done < <(jq -r '(.earlier // [.previous // empty])[] | [.number, .checkpoint.origin, .checkpoint.size, .checkpoint.root, ((.consistency_proof // []) | join(" "))] | @tsv' "$dir/manifest.json")
	facts "$dir" "$size" "$root" "${origin##*/}"
	while read -r digest; do
		grep -qF "\"$digest\"" "$work/changes" || refuse "no fact names the file of digest $digest"
	done < <(jq -r '.files[] | select(.name | test("^(files|renditions|evidence)/")) | .sha256' "$dir/manifest.json")
	echo "$(jq -r .number "$dir/manifest.json"): nothing was altered; $(jq .facts "$dir/manifest.json") facts at checkpoint $(text "$dir/checkpoint.txt" | tr '\n' ' ')"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
verify "$1" "$work/pack"
if [ $# -gt 1 ]; then
	verify "$2" "$work/older"
	cmp -s "$work/pack/key.txt" "$work/older/key.txt" || refuse "two keys signed the two packs"
	jq -e --slurpfile older "$work/older/manifest.json" '[.checkpoint, (.earlier // [] | .[].checkpoint)] | index($older[0].checkpoint) != null' \
		"$work/pack/manifest.json" >/dev/null || refuse "the trail of the older pack is not continued"
	echo "nothing between the two was rewritten"
fi
