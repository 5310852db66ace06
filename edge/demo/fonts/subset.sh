#!/bin/sh
# Cuts the fonts of the demonstration down to the characters that it writes; see README.md beside this file.
# Needs: npm, python3, and in that Python `pip install fonttools brotli`. Takes an empty scratch folder as its argument.
set -eu
scratch=${1:?usage: subset.sh SCRATCH_FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$scratch"
(cd "$scratch" && npm init -y >/dev/null && npm install --no-audit --no-fund \
    @fontsource/noto-sans-sc@5.3.0 @fontsource/noto-serif-sc@5.3.0 @fontsource/zhi-mang-xing@5.3.0 @fontsource/long-cang@5.3.0 >/dev/null)

# Print writes everything that stands in the sources; hands write only names, places, purposes and amounts.
cat "$here"/../src/words/*.rs "$here"/../src/documents/*.rs "$here"/../src/documents/forms/*.rs >"$scratch/print.txt"
cat "$here"/../src/words/*.rs >"$scratch/hand.txt"
latin='U+0020-007E,U+00A5,U+00B7,U+2014,U+3001,U+3002,U+FF08,U+FF09,U+FF0C,U+FF10-FF1A,U+FFE5'

cut() { # name, characters
    python3 -m fontTools.ttLib.woff2 decompress -o "$scratch/$1.ttf" \
        "$scratch/node_modules/@fontsource/$1/files/$1-chinese-simplified-400-normal.woff2"
    python3 -m fontTools.subset "$scratch/$1.ttf" \
        --text-file="$2" --unicodes="$latin" --no-hinting --layout-features='' --name-IDs='0,1,2,13,14' \
        --output-file="$here/$1.ttf"
    cp "$scratch/node_modules/@fontsource/$1/LICENSE" "$here/$1.LICENSE"
}
cut noto-serif-sc "$scratch/print.txt"
cut noto-sans-sc "$scratch/print.txt"
cut zhi-mang-xing "$scratch/hand.txt"
cut long-cang "$scratch/hand.txt"
