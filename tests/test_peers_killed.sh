#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# ci/peers, killed: whatever ends it or one of its children, at whatever moment, leaves no process, no namespace, no mount and no file.
# The project it runs in is a folder of its own, in which rpcancel and the runtime are scripts that would stay: both leave processes
# behind that heed no signal, and files.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

if ! unshare --net --pid --fork --mount-proc true 2>/dev/null && ! unshare --user --map-root-user --net --pid --fork true 2>/dev/null; then
    echo "not run: this system lets us make no namespaces"
    exit 0
fi

# ---- a project ----
mkdir -p project/build/release project/tests modules/impacket temporary out
ln -s "$TEST_SOURCE_DIRECTORY/corpus" project/corpus
cp -r "$TEST_SOURCE_DIRECTORY/ci" project/ci
touch modules/impacket/__init__.py # what ci/peers asks for
cat >stays <<'SCRIPT'
#!/bin/bash
# stays NAME: says that it runs, in the file NAME of the folder LEFT; leaves a file in the folder of ci/peers, and two processes.
trap '' HUP INT TERM
mktemp >/dev/null
(setsid sleep 300 &) # one that is nobody's child, and holds what it inherits
(exec setsid sleep 301 0</dev/null >/dev/null 2>&1 10>&- 11>&- 12>&- 60>&- 61>&- 62>&- 63>&-) & # and one that holds nothing
readlink /proc/self/ns/net /proc/self/ns/pid /proc/self/ns/mnt >>"$LEFT/namespaces"
: >"$LEFT/$1"
[[ $1 != server ]] || echo "listening on 127.0.0.1:4135"
sleep 302 & wait; wait
SCRIPT
chmod +x stays
printf '#!/bin/bash\nexec "%s" check\n' "$work/stays" >project/build/release/rpcancel
chmod +x project/build/release/rpcancel
printf 'import os\nos.execv("%s", ["%s", "server"])\n' "$work/stays" "$work/stays" >project/tests/impacket_server.py

mark=peers_killed_$$_$RANDOM
# ours: prints the processes that have our mark in their environment: all that ci/peers has started, and itself.
ours() {
    grep -las "PEERS_TEST_MARK=$mark" /proc/[0-9]*/environ | sed 's|/proc/||; s|/.*||'
}

# process_of PATTERN: prints the one of ours whose command line matches, the first if there are more.
process_of() {
    local process
    for process in $(ours); do
        if tr '\0' ' ' <"/proc/$process/cmdline" 2>/dev/null | grep -Eq -- "$1"; then
            echo "$process"
            return
        fi
    done
}

# await_moment MOMENT PROCESS: until it has come: begun (the process is ci/peers), server (that listens), check (that runs).
await_moment() {
    for ((try = 0; try < 400; try++)); do
        if [[ $1 == begun ]]; then
            ! grep -qa ci/peers "/proc/$2/cmdline" || return 0
        elif [[ -e $LEFT/$1 ]]; then
            return 0
        fi
        sleep 0.05
    done
    complain "the moment $1 did not come"
    finish
    exit 1
}

# nothing_left WHAT: what must be so within ten seconds.
nothing_left() {
    local try left
    for ((try = 0; try < 200; try++)); do
        left=$(ours | tr '\n' ' ')
        left+=$(find temporary -mindepth 1 | head -n 3)
        [[ $left ]] || break
        sleep 0.05
    done
    if [[ $left ]]; then
        complain "$1 leaves processes or files: $left"
        ours | xargs -r kill -KILL
        rm -rf temporary/*
    fi
    diff mounts <(sed 's/^[0-9]* [0-9]* //' /proc/self/mountinfo | grep -F "$work") >said || complain "$1 leaves a mount"
    # A namespace without a process is held by a mount, or by somebody's descriptor.
    if [[ -s $LEFT/namespaces ]] && find /proc/[0-9]*/ns /proc/[0-9]*/fd -lname '*:\[*' -printf '%l\n' 2>/dev/null |
        grep -Fxq -f "$LEFT/namespaces"; then
        complain "$1 leaves a namespace"
    fi
}
sed 's/^[0-9]* [0-9]* //' /proc/self/mountinfo | grep -F "$work" >mounts

# killed SIGNAL WHOM MOMENT: runs ci/peers, and sends the signal to the one whose command line matches, or to ci/peers itself (-).
killed() {
    local whom
    export LEFT=$work/left
    rm -rf "$LEFT"
    mkdir "$LEFT"
    set -m # so that SIGINT is not ignored
    PEERS_TEST_MARK=$mark TMPDIR=$work/temporary PYTHONPATH=$work/modules RPCANCEL_PEERS_BUILT=1 \
        project/ci/peers impacket --out "$work/out" >said 2>&1 &
    set +m
    local peers=$!
    await_moment "$3" "$peers"
    whom=$peers
    [[ $2 == - ]] || whom=$(process_of "$2")
    if [[ $whom ]]; then
        kill "-$1" "$whom" || complain "there was no $whom to kill any more"
    else
        complain "there is no process like $2"
    fi
    # Where ci/peers goes on, it is not what is asked here.
    [[ $2 == - ]] || { sleep 0.3 && kill -TERM "$peers" 2>/dev/null; }
    wait "$peers" 2>/dev/null
    nothing_left "SIG$1 to ${2/#-/ci\/peers}, $3,"
}

for signal in INT TERM KILL; do
    for moment in begun server check; do
        killed "$signal" - "$moment"
    done
done
for signal in TERM KILL; do
    killed "$signal" '^unshare ' check
    killed "$signal" 'stays server' check
    killed "$signal" 'stays check' check
    killed "$signal" 'bash .*ci/peers impacket --out [^ ]* *$' server
done
finish
