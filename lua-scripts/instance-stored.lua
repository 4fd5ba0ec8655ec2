-- Tells the sidecar that instances were stored. Fast and best effort: the sidecar also follows /changes and sweeps, so
-- whatever is lost here is found there.
--
-- One stored after a while is told of at once. The sidecar then follows /changes closely for some seconds
-- (sidecar/src/arrival/reception.ts), so that of a burst it needs to hear once in a second: a call for each image would
-- hold Orthanc's one Lua lock, which every request needs, for a tenth of the time. What was not told goes with the next.
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

-- Stored, and not told of. No more of them are kept than a notification may have.
local LONGEST = 500
local untold = {}
local toldAt = 0

-- The trace is of the instance stored last; those of the others are known from their ids.
local function tell(instanceId)
  local instances = '"' .. table.concat(untold, '","') .. '"'
  untold = {}
  HttpPost(arrivalUrl, '{"instances":[' .. instances .. ']}', {
    ['Content-Type'] = 'application/json',
    ['X-Neuronova-Secret'] = arrivalSecret or '',
    ['traceparent'] = traceparentOf(instanceId),
  })
end

function OnStoredInstance(instanceId, tags, metadata, origin)
  if arrivalUrl == nil or arrivalUrl == '' then
    return
  end
  if #untold < LONGEST then
    table.insert(untold, instanceId)
  end
  local now = os.time()
  if now == toldAt then
    return
  end
  -- Also when nobody answers: the next try is a second later, and Orthanc is not stalled by each image.
  toldAt = now
  pcall(tell, instanceId)
end
