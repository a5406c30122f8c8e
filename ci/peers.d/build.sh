# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# shellcheck disable=SC2154 # ci/peers sets what is not set here
# The first part of ci/peers, sourced by it: installs and builds what the names need, and starts ci/peers anew for the second part.
# What cannot be had is found out there, name by name.

heading "installing and building"
purpose=peers
[[ -z $program || "${names[*]}" != wine* ]] || purpose=winrpc
"$project/ci/install-dependencies" "$purpose" || true
{ configure_preset release && build_preset release rpcancel; } || give_up "the build failed"
if [[ ${names[*]} == *wine* ]]; then
    # The compiler for Windows may be new on this machine.
    rm -f "$project"/build/release/rpcancel-win{rpc,wire}.exe
    build_preset release rpcancel-winrpc rpcancel-winwire || true
fi
mkdir -p "$out" || give_up "cannot make the folder $out"
arguments=("${names[@]}" --out "$(realpath "$out")")
[[ -z $program ]] || arguments+=(--program "$(realpath "$program")")
((!renewing)) || arguments+=(--renew)
export RPCANCEL_PEERS_BUILT=1
((EUID)) || exec "$project/ci/peers" "${arguments[@]}"
unshare --user --map-root-user true 2>/dev/null || give_up "cannot make a user namespace: run it as root"
exec unshare --user --map-root-user "$project/ci/peers" "${arguments[@]}"
