#!/usr/bin/env bash
# verify.sh PACK.zip [OLDER.zip] [--key FILE] checks an audit pack with standard tools alone: bash, awk, jq,
# unzip, openssl and coreutils. FILE holds the key that must have signed, a line as in key.txt. It was written from the description of the format, shares nothing with the program that makes
# packs, and says in one line what is wrong first.
#
# A process for each hash would take most of the time. So small things are hashed together: they are written to
# files by number, which one sha256sum reads, and all proofs climb their trees at once, a level at a time.
set -euo pipefail
export LC_ALL=C.UTF-8

refuse() {
	echo "refused: $*"
	exit 1
}

# What reads a pipe reads it to its end (no grep -q): else what writes to it dies of that, and pipefail calls it wrong.

# Hashes are hexadecimal here, in capitals as basenc wants them. Tables have tabs between their columns.
sha() { sha256sum | cut -c1-64 | tr a-f A-F; }
hex() { printf '%s' "$1" | base64 -d | basenc --base16 -w0; } # of base64
table() { LC_ALL=C awk -F '\t' -v OFS='\t' "$@"; }
empty=$(printf '' | sha) # the tree without leaves

# digests FOLDER writes the hash of each file of a folder, in the order of their names.
digests() { find "$1" -type f -print0 | sort -z | xargs -0 -r sha256sum | cut -c1-64 | tr a-f A-F; }

anew() { rm -rf "$1" && mkdir "$1"; }

# leaves FILE writes the hash of the leaf that each line is the data of (RFC 6962, section 2.1).
leaves() {
	anew "$work/leaves"
	awk -v folder="$work/leaves" -v ORS= '{ file = sprintf("%s/%09d", folder, NR); printf "%c", 0 >file; print >file; close(file) }' "$1"
	digests "$work/leaves"
}

# nodes FILE writes the hash of the node above each line, which holds the hashes of two children.
nodes() {
	anew "$work/nodes"
	sed 's/^/01/' "$1" | tr -d '\n' | basenc --base16 -d | split -b 65 -a 7 -d - "$work/nodes/"
	digests "$work/nodes"
}

# deal FOLDER WORD... deals the lines of a table out: each goes to the file of its first column, without it.
deal() {
	local folder=$1
	anew "$folder"
	shift
	(cd "$folder" && touch "$@")
	table -v folder="$folder" '{ print substr($0, length($1) + 2) >folder "/" $1 }'
}

# A climb is what to say when it fails, the root where it ends, the hash where it begins, and the hashes that it
# meets, each with the side where it stands: L or R, and a space behind. The text of what to say begins with a
# number: the lowest is said. That a climb cannot end well is told by a root that no hash is.

# inclusions makes the climb of a leaf to the root (RFC 9162, section 2.1.3.2) of each line with what to say,
# the size of the tree, its root, the place of the leaf, its hash, and the proof.
inclusions() {
	table '
		function up() { at = int(at / 2); last = int(last / 2) }
		{
			at = $4 + 0; last = $2 - 1; meets = ""
			ok = at <= last
			count = split($6, proof, " ")
			for (i = 1; i <= count && ok; i++) {
				ok = last > 0
				left = at % 2 == 1 || at == last
				meets = meets (left ? "L" : "R") proof[i] " "
				while (left && at % 2 == 0 && at > 0) up()
				up()
			}
			print $1, ok && last == 0 ? $3 : "none", $5, meets
		}'
}

# continuations makes the climbs to the root of a tree and to that of one that it begins with (RFC 9162, section
# 2.1.4.2), for each line with what to say, the older size and root, the size and root, and the proof.
continuations() {
	table -v empty="$empty" '
		function up() { at = int(at / 2); last = int(last / 2) }
		function whole(size) { while (size % 2 == 0) size /= 2; return size == 1 }
		{ count = split($6, proof, " "); older = $2 + 0; size = $4 + 0 }
		older == 0 { print $1, count == 0 ? empty : "none", $3, ""; next }
		older == size { print $1, count == 0 ? $5 : "none", $3, ""; next }
		{
			if (whole(older)) { $6 = $3 " " $6; count = split($6, proof, " ") }
			at = older - 1; last = size - 1; before = ""; after = ""
			ok = older < size && count > 0
			while (ok && at % 2 == 1) up()
			for (i = 2; i <= count && ok; i++) {
				ok = last > 0
				left = at % 2 == 1 || at == last
				if (left) before = before "L" proof[i] " "
				after = after (left ? "L" : "R") proof[i] " "
				while (left && at % 2 == 0 && at > 0) up()
				up()
			}
			ok = ok && last == 0
			print $1, ok ? $3 : "none", proof[1], before
			print $1, ok ? $5 : "none", proof[1], after
		}'
}

# climb FILE takes all climbs of a file a level up, until none is left, and refuses for the first that fails.
climb() {
	cp "$1" "$work/climbs"
	: >"$work/hashed"
	: >"$work/failed"
	while [ -s "$work/climbs" ]; do
		table -v failed="$work/failed" '
			known { hash[$1] = $2; next }
			{ here = $3 in hash ? hash[$3] : $3 }
			$4 == "" { if (here != $2) print $1 >>failed; next }
			{ meets = substr($4, 2, 64); print $1, $2, substr($4, 1, 1) == "L" ? meets here : here meets, substr($4, 67) }
		' known=1 "$work/hashed" known=0 "$work/climbs" >"$work/higher"
		mv "$work/higher" "$work/climbs"
		cut -f 3 "$work/climbs" | sort -u >"$work/pairs"
		nodes "$work/pairs" | paste "$work/pairs" - >"$work/hashed"
	done
	[ ! -s "$work/failed" ] || refuse "$(sort -n -s "$work/failed" | head -n 1 | cut -d ' ' -f 2-)"
}

# text NOTE writes what a note signs: all but its last two lines, an empty one and the signature.
text() { head -n -2 "$1"; }

# signed NOTE KEY checks the one signature of a note: Ed25519 over its text, by the key of the line in KEY.
signed() {
	local line key name digest
	key=$(cat "$2")
	name=${key%%+*}
	line=$(tail -n 1 "$1")
	[ "$(tail -n 2 "$1" | head -n 1)" = "" ] && [ "${line% *}" = "— $name" ] || return 1
	local public signature
	public=$(hex "${key#*+*+}")
	signature=$(hex "${line##* }")
	[ ${#public} -eq 66 ] && [ "${public:0:2}" = 01 ] && [ ${#signature} -eq 136 ] || return 1
	digest=$({ printf '%s\n' "$name"; printf '%s' "$public" | basenc --base16 -d; } | sha256sum | cut -c1-8)
	[ "$key" = "$name+$digest+${key#*+*+}" ] && [ "${signature:0:8}" = "${digest^^}" ] || return 1
	printf '302A300506032B6570032100%s' "${public:2}" | basenc --base16 -d >"$work/public"
	printf '%s' "${signature:8}" | basenc --base16 -d >"$work/signature"
	text "$1" >"$work/text"
	openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/public" -rawin -in "$work/text" -sigfile "$work/signature" >/dev/null 2>&1
}

# read_manifest FOLDER deals out what the manifest says to the files of FOLDER.says.
read_manifest() {
	jq -r 'def row(word): map(tostring | gsub("[\\x00-\\x1f]"; "?")) | join("\t") | "\(word)\t\(.)";
		(keys - ["format", "number", "platform", "as_of", "generated_at", "language", "checkpoint", "earlier", "previous", "facts", "sections", "files"] | row("unknown")),
		([.format] | row("format")), ([.number] | row("number")), ([.generated_at] | row("generated_at")), ([.facts] | row("facts")),
		(.checkpoint | [.origin, .size, .root] | row("checkpoint")),
		((.earlier // [.previous // empty])[] | [.number, (.checkpoint | .origin, .size, .root), (.consistency_proof // [] | join(" "))] | row("earlier")),
		(.files[] | [.sha256, .size, .name] | row("files"))' "$1/manifest.json" 2>/dev/null | deal "$1.says" earlier || refuse "the manifest cannot be read"
	case $(cat "$1.says/format") in maillon-pack/[123]) ;; *) refuse "the manifest is of an unknown format" ;; esac
	[ -z "$(cat "$1.says/unknown")" ] || refuse "the manifest says what is not known"
	[ "$(tr '\t' '\n' <"$1.says/checkpoint")" = "$(text "$1/checkpoint.txt")" ] || refuse "the manifest states another checkpoint"
}

# signatures FOLDER checks both signatures: of the checkpoint, and of the manifest with the checkpoint.
signatures() {
	signed "$1/checkpoint.txt" "$1/key.txt" || refuse "the signature of checkpoint.txt is not that of key.txt"
	signed "$1/manifest.sig" "$1/key.txt" || refuse "the signature of manifest.sig is not that of key.txt"
	[ "$(text "$1/manifest.sig")" = "$(printf 'maillon pack manifest\nsha256 %s\n' "$(sha256sum <"$1/manifest.json" | cut -c1-64)"; text "$1/checkpoint.txt")" ] ||
		refuse "manifest.json is not the one that was signed"
}

# stamp INSTANT writes an instant as unzip shows the time of an entry, in even seconds.
stamp() { printf '%s%s%s.%s%s%02d' "${1:0:4}" "${1:5:2}" "${1:8:2}" "${1:11:2}" "${1:14:2}" $((10#${1:17:2} / 2 * 2)); }

# envelope PACK FOLDER holds the ZIP to its one spelling, as far as unzip shows it: plain files that are not
# compressed, of their size and of one time, and nothing beside them and the headers. Beyond four gigabytes
# headers are longer, and unzip sees to it.
envelope() {
	local plain
	plain="-rw-r--r-- 2.0 unx b- stor $(stamp "$(cat "$2.says/generated_at")")"
	unzip -ZlT "$1" | sed '1,/^Zip file size/d;$d' | awk '{ print $1, $2, $3, $5, $7, $8 "\t" $4 "\t" $6 }' >"$work/headers"
	table -v plain="$plain" '{ print plain, $1, $1 }' "$work/sizes" | cmp -s - "$work/headers" || refuse "the headers are not those of the files"
	[ "$(stat -c %s "$1")" -gt 4000000000 ] && return
	[ "$(stat -c %s "$1")" = "$(paste "$work/sizes" "$work/names" | table '{ total += 76 + 2 * length($2) + $1 } END { print total + 22 }')" ] ||
		refuse "there are bytes beside the files"
}

# contents PACK FOLDER holds the entries of an archive to its manifest, which it and its signature lead.
contents() {
	{ printf 'manifest.json\nmanifest.sig\n'; cut -f 3 "$2.says/files"; } >"$work/names"
	unzip -Z1 "$1" | cmp -s - "$work/names" || refuse "the files are not those of the manifest"
	(cd "$2" && tr '\n' '\0' <"$work/names" | xargs -0 stat -c %s --) >"$work/sizes"
	(cd "$2" && tr '\n' '\0' <"$work/names" | xargs -0 sha256sum -z --) | tr '\0' '\n' | cut -c1-64 | paste - "$work/sizes" "$work/names" | tail -n +3 >"$work/there"
	envelope "$1" "$2"
	diff "$2.says/files" "$work/there" >"$work/altered" || refuse "$(grep -m 1 '^>' "$work/altered" | cut -f 3) was altered"
}

# numbers COLUMN... FILE holds columns to whole numbers that awk reckons with exactly, hashed FILE lines to 32 bytes.
numbers() { cut -f "$1" "$2" | tr '\t' '\n' | grep -vE '^(0|[1-9][0-9]{0,14})$' >/dev/null && return 1 || return 0; }
hashed() { grep -qvE '^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$' "$1" && return 1 || return 0; }

# unpack FILE writes hashes that are in base64, a line each, in hexadecimal.
unpack() { base64 -d "$1" | basenc --base16 -w 64; }

# earlier FOLDER ORIGIN SIZE ROOT checks that the trail continues those of the packs before.
earlier() {
	local packs=$1.says/earlier strange
	strange=$(table -v origin="$2" '$2 != origin { print $1; exit }' "$packs")
	[ -z "$strange" ] || refuse "$strange is of another trail"
	cut -f 4,5 "$packs" | tr '\t ' '\n' | sed '/^$/d' >"$work/base64"
	numbers 3 "$packs" && hashed "$work/base64" || refuse "the proof of an earlier pack cannot be read"
	unpack "$work/base64" >"$work/hex"
	table -v hex="$work/hex" -v size="$3" -v root="$4" '{
		getline before <hex
		proof = ""
		for (i = split($5, hashes, " "); i > 0; i--) { getline one <hex; proof = proof one " " }
		print "0 the trail does not continue that of " $1, $3, before, size, root, proof
	}' "$packs" | continuations >"$work/claims"
	climb "$work/claims"
}

# facts FOLDER TRAIL SIZE ROOT checks that each fact is in the trail: its change in the act, the act in the trail.
facts() {
	local all=$1/facts.jsonl of=$1.facts count
	[ -z "$(tail -c 1 "$all")" ] || refuse "the facts do not end"
	jq -r '(.entry | fromjson) as $act | (.change_proof // []) as $in_act | (.entry_proof // []) as $in_trail |
		if .change + .entry | test("[\\x00-\\x1f]") then error else . end |
		"places\t" + ([.index, $act.changes, $act.seq, ($in_act | length), ($in_trail | length), $act.log] | @tsv),
		("hashes\t" + ($act.root, $in_act[], $in_trail[])), "changes\t" + .change, "acts\t" + .entry' "$all" 2>/dev/null |
		deal "$of" places hashes changes acts || refuse "the facts cannot be read"
	count=$(wc -l <"$of/places")
	[ "$count" = "$(cat "$1.says/facts")" ] && [ "$count" = "$(wc -l <"$all")" ] || refuse "the manifest states another number of facts than $count"
	numbers 1-5 "$of/places" && hashed "$of/hashes" || refuse "a proof cannot be read"
	unpack "$of/hashes" >"$of/hex"
	leaves "$of/changes" >"$of/change-leaves"
	leaves "$of/acts" >"$of/act-leaves"
	paste "$of/places" "$of/change-leaves" "$of/act-leaves" | table -v hex="$of/hex" -v trail="$2" -v size="$3" -v root="$4" '
		function proof(count, all, i) {
			for (i = 0; i < count; i++) { getline one <hex; all = all one " " }
			return all
		}
		function claim(says, size, root, place, leaf, way) { print ++claims " fact " NR " " says, size, root, place, leaf, way }
		{ getline of_act <hex }
		$6 != trail { claim("is of another trail", 0) }
		{ claim("is not in its act", $2, of_act, $1, $7, proof($4)) }
		{ claim("is not in the trail", size, root, $3, $8, proof($5)) }
		seen[$3, $1]++ { claim("stands there twice", 0) }
	' | inclusions >"$work/claims"
	climb "$work/claims"
}

# named FOLDER checks that a fact names each file of the folders that facts speak of.
named() {
	local file
	{ grep -oE '"[0-9a-f]{64}"' "$1.facts/changes" || true; } | tr -d '"' | sort -u >"$work/digests"
	file=$(table 'known { digest[$1]; next } $3 ~ /^(files|renditions|evidence)\// && !($1 in digest) { print $3; exit }' known=1 "$work/digests" known=0 "$1.says/files")
	[ -z "$file" ] || refuse "no fact names the file $file"
}

# keys FOLDER checks the statements by which the keys took over, six lines each, and writes a line for each to
# the file "keys": whether the one before named it, and the key.
keys() {
	local said=$1/keys/history.txt before=none first second key
	: >"$1.keys"
	[ -e "$said" ] || return 0
	anew "$work/notes"
	split -l 6 -a 4 -d "$said" "$work/notes/"
	for note in "$work"/notes/*; do
		[ -e "$note" ] && [ "$(wc -l <"$note")" = 6 ] || refuse "keys/history.txt cannot be read"
		{ read -r first; read -r second; read -r key; } <"$note"
		case $first in
		"maillon key handed over") second=${second#from } key=${key#to } ;;
		"maillon key begun") local new=${second#key }; second=${key#after } key=$new ;;
		*) refuse "keys/history.txt cannot be read" ;;
		esac
		[ "$second" = "$before" ] || refuse "keys/history.txt tells of a key that does not follow"
		case $first in *over) echo "$second" ;; *) echo "$key" ;; esac >"$work/signer"
		signed "$note" "$work/signer" || refuse "a signature in keys/history.txt is not good"
		printf '%s\t%s\n' "${first##* }" "$key" >>"$1.keys"
		before=$key
	done
	[ "$before" = "$(cat "$1/key.txt")" ] || refuse "keys/history.txt does not lead to key.txt"
}

# verify PACK FOLDER checks one pack, unpacked into the folder.
verify() {
	local pack=$1 dir=$2 origin size root
	unzip -tqq "$pack" >/dev/null 2>&1 || refuse "$pack is no whole archive"
	unzip -Z1 "$pack" | grep -E '(^/|(^|/)\.\.(/|$)|\\|^[A-Za-z]:)' >/dev/null && refuse "a name leads out of the folder"
	unzip -ZlT "$pack" | grep '^[-d?]' | grep -v ' stor ' >/dev/null && refuse "a file is compressed"
	mkdir "$dir"
	unzip -qq -n "$pack" -d "$dir" </dev/null
	signatures "$dir"
	read_manifest "$dir"
	contents "$pack" "$dir"
	IFS=$'\t' read -r origin size root <"$dir.says/checkpoint"
	root=$(hex "$root")
	earlier "$dir" "$origin" "$size" "$root"
	facts "$dir" "${origin##*/}" "$size" "$root"
	named "$dir"
	keys "$dir"
	echo "$(cat "$dir.says/number"): nothing was altered; $(cat "$dir.says/facts") facts at checkpoint $(tr '\t' ' ' <"$dir.says/checkpoint")"
}

# led KEYS FROM TO says whether a key led to another one, each named by the one before; with status 2 when one
# began anew in between.
led() {
	return "$(table -v from="$(cat "$2")" -v to="$(cat "$3")" '
		found && $1 != "over" { lost = 1 }
		found && $2 == to { reached = 1; exit }
		$2 == from { found = 1 }
		END { print !reached ? 1 : lost ? 2 : 0 }' "$1")"
}

# spelled LINE says whether a line is a key in its one spelling.
spelled() {
	local name=${1%%+*} public digest
	case $name in "" | *[[:space:]]*) return 1 ;; esac
	public=$(hex "${1#*+*+}" 2>/dev/null) || return 1
	[ ${#public} -eq 66 ] && [ "${public:0:2}" = 01 ] || return 1
	digest=$({ printf '%s\n' "$name"; printf '%s' "$public" | basenc --base16 -d; } | sha256sum | cut -c1-8)
	[ "$1" = "$name+$digest+${1#*+*+}" ]
}

# given FILE writes the key that the reader was given: the line of key.txt, with or without its end, or that of
# the signing key that it belongs to.
given() {
	local line seed rest
	[ "$(stat -L -c %s -- "$1")" -le 4096 ] || return 1
	line=$(tr -d '\0' <"$1")
	{ printf '%s' "$line" | cmp -s - "$1" || printf '%s\n' "$line" | cmp -s - "$1"; } || return 1
	rest=${line#PRIVATE+KEY+}
	if [ "$rest" != "$line" ]; then
		seed=$(hex "${rest#*+*+}" 2>/dev/null) && [ ${#seed} -eq 66 ] && [ "${seed:0:2}" = 01 ] || return 1
		line=${rest%"${rest#*+*+}"}$({
			printf '\001'
			printf '302E020100300506032B657004220420%s' "${seed:2}" | basenc --base16 -d | openssl pkey -inform DER -pubout -outform DER 2>/dev/null | tail -c 32
		} | base64 -w0)
	fi
	spelled "$line" && printf '%s\n' "$line"
}

# held PACK [NEWER] holds a pack to the key that was given: it signed, or led to the one that did, or, of an
# older pack, is one that the newer one tells that it led to.
held() {
	[ -e "$work/given" ] || return 0
	local status=0
	if cmp -s "$work/given" "$1/key.txt"; then
		echo "$(cat "$1.says/number"): signed by the key that was given"
		return
	fi
	led "$1.keys" "$work/given" "$1/key.txt" || status=$?
	if [ $status = 0 ]; then
		echo "$(cat "$1.says/number"): signed by a key that the one that was given led to"
	elif [ $# -gt 1 ] && led "$2.keys" "$1/key.txt" "$work/given"; then
		echo "$(cat "$1.says/number"): signed by a key that led to the one that was given"
	elif [ $status = 2 ]; then
		refuse "a key was lost between the one that was given and the one that signed"
	else
		refuse "another key signed than the one that was given"
	fi
}

# since NEWER OLDER holds a pack to one that was kept.
since() {
	cmp -s "$1/key.txt" "$2/key.txt" || led "$1.keys" "$2/key.txt" "$1/key.txt" || refuse "two keys signed the two packs"
	{ cat "$1.says/checkpoint"; cut -f 2-4 "$1.says/earlier"; } | grep -xF "$(cat "$2.says/checkpoint")" >/dev/null || refuse "the trail of the older pack is not continued"
	echo "nothing between the two was rewritten"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
packs=()
while [ $# -gt 0 ]; do
	case $1 in
	--key)
		[ $# -gt 1 ] && [ -r "$2" ] && [ ! -d "$2" ] || refuse "--key wants a file that can be read"
		given "$2" >"$work/line" || refuse "the key that was given cannot be read"
		mv "$work/line" "$work/given"
		shift
		;;
	*) packs+=("$1") ;;
	esac
	shift
done
[ ${#packs[@]} -eq 1 ] || [ ${#packs[@]} -eq 2 ] || refuse "verify.sh PACK.zip [OLDER.zip] [--key FILE]"
verify "${packs[0]}" "$work/pack"
held "$work/pack"
if [ ${#packs[@]} -gt 1 ]; then
	verify "${packs[1]}" "$work/older"
	held "$work/older" "$work/pack"
	since "$work/pack" "$work/older"
fi
