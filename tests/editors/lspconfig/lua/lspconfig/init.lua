-- A stand-in for nvim-lspconfig: what its help says of `configs`, `default_config` and `setup`, and no more.
return setmetatable({}, {
  __index = function(_, name)
    local config = require('lspconfig.configs')[name].default_config
    local function setup(settings)
      local final = vim.tbl_deep_extend('force', config, settings, { name = name })
      vim.api.nvim_create_autocmd('FileType', {
        pattern = final.filetypes,
        callback = function(event)
          local root = final.root_dir(vim.api.nvim_buf_get_name(event.buf), event.buf)
          if root then vim.lsp.start({ name = name, cmd = final.cmd, root_dir = root }) end
        end,
      })
    end
    return { setup = setup }
  end,
})
