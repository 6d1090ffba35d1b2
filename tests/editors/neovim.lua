-- What a person does in Neovim, and what they see: written as JSON into the file that SEEN names.
local seen = { version = tostring(vim.version().major) .. '.' .. vim.version().minor .. '.' .. vim.version().patch }

local function wait(what, condition)
  if not vim.wait(30000, condition, 10) then error('waited in vain for ' .. what) end
end

local function codes(buffer)
  return vim.tbl_map(function(found)
    local sent = found.user_data and found.user_data.lsp or {}
    return { code = found.code or sent.code, message = found.message, line = found.lnum + 1, column = found.col }
  end, vim.diagnostic.get(buffer))
end

local function shows(buffer, code)
  for _, found in ipairs(codes(buffer)) do
    if found.code == code then return true end
  end
  return false
end

local function open(path, code)
  vim.cmd('edit ' .. path)
  local buffer = vim.api.nvim_get_current_buf()
  wait(code, function() return shows(buffer, code) end)
  return buffer
end

local function text(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
end

local function hover()
  vim.lsp.buf.hover()
  local shown
  wait('the hover', function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= '' then
        shown = text(vim.api.nvim_win_get_buf(window))
        vim.api.nvim_win_close(window, true)
        return true
      end
    end
  end)
  return shown
end

-- Choose the action whose title has these words; all titles that were offered.
local function act(words)
  local titles, chosen = {}, false
  vim.ui.select = function(items, options, choose)
    local wanted
    for _, item in ipairs(items) do
      local title = options.format_item(item)
      titles[#titles + 1] = title
      if not wanted and title:find(words, 1, true) then wanted = item end
    end
    chosen = true
    choose(wanted)
  end
  vim.lsp.buf.code_action()
  wait('the actions', function() return chosen end)
  return titles
end

local function mend(buffer, words, code)
  local before = text(buffer)
  local titles = act(words)
  wait('the edit', function() return text(buffer) ~= before end)
  vim.cmd('silent wall')
  wait('the end of ' .. code, function() return not shows(buffer, code) end)
  return { actions = titles, left = codes(buffer) }
end

local function session()
  local index = open('drizzle/0005_index_assets_by_room.sql', 'work-under-exclusive-lock')
  seen.diagnostics = codes(index)
  seen.hover = hover()
  seen.index = mend(index, 'CONCURRENTLY', 'work-under-exclusive-lock')
  local required = open('drizzle/0006_require_locale.sql', 'set-not-null-scans')
  seen.required = mend(required, 'Split', 'set-not-null-scans')
  local get = vim.lsp.get_clients or vim.lsp.get_active_clients
  local clients = get()
  seen.clients = #clients
  seen.encoding = clients[1].offset_encoding
  seen.root = clients[1].config.root_dir
  seen.messages = vim.api.nvim_exec('messages', true)
  vim.lsp.stop_client(clients)
  wait('the end of the server', function() return #get() == 0 end)
end

local fine, problem = xpcall(session, debug.traceback)
seen.problem = not fine and problem or nil
vim.fn.writefile({ vim.fn.json_encode(seen) }, vim.env.SEEN)
vim.cmd('qall!')
