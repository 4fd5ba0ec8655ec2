#!/bin/sh
# Redis knows its password only as a hash, and who has the password cannot administer it: no CONFIG, no SHUTDOWN,
# no FLUSHALL. BullMQ asks for INFO.
set -o errexit -o nounset
umask 077

hash="$(tr -d '\n' < /run/secrets/redis-password | sha256sum | cut -d ' ' -f 1)"
printf 'user default on #%s ~* &* +@all -@admin -flushall -flushdb -swapdb -keys +info\n' "$hash" > /tmp/users.acl

# No port but the one of TLS. Clients show a password, not a certificate.
exec redis-server --aclfile /tmp/users.acl --port 0 --tls-port 6379 --tls-auth-clients no \
  --tls-cert-file /run/secrets/redis-certificate --tls-key-file /run/secrets/redis-key \
  --tls-ca-cert-file /run/secrets/store-ca --dir /data --appendonly yes --appendfsync everysec --save "" \
  --maxmemory 768mb --maxmemory-policy noeviction
