#!/bin/bash
# Gives Orthanc its two secrets, then becomes the image's own entry point, which expands ${…} in /etc/orthanc/*.json
# and merges ORTHANC__… into it. Never set VERBOSE_STARTUP: the image would print the whole configuration.
set -o errexit -o nounset -o pipefail

arrival_secret="$(< /run/secrets/arrival-secret)"
orthanc_password="$(< /run/secrets/orthanc-password)"

# Lua reads this one with os.getenv. (To the image, a name ending in _SECRET is that of a file in /run/secrets: no file
# has this name, so it makes nothing of it.)
export NEURONOVA_ARRIVAL_SECRET="$arrival_secret"
# What Orthanc shows the sidecar, and what the sidecar and nginx show Orthanc: lua-scripts/authorization-filter.lua.
export NEURONOVA_SERVICE_AUTHORIZATION="Basic $(printf 'orthanc:%s' "$arrival_secret" | base64 --wrap=0)"
export NEURONOVA_ORTHANC_AUTHORIZATION="Basic $(printf 'neuronova:%s' "$orthanc_password" | base64 --wrap=0)"
# The account that the image's own health probe shows.
# Secrets are base64url: nothing in them needs quoting in JSON.
export ORTHANC__REGISTERED_USERS="{\"neuronova\": \"$orthanc_password\"}"

# Of compose.scale.yaml alone.
if [[ -r /run/secrets/orthanc-database-password ]]; then
  export ORTHANC__POSTGRESQL__PASSWORD="$(< /run/secrets/orthanc-database-password)"
fi
if [[ -r /run/secrets/object-storage-secret-key ]]; then
  export ORTHANC__AWS_S3_STORAGE__SECRET_KEY="$(< /run/secrets/object-storage-secret-key)"
fi

exec /docker-entrypoint.sh "$@"
