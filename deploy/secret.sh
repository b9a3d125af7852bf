#!/bin/sh
# Makes the root secret that all nodes share, once: 32 random bytes in base64, readable by their owner alone.
# Whole or absent: a file that was begun is not taken for the secret.
set -eu
file=${1:?the file}
umask 077
if [ ! -s "$file" ]; then
    head -c 32 /dev/urandom | base64 >"$file.new"
    sync "$file.new"
    mv "$file.new" "$file"
    echo "made $file; keep a copy of it with the backups of the database"
fi
