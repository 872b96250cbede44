BEGIN { site["domain_attach_iommu"] }
/: repro .*begin$/ { delete on; hit = ""; where = "" }
/ attach[a-z_]*: \(/ && !/_ret: / {
	match($0, /dom=[^ ]*/)
	dom[$1] = substr($0, RSTART + 4, RLENGTH - 4)
	match($0, /gid="[^"]*/)
	gid[$1] = substr($0, RSTART + 5, RLENGTH - 5)
}
/ attach[a-z_]*_ret: .* ret=0$/ { on[gid[$1]] = dom[$1] }
/ detach[a-z_]*: \(/ {
	match($0, /gid="[^"]*/)
	delete on[substr($0, RSTART + 5, RLENGTH - 5)]
}
/ domain_free: \(/ {
	match($0, /dom=[^ ]*/)
	freed = substr($0, RSTART + 4, RLENGTH - 4)
	for (g in on) if (on[g] == freed) delete on[g]
}
/^ => / { sub(/\..*/, "", $2); if ($2 in site) where = " in " $2 "()" }
/, (hit|not reached)$/ { hit = $0; sub(/.*: /, "", hit) }
/: repro .*end$/ {
	delete seen; count = 0
	for (g in on) if (!(on[g] in seen)) { seen[on[g]]; count++ }
	line = $0; sub(/.*: repro /, "", line); sub(/ ?end$/, "", line)
	print line " " hit where ": domains " count
}
