-- Tells the sidecar that an instance was stored. Fast and best effort: the sidecar also follows
-- /changes and sweeps, so whatever is lost here is found there.
--
-- The call holds Orthanc's one Lua lock: "HttpTimeout" in orthanc.json is therefore low, and nothing
-- here may raise an error.

local arrivalUrl = os.getenv('NEURONOVA_ARRIVAL_URL')
local arrivalSecret = os.getenv('NEURONOVA_ARRIVAL_SECRET')

function OnStoredInstance(instanceId, tags, metadata, origin)
  if arrivalUrl == nil or arrivalUrl == '' then
    return
  end
  pcall(function()
    HttpPost(arrivalUrl, '{"instance":"' .. instanceId .. '"}', {
      ['Content-Type'] = 'application/json',
      ['X-Neuronova-Secret'] = arrivalSecret or '',
    })
  end)
end
