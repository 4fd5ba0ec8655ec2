-- Guards Orthanc's REST API and DICOMweb: nothing passes but what the sidecar grants.
--
-- The sidecar itself, and nginx after the sidecar has decided, show Orthanc's own account: they pass unasked. Only
-- nginx's internal locations add it; a copy that a client sends is replaced there. For everybody else the sidecar is
-- asked, by the tokens of the request. Orthanc's authorization plugin asks the same service; where it runs, this script
-- asks about what the plugin lets slip: everything that is not a plain GET, and downloads.
--
-- Anything but an explicit grant is a denial: HttpPost answers nil when nobody listens, and "" (which is true in Lua)
-- on HTTP 500. The call holds Orthanc's one Lua lock, so the service calls nothing that would call Orthanc back.
--
-- Settings, by environment (docs/orthanc-authorization.md):
--   NEURONOVA_AUTHORIZATION_URL      the service, without a trailing slash
--   NEURONOVA_SERVICE_AUTHORIZATION  what Orthanc shows the service: "Basic …"
--   NEURONOVA_ORTHANC_AUTHORIZATION  Orthanc's own account, as the sidecar and nginx show it: "Basic …"
--   NEURONOVA_AUTHORIZATION_PLUGIN   "true" where the plugin decides about reading

local serviceUrl = os.getenv('NEURONOVA_AUTHORIZATION_URL')
local serviceAuthorization = os.getenv('NEURONOVA_SERVICE_AUTHORIZATION')
local ownAuthorization = os.getenv('NEURONOVA_ORTHANC_AUTHORIZATION')
local pluginDecidesReads = os.getenv('NEURONOVA_AUTHORIZATION_PLUGIN') == 'true'

local tokenHeaders = { 'authorization', 'token', 'api-key' }

-- Takes the same time wherever the first difference is.
local function same(given, expected)
  if expected == nil or expected == '' or given == nil or #given ~= #expected then
    return false
  end
  local differences = 0
  for position = 1, #expected do
    if string.byte(given, position) ~= string.byte(expected, position) then
      differences = differences + 1
    end
  end
  return differences == 0
end

local function isForThePlugin(method, uri)
  return pluginDecidesReads and method == 'GET'
    and string.match(uri, '/archive/?$') == nil and string.match(uri, '/media/?$') == nil
end

local function tokensOf(headers)
  local tokens = {}
  for _, name in ipairs(tokenHeaders) do
    local value = headers[name]
    if value ~= nil and value ~= '' then
      table.insert(tokens, { key = name, value = value })
    end
  end
  return tokens
end

local function isGranted(method, uri, tokens)
  if serviceUrl == nil or serviceUrl == '' then
    return false
  end
  local question = DumpJson({ method = method, uri = uri, tokens = tokens }, true)
  local answer = HttpPost(serviceUrl .. '/requests/decide', question, {
    ['Content-Type'] = 'application/json',
    ['Authorization'] = serviceAuthorization or '',
  })
  if type(answer) ~= 'string' or answer == '' then
    return false
  end
  local verdict = ParseJson(answer)
  return type(verdict) == 'table' and verdict['granted'] == true
end

local function mayPass(method, uri, headers)
  if same(headers['authorization'], ownAuthorization) then
    return true
  end
  if isForThePlugin(method, uri) then
    return true
  end
  local tokens = tokensOf(headers)
  return #tokens > 0 and isGranted(method, uri, tokens)
end

function IncomingHttpRequestFilter(method, uri, ip, username, httpHeaders)
  local worked, granted = pcall(mayPass, method, uri, httpHeaders or {})
  return worked and granted == true
end
