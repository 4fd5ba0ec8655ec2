#!/bin/sh
# Redis knows its password only as a hash, and who has the password cannot administer it: no CONFIG, no SHUTDOWN,
# no FLUSHALL. BullMQ asks for INFO.
set -o errexit -o nounset
umask 077

hash="$(tr -d '\n' < /run/secrets/redis-password | sha256sum | cut -d ' ' -f 1)"
printf 'user default on #%s ~* &* +@all -@admin -flushall -flushdb -swapdb -keys +info\n' "$hash" > /tmp/users.acl

exec redis-server --aclfile /tmp/users.acl --dir /data --appendonly yes --appendfsync everysec --save "" \
  --maxmemory 768mb --maxmemory-policy noeviction
