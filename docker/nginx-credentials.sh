#!/bin/sh
# Writes Orthanc's Basic credentials where nginx/compose/orthanc-credentials.conf includes them from. The nginx image
# runs every script of /docker-entrypoint.d before it starts nginx.
set -o errexit -o nounset
umask 077

credentials="$(printf 'neuronova:%s' "$(cat /run/secrets/orthanc-password)" | base64 | tr -d '\n')"
printf 'map $host $orthanc_authorization { default "Basic %s"; }\n' "$credentials" > /tmp/orthanc-credentials.conf
