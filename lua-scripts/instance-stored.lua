-- Tells the sidecar that an instance was stored. Fast and best effort: the sidecar also follows
-- /changes and sweeps, so whatever is lost here is found there.
--
-- The trace of an instance begins here (docs/observability.md): its ids are taken from the Orthanc id, which is a SHA-1,
-- as sidecar/src/tracing/storing-trace.ts says.
--
-- The call holds Orthanc's one Lua lock: "HttpTimeout" in orthanc.json is therefore low, and nothing
-- here may raise an error.

local arrivalUrl = os.getenv('NEURONOVA_ARRIVAL_URL')
local arrivalSecret = os.getenv('NEURONOVA_ARRIVAL_SECRET')

-- W3C Trace Context; nil for an id of another form.
local function traceparentOf(instanceId)
  local a, b, c, d, e = string.match(instanceId, '^(%x+)-(%x+)-(%x+)-(%x+)-(%x+)$')
  if e == nil then
    return nil
  end
  return '00-' .. a .. b .. c .. d .. '-' .. e .. a .. '-01'
end

function OnStoredInstance(instanceId, tags, metadata, origin)
  if arrivalUrl == nil or arrivalUrl == '' then
    return
  end
  pcall(function()
    HttpPost(arrivalUrl, '{"instance":"' .. instanceId .. '"}', {
      ['Content-Type'] = 'application/json',
      ['X-Neuronova-Secret'] = arrivalSecret or '',
      ['traceparent'] = traceparentOf(instanceId),
    })
  end)
end
