#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# docs/scale.md: pictures and tables are of the figures in docs/scale, and ci/scale-charts makes of figures what they say. What measures
# them, ci/scale, takes an hour and is no test.
# shellcheck source-path=SCRIPTDIR source=script.sh
source "$(dirname "$0")/script.sh"

charts=$TEST_SOURCE_DIRECTORY/ci/scale-charts
docs=$TEST_SOURCE_DIRECTORY/docs

# ---- what is in the repository ----

cp -r "$docs/scale" kept
cp "$docs/scale.md" kept.md
rm kept/*.svg
holds "$charts" kept kept.md
cmp kept.md "$docs/scale.md" || complain "the tables in docs/scale.md are not of the figures in docs/scale: ci/scale draw"
for picture in growth curves fleet; do
    cmp "kept/$picture.svg" "$docs/scale/$picture.svg" || complain "docs/scale/$picture.svg is not of the figures there: ci/scale draw"
    holds xmllint --noout "kept/$picture.svg"
    grep -q "](scale/$picture.svg)" kept.md || complain "docs/scale.md does not show $picture.svg"
done
# The totals that shares are of are those of the search.
holds "$TEST_BUILD_DIRECTORY/rpcancel" explore --earlier 0
says '^explore: 640 states, 2797 pairs, 72468 edges, '
grep -q '^core,1,1,0,[0-9]*,640,2797,72468,' "$docs/scale/growth.csv" || complain "growth.csv has other figures for one call than the search"

# ---- figures that are made up ----

mkdir made
cat >made/growth.csv <<'END'
feature,calls,threads,earlier,depth,states,pairs,edges,bytes a pair,end
core,1,1,0,5,10,20,100,50.5,closed
core,2,1,0,9,100,500,9000,40,closed
core,3,1,0,4,1000,5000,90000,40,open
END
cat >made/kills.csv <<'END'
engine,mutant,seed,executions,operations,found
libfuzzer,early,1,5,9,1
libfuzzer,early,2,7,9,1
libfuzzer,early,3,1,9,1
libfuzzer,late,1,100,9,0
libfuzzer,late,2,90,9,1
libfuzzer,late,3,100,9,0
libfuzzer,early,4,1,9,1
END
cat >made/curves.csv <<'END'
engine,seed,executions,operations,states,edges,pairs,rules
libfuzzer,1,1,4,64,1,1,43
libfuzzer,2,1,4,32,2,1,43
libfuzzer,3,1,4,320,3,1,43
libfuzzer,1,10,40,320,10,1,86
libfuzzer,2,10,40,640,20,1,86
libfuzzer,3,10,40,640,30,1,80
libfuzzer,1,200,400,640,10,1,86
END
for name in growth saturation latest; do printf '<!-- table %s -->\nold\n<!-- end -->\n' "$name"; done >made.md
expect_of 0 '' "$charts" made made.md
cp made.md said
says '^\| 1 call \| 1 \| 5 \| 10 \| 20 \| 100 \| × 1 \| closed \|$'
says '^\| 2 calls \| 1 \| 9 \| 100 \| 500 \| 9,000 \| × 25 \| closed \|$'
says '^\| 3 calls \| 1 \| ≥ 4 \| ≥ 1,000 \| ≥ 5,000 \| ≥ 90,000 \| ≥ × 250 \| open \|$'
# Medians of three seeds: 10 % of the states at once, all after ten executions; the last line, of one seed alone, counts for nothing.
says '^\| libFuzzer \| states \| 10 \| 10 \| 10 \| 10 \| 100\.0 % \| 10 \|$'
says '^\| libFuzzer \| rules \| 1 \| 10 \| 10 \| 10 \| 100\.0 % \| 10 \|$'
says '^\| libFuzzer \| edges \| – \| – \| – \| – \| 0\.0 % \| 10 \|$'
# Half of the mutants, and the fourth seed, which is not whole, left out.
says '^\| libFuzzer \| mutants \| 10 \| – \| – \| – \| 50\.0 % \| 10 \|$'
# shellcheck disable=SC2016 # these stand for themselves
says '^\| libFuzzer \| `late` \| ≥ 100 \| 1 of 3 \|$'
# shellcheck disable=SC2016
says '^\| libFuzzer \| `early` \| 5 \| 3 of 3 \|$'
! grep -q old made.md || complain "what stood in the place of a table is still there"
[[ -e made/growth.svg && -e made/curves.svg && ! -e made/fleet.svg ]] || complain "not the pictures that there are figures for"

# ---- what cannot be ----

echo 'feature' >made/growth.csv
expect_of 3 'growth\.csv is not what ci/scale writes: expected the columns feature,calls' "$charts" made
rm made/*
echo "" >made.md
cp "$docs/scale/growth.csv" made
expect_of 3 'made\.md has no place for the table growth' "$charts" made made.md
expect_of 2 'found 0 arguments' "$charts"
expect_of 2 'found "nonsense", expected growth, wire, datagrams, curves, kills, fleet or draw' "$TEST_SOURCE_DIRECTORY/ci/scale" nonsense
expect_of 2 '--out needs a folder' "$TEST_SOURCE_DIRECTORY/ci/scale" --out

finish
